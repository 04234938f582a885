// @ts-check
/** Where everything stands: one shared column for PTE, cache page and file block. Numbers are SVG pixels. */

import { desk } from "./desk.js";
import { phone } from "./phone.js";

/**
 * @typedef {{first: number, count: number, x: number, head: number | null, bracket: number, pte: number,
 *   axis: number, cacheHead: number | null, window: number, page: number, disk: number | null,
 *   diskHead: number | null}} Block
 *   count columns from page *first* on; the rest are tops of rows (null: the row has no such line)
 * @typedef {{y: number, h: number, cpu: Box, tlb: Box | null, pgd: Box | null, pte: Box | null, tall: boolean}} Cards
 * @typedef {{x: number, w: number}} Box
 * @typedef {{first: number, last: number, y: number}} Folded
 * @typedef {{pane: number, width: number, height: number, gutter: number, column: number, columns: number,
 *   right: number, phone: boolean, tight: boolean, cards: Cards, strip: {y: number, h: number} | null,
 *   lens: {top: number, bottom: number} | null, overview: {y: number, h: number} | null, blocks: Block[],
 *   folded: Folded[], lru: number | null}} Geometry
 */

/** @param {number} pane width of the machine pane in pixels */
export const isPhone = (pane) => pane < 640;

/**
 * @typedef {{pane: number, short: boolean, cols: {first: number, count: number, total: number}, open: number[]}} Asked
 *   *short*: a window under 860 px high. *cols*: the pages shown. *open*: first pages of the unfolded phone blocks.
 */

/** @param {Asked} asked @returns {Geometry} */
export function geometry(asked) {
  return isPhone(asked.pane) ? phone(asked) : desk(asked);
}

/** The block that shows page *index*, if any. @param {Geometry} geo @param {number} index */
export const blockOf = (geo, index) => geo.blocks.find((b) => index >= b.first && index < b.first + b.count);

/** Left edge of page *index*'s column. @param {Geometry} geo @param {Block} block @param {number} index */
export const left = (geo, block, index) => block.x + (index - block.first) * geo.column;

/** Middle of page *index*'s column. @param {Geometry} geo @param {Block} block @param {number} index */
export const middle = (geo, block, index) => left(geo, block, index) + geo.column / 2;

/** The part of pages first..last that *block* shows, or null.
 *  @param {Block} block @param {number} first @param {number} last */
export function clip(block, first, last) {
  const from = Math.max(first, block.first);
  const to = Math.min(last, block.first + block.count - 1);
  return from > to ? null : { from, to, cutLeft: first < from, cutRight: last > to };
}
