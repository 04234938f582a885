// @ts-check
/**
 * Values beside the lines of the model's source: what the function was given, what the functions that it called
 * returned, and what the names on the current line stand for now.
 */

import { numberText } from "./format.js";
import { fieldValue } from "./values.js";

/** @typedef {import("./frames.js").Frame} Frame */
/** @typedef {{stages: any[], parent: any, pair: any}} Spans */
/** @typedef {{line: number, text: string}[]} Notes */

const NAME = /(?<![\w."'])([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)(?!\w*\()/g;
const ASSIGNED = /^\s*([A-Za-z_]\w*)\s*=\s*(?:await\s+)?([A-Za-z_]\w*)\(/;
const MOST_ON_A_LINE = 4;

/**
 * @param {Frame} frame @param {any} entry the function's entry in the catalogue @param {Spans} spans
 * @param {Record<string, any>} rows @param {number} cursor @returns {Notes}
 */
export function notesOf(frame, entry, spans, rows, cursor) {
  const call = spans.stages[frame.stage];
  if (!entry || call?.op !== "call") return [];
  const source = /** @type {string[]} */ (entry.source ?? []);
  const at = (/** @type {number} */ line) => source[line - entry.line] ?? "";
  /** @type {Map<string, any>} */
  const known = new Map(Object.entries(call.args ?? {}));
  /** @type {Notes} */
  const notes = [];
  const given = [...known].map(([name, value]) => `${name} = ${show(name, value)}`);
  if (given.length) notes.push({ line: entry.line, text: given.join(", ") });
  /** The last return of each line. @type {Map<number, string>} */
  const returned = new Map();
  for (const { line, fn, ret, args } of inside(frame.stage, spans, cursor)) {
    if (args) for (const [name, value] of Object.entries(args)) if (names(source, name)) known.set(name, value);
    if (!fn) continue;
    const assigned = ASSIGNED.exec(at(line));
    if (assigned && assigned[2] === fn) known.set(assigned[1], ret);
    if (ret !== undefined) returned.set(line, `${fn} returned ${show(fn, ret)}`);
  }
  for (const [line, text] of returned) if (line !== frame.line) notes.push({ line, text });
  const now = [...values(at(frame.line), known, rows), ...(returned.has(frame.line) ? [returned.get(frame.line)] : [])];
  if (now.length && frame.line !== entry.line) notes.push({ line: frame.line, text: now.slice(0, MOST_ON_A_LINE).join(", ") });
  return notes;
}

/** What the frame itself recorded up to the cursor: its steps, and the calls that have returned to it. */
/** @param {number} from @param {Spans} spans @param {number} cursor */
function* inside(from, { stages, pair }, cursor) {
  for (let n = from + 1; n <= cursor; n += 1) {
    const { op, at, fn, args, ctx } = stages[n];
    if (op === "call") {
      const end = pair.at[n];
      if (end < 0 || end > cursor) return;
      if (ctx !== "irq") yield { line: at, fn, ret: stages[end].ret, args: null };
      n = end;
    } else if (op === "step" && fn === stages[from].fn) yield { line: at, fn: "", ret: undefined, args };
    else if (op === "return") return;
  }
}

/** @param {string[]} source @param {string} name */
const names = (source, name) => source.some((line) => new RegExp(`^\\s*(?:\\w+,\\s*)*${name}\\b[^(]*=[^=]`).test(line));

/** "page = page/83, page.flags = PG_locked" @param {string} line @param {Map<string, any>} known @param {Record<string, any>} rows */
function values(line, known, rows) {
  const code = line.replace(/(["']).*?\1/g, "").replace(/#.*/, "");
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [, head, tail] of code.matchAll(NAME)) {
    const value = resolve(head, tail.split(".").slice(1), known, rows);
    if (value !== null) found.set(head + tail, `${head}${tail} = ${value}`);
    else if (tail && known.has(head)) found.set(head, `${head} = ${show(head, known.get(head))}`);
  }
  return [...found.values()];
}

/** What a name with its fields stands for, in words, or null. */
/** @param {string} head @param {string[]} path @param {Map<string, any>} known @param {Record<string, any>} rows */
function resolve(head, path, known, rows) {
  // `k.vmstat.pgmajfault`: the machine's own parts are rows of one of a kind.
  if (head === "k" && path.length > 1) return field(path[0], path.slice(1), rows);
  if (!known.has(head)) return null;
  const value = known.get(head);
  if (path.length === 0) return show(head, value);
  if (value !== null && typeof value === "object") {
    const inner = value[path[0]];
    if (inner === undefined) return null;
    return path.length === 1 ? show(path[0], inner) : field(inner, path.slice(1), rows);
  }
  return field(value, path, rows);
}

/** Follow fields from row to row. @param {any} ref @param {string[]} path @param {Record<string, any>} rows @returns {string | null} */
function field(ref, path, rows) {
  const row = typeof ref === "string" ? rows[ref] : undefined;
  if (!row) return null;
  const value = row[path[0]];
  if (path.length > 1) return field(value, path.slice(1), rows);
  return value === undefined || (value !== null && typeof value === "object" && !Array.isArray(value)) ? null : fieldValue(ref, path[0], value);
}

/** @param {string} name @param {any} value @returns {string} */
function show(name, value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(name, value);
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).filter(([, one]) => one !== null && typeof one !== "object");
  return `{${parts.map(([key, one]) => `${key} ${show(key, one)}`).join(", ")}}`;
}
