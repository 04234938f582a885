// @ts-check
/**
 * Breakpoints as they are written, typed or made by a click; the text is all that is kept of one.
 *
 *     filemap_fault                      this function is called
 *     line 8                             the program comes to this line
 *     mm/filemap.py:118                  the model records something on this line
 *     page 24 of data.bin                this page changes, or a fault on it begins (every file without "of")
 *     watch vmstat.pgmajfault            this field of this row changes
 *     fault[4].filemap_fault             the stage that a lesson's selector names
 *     major && write                     this condition becomes true
 *     filemap_fault if page == 24        any of the places above, when the condition holds there
 */

import { compile } from "../expression/compile.js";
import { FIELDS } from "../expression/fields.js";
import { Mistake, suggestion } from "../expression/mistake.js";
import { parse as parseSelector } from "../selector/parse.js";

/** @typedef {import("../expression/compile.js").Condition} Condition */
/**
 * @typedef {{kind: "function", fn: string} | {kind: "line", line: number} | {kind: "model", file: string, line: number}
 *   | {kind: "page", page: number, file: string} | {kind: "watch", ref: string, field: string}
 *   | {kind: "selector", text: string} | {kind: "condition"}} Place
 */
/** @typedef {{text: string, place: Place, condition: Condition | null}} Stop */

/** @param {Record<string, any>} functions the catalogue's @returns {Set<string>} names of their arguments */
export const paramsOf = (functions) => new Set(Object.values(functions).flatMap((entry) => entry.params ?? []));

/** @param {string} text @param {Record<string, any>} functions @returns {Stop} throws a Mistake */
export function parseStop(text, functions) {
  const params = paramsOf(functions);
  const { place, condition, at } = split(text);
  if (!place && !condition) throw new Mistake("Write where to stop, such as filemap_fault, line 8 or page == 24.", 0, 0);
  const found = readPlace(place, functions);
  if (found) return { text: text.trim(), place: found, condition: condition === null ? null : shifted(condition, params, at) };
  if (condition !== null || isName(place)) throw noFunction(place, text, functions, params);
  return { text: text.trim(), place: { kind: "condition" }, condition: shifted(place, params, text.indexOf(place)) };
}

/** @param {string} text @returns {{place: string, condition: string | null, at: number}} */
function split(text) {
  const match = /(?:^|\s)if(?:\s|$)/.exec(text);
  if (!match) return { place: text.trim(), condition: null, at: 0 };
  const at = match.index + match[0].length;
  return { place: text.slice(0, match.index).trim(), condition: text.slice(at), at };
}

/** A lone name that is no field is meant as a function. @param {string} place */
const isName = (place) => /^[A-Za-z_]\w*$/.test(place) && !Object.hasOwn(FIELDS, place);

/** @param {string} place @param {Record<string, any>} functions @returns {Place | null} */
function readPlace(place, functions) {
  const line = /^line\s+([1-9][0-9]{0,5})$/.exec(place);
  if (line) return { kind: "line", line: Number(line[1]) };
  const model = /^([\w/-]+\.py):([1-9][0-9]{0,5})$/.exec(place);
  if (model) return { kind: "model", file: model[1], line: Number(model[2]) };
  const page = /^page\s+([0-9]{1,7})(?:\s+of\s+(\S.*))?$/.exec(place);
  if (page) return { kind: "page", page: Number(page[1]), file: page[2] ?? "" };
  const watch = /^watch\s+([a-z_]+(?:\/[0-9]+)?)\.(\w+)$/.exec(place);
  if (watch) return { kind: "watch", ref: watch[1], field: watch[2] };
  if (Object.hasOwn(functions, place)) return { kind: "function", fn: place };
  return parseSelector(place) ? { kind: "selector", text: place } : null;
}

/** The condition, with its mistakes counted from the start of the whole text. */
/** @param {string} text @param {Set<string>} params @param {number} at */
function shifted(text, params, at) {
  try {
    return compile(text, params);
  } catch (error) {
    if (error instanceof Mistake) throw new Mistake(error.message, error.from + at, error.to + at);
    throw error;
  }
}

/** @param {string} place @param {string} text @param {Record<string, any>} functions @param {Set<string>} params */
function noFunction(place, text, functions, params) {
  const from = Math.max(0, text.indexOf(place));
  const names = [...Object.keys(functions), ...Object.keys(FIELDS), ...params];
  const what = place
    ? `"${place}" is no function of the model and no other place${suggestion(place, names)}`
    : 'Before "if" stands a place, such as filemap_fault; a condition alone needs no "if".';
  return new Mistake(what, from, from + place.length);
}
