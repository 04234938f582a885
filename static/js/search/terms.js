// @ts-check
/**
 * What is searched for, as one test of a moment.
 *
 *     words            every word stands in the function, the kind, the text or an argument; "two words" as one
 *     page 24          the fault, the step or the argument is about this page
 *     0xb6fbd000       the stage mentions this number
 *     page == 24       anything with a sign in it is a condition, as for breakpoints
 */

import { compile } from "../expression/compile.js";
import { paramsOf } from "../stops/parse.js";

/** @typedef {import("../moment.js").Moment} Moment */
/** @typedef {{test: (moment: Moment) => boolean, rows: [string, string][]}} Wanted */

const TERM = /page[: ]\s*(\d+)(?!\S)|"([^"]+)"?|(\S+)/gi;
const ABOUT_PAGE = ["index", "pgoff", "offset", "page"];

/** @param {string} query @param {Record<string, any>} functions @returns {Wanted | null} null when nothing is asked; throws a Mistake */
export function termsOf(query, functions) {
  if (!query.trim()) return null;
  if (/[=<>!&|]/.test(query)) return compile(query, paramsOf(functions));
  const tests = [...query.matchAll(TERM)].map(([, page, quoted, word]) => {
    if (page) return aboutPage(Number(page));
    const text = (quoted ?? word).toLowerCase();
    return /^0x[0-9a-f]+$/.test(text) ? mentions(Number(text), text) : says(text);
  });
  return { test: (moment) => tests.every((test) => test(moment)), rows: [] };
}

/** @param {number} page @returns {Wanted["test"]} */
function aboutPage(page) {
  const said = new RegExp(`\\bpage ${page}\\b`);
  return ({ stage, fault }) =>
    fault?.page === page ||
    (stage.args && ABOUT_PAGE.some((name) => stage.args[name] === page)) ||
    stage.args?.vmf?.pgoff === page ||
    (stage.text ? said.test(stage.text) : false);
}

/** @param {number} number @param {string} text @returns {Wanted["test"]} */
const mentions = (number, text) => ({ stage }) =>
  some(stage.args, (value) => value === number) ||
  stage.ret === number ||
  !!stage.text?.includes(text) ||
  !!stage.changes?.some((/** @type {any} */ [, , , after]) => after === number || (Array.isArray(after) && after.includes(number)));

/** @param {string} word @returns {Wanted["test"]} */
function says(word) {
  /** Whether a name or a word of the model has it: there are few different ones. @type {Map<string, boolean>} */
  const known = new Map();
  const has = (/** @type {string | undefined} */ name) => {
    if (!name) return false;
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = name.toLowerCase().includes(word);
    known.set(name, found);
    return found;
  };
  return ({ stage }) =>
    has(stage.fn) ||
    has(stage.kind) ||
    (stage.text ? stage.text.toLowerCase().includes(word) : false) ||
    (typeof stage.ret === "string" && stage.ret.toLowerCase().includes(word)) ||
    some(stage.args, (value) => typeof value === "string" && value.toLowerCase().includes(word));
}

/** Whether a value, or one inside it, passes. @param {any} value @param {(value: any) => boolean} wanted @returns {boolean} */
function some(value, wanted) {
  if (value === null || typeof value !== "object") return wanted(value);
  for (const name in value) if (some(value[name], wanted)) return true;
  return false;
}
