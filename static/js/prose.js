// @ts-check
/** A docstring as paragraphs: `names` and *arguments* become code, indented blocks and bullets keep their lines. */

import { h } from "./dom.js";

const MARK = /``(.+?)``|`(.+?)`|\*(\w+)\*/g;

/** @param {string} text @returns {(Node | string)[]} */
function inline(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    parts.push(h("code", {}, match[1] ?? match[2] ?? match[3]));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** @param {string} text @returns {HTMLElement[]} */
export function prose(text) {
  return text
    .split(/\n\s*\n/)
    .filter((block) => block.trim())
    .map((block) => {
      const kept = /^( {2,}|\t|[*-] )/.test(block);
      return h("p", { class: kept ? "kept" : null }, ...inline(kept ? block : block.replace(/\s*\n\s*/g, " ").trim()));
    });
}
