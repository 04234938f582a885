// @ts-check
/**
 * From a condition's tree to a test of a moment.  Names are, in this order: a field of the stage (`page`), a field of
 * a row (`vmstat.pgmajfault`, `mm/1.rss_file`), an argument of the function (`nr_to_read`, `vmf.pgoff`).
 */

import { FIELDS } from "./fields.js";
import { Mistake, suggestion } from "./mistake.js";
import { parse } from "./parse.js";

/** @typedef {import("./parse.js").Tree} Tree */
/** @typedef {import("../moment.js").Moment} Moment */
/** @typedef {{type: "number" | "text" | "flag" | "any", of: (moment: Moment) => any}} Part */
/**
 * @typedef {object} Condition
 * @property {string} text
 * @property {(moment: Moment) => boolean} test
 * @property {string[]} names the names in it
 * @property {[string, string][]} rows refs and fields whose values the moment must follow
 */

const ROW = /^((?:cpu|tlb|disk|fault|vmstat|lru|program|stdout|machine)|[a-z_]+\/[0-9]+)\.(\w+)$/;
const WORDS = { number: "a number", text: "a text", flag: "true or false" };

/** @type {Record<string, (a: any, b: any) => any>} */
const SIGNS = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== undefined && a !== null && a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "&": (a, b) => (a & b) >>> 0,
};

/** @param {string} text @param {Set<string>} params names of the arguments that functions have @returns {Condition} */
export function compile(text, params) {
  /** @type {string[]} */
  const names = [];
  /** @type {[string, string][]} */
  const rows = [];

  /** @param {Tree} tree @returns {Part} */
  function part(tree) {
    if (tree.kind === "literal") return literal(tree.value);
    if (tree.kind === "name") return named(tree);
    if (tree.kind === "not") {
      const of = flag(tree.of);
      return { type: "flag", of: (moment) => !of(moment) };
    }
    if (tree.sign === "&&" || tree.sign === "||") {
      const [a, b] = [flag(tree.left), flag(tree.right)];
      return { type: "flag", of: tree.sign === "&&" ? (m) => a(m) && b(m) : (m) => a(m) || b(m) };
    }
    return compared(tree);
  }

  /** @param {Extract<Tree, {kind: "name"}>} tree @returns {Part} */
  function named({ name, from, to }) {
    names.push(name);
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : null;
    if (field) return field;
    const row = ROW.exec(name);
    if (row) {
      rows.push([row[1], row[2]]);
      return { type: "any", of: (moment) => moment.value(row[1], row[2]) };
    }
    const path = name.split(".");
    if (params.has(path[0])) return { type: "any", of: ({ stage }) => follow(stage.args, path) };
    throw new Mistake(`Nothing is called "${name}" here${suggestion(name, [...Object.keys(FIELDS), ...params])}`, from, to);
  }

  /** @param {Extract<Tree, {kind: "binary"}>} tree @returns {Part} */
  function compared(tree) {
    const [a, b] = [part(tree.left), part(tree.right)];
    const wanted = tree.sign === "&" ? "number" : a.type === "any" ? b.type : a.type;
    for (const [side, its] of /** @type {[Tree, Part][]} */ ([[tree.left, a], [tree.right, b]])) {
      if (its.type === "any" || wanted === "any" || its.type === wanted) continue;
      const other = side === tree.left ? tree.right : tree.left;
      const than = tree.sign === "&" ? ', and "&" takes numbers' : `, but ${quoted(other)} is ${WORDS[wanted]}`;
      throw new Mistake(`${quoted(side)} is ${WORDS[its.type]}${than}.`, side.from, side.to);
    }
    const act = SIGNS[tree.sign];
    return { type: tree.sign === "&" ? "number" : "flag", of: (moment) => act(a.of(moment), b.of(moment)) };
  }

  /** A part that is to be true or false; a number is true when it is not 0. @param {Tree} tree */
  function flag(tree) {
    const { type, of } = part(tree);
    if (type === "text") throw new Mistake(`"${cut(tree)}" is a text; compare it: ${cut(tree)} == "...".`, tree.from, tree.to);
    return (/** @type {Moment} */ moment) => Boolean(of(moment));
  }

  /** @param {Tree} tree */
  const cut = (tree) => text.slice(tree.from, tree.to);
  /** @param {Tree} tree */
  const quoted = (tree) => (/^["']/.test(cut(tree)) ? cut(tree) : `"${cut(tree)}"`);

  const test = flag(parse(text));
  return { text, test, names, rows };
}

/** @param {number | string | boolean} value @returns {Part} */
const literal = (value) => ({
  type: typeof value === "number" ? "number" : typeof value === "string" ? "text" : "flag",
  of: () => value,
});

/** @param {any} value @param {string[]} path */
function follow(value, path) {
  for (const name of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
