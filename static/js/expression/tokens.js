// @ts-check
/** A condition cut into tokens: numbers, texts in quotes, names, and signs. */

import { Mistake } from "./mistake.js";

/** @typedef {{kind: "number" | "text" | "name" | "sign" | "end", text: string, value?: number | string, from: number, to: number}} Token */

const SCAN =
  /\s*(?:(?<number>0[xX][0-9a-fA-F]+|[0-9]+)(?![\w.])|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<name>[A-Za-z_]\w*(?:\/[0-9]+)?(?:\.\w+)*)|(?<sign>==|!=|<=|>=|&&|\|\||[<>!&()]))/y;

/** Lessons write words where C has signs; both are understood. @type {Record<string, string>} */
const WORDS = { and: "&&", or: "||", not: "!" };

/** @param {string} text @returns {Token[]} the last one is the end */
export function tokenize(text) {
  /** @type {Token[]} */
  const tokens = [];
  const end = text.trimEnd().length;
  SCAN.lastIndex = 0;
  while (SCAN.lastIndex < end) {
    const at = SCAN.lastIndex;
    const match = SCAN.exec(text);
    if (!match?.groups) throw unreadable(text, at);
    const { number, double, single, name, sign } = match.groups;
    const to = SCAN.lastIndex;
    const from = at + match[0].search(/\S/);
    if (number) tokens.push({ kind: "number", text: number, value: Number(number), from, to });
    else if (name && Object.hasOwn(WORDS, name)) tokens.push({ kind: "sign", text: WORDS[name], from, to });
    else if (name) tokens.push({ kind: "name", text: name, from, to });
    else if (sign) tokens.push({ kind: "sign", text: sign, from, to });
    else tokens.push({ kind: "text", text: text.slice(from, to), value: double ?? single, from, to });
  }
  tokens.push({ kind: "end", text: "", from: end, to: end });
  return tokens;
}

/** @param {string} text @param {number} at */
function unreadable(text, at) {
  const from = at + text.slice(at).search(/\S/);
  const rest = text.slice(from);
  if (/^["']/.test(rest)) return new Mistake(`The text ${rest} has no closing ${rest[0]}.`, from, text.length);
  const word = /^\w[\w.]*/.exec(rest)?.[0] ?? rest[0];
  if (/^\d/.test(word)) return new Mistake(`"${word}" is not a number; write 24 or 0x18.`, from, from + word.length);
  const remedy = { "=": ' To compare, write "==".', "|": ' For "or", write "||".' }[word] ?? "";
  return new Mistake(`"${word}" means nothing in a condition.${remedy}`, from, from + word.length);
}
