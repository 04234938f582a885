// @ts-check
/** Pages of mappings without a file: no cache holds them, so they are found by the frame that a PTE names. */

import { anonymousCell } from "./cells.js";

/** @typedef {import("./rows.js").Found} Found */

/** Pages of the processes' own, by frame. @param {import("./rows.js").Kinds} sorted @returns {Map<number, Found>} */
export const framesOf = (sorted) =>
  new Map(sorted.page.filter(({ row }) => row.anonymous).map((found) => [found.row.pfn, found]));

/**
 * The page behind one entry: its own, the zero page that all share, or none.
 * @param {Map<number, Found>} frames @param {number} index page of the mapping
 * @param {[number, number] | null} words the PTE
 */
export function ownPageCell(frames, index, words) {
  const found = words && words[0] !== 0 ? frames.get(words[0] >>> 12) : undefined;
  return anonymousCell(index, found, Boolean(words && words[0] !== 0));
}
