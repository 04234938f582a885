// @ts-check
/** Which cells are hot, pinned, changed and reachable by Tab: shared by the three rows of the grid. */

import { addressOf } from "./focus.js";
import { pagePin, ptePin } from "./pins.js";
import * as read from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {{row: "pte" | "page" | "disk", index: number}} Stop where Tab enters the grid
 */

/** @param {View} view @param {number} index @returns {string | null} "fault", "next" or null */
export const hotAt = (view, index) => (view.access.page === index ? view.access.hot : null);

/** @param {View} view @param {import("./pins.js").Pin | null} pin @param {number} index */
export function pointsAt(view, pin, index) {
  if (!pin) return false;
  if (pin.kind === "page") return pin.inode === view.focus.inode && pin.index === index;
  if (pin.kind === "pte") {
    const { vma } = view.focus;
    return vma !== null && read.pageAt(vma.row, pin.vpn * 4096) === index;
  }
  return false;
}

/**
 * @typedef {{tab: boolean, hot: string | null, pinned: boolean}} Marks
 * @param {View} view @param {Stop["row"]} row @param {number} index @param {Stop} stop @returns {Marks}
 */
export const cellMarks = (view, row, index, stop) => ({
  tab: stop.row === row && stop.index === index,
  hot: hotAt(view, index),
  pinned: pointsAt(view, view.pin, index),
});

/** The marks in one short word, to tell whether a cell has to be drawn again. @param {Marks} marks */
export const signature = ({ tab, hot, pinned }) => `${hot}${tab ? "t" : ""}${pinned ? "p" : ""}`;

/** Attributes that every cell of the grid has.
 *  @param {Stop["row"]} row @param {number} index @param {string} name @param {Marks} marks */
export const cellAttrs = (row, index, name, { tab, hot, pinned }) => ({
  role: "gridcell",
  tabindex: tab ? "0" : "-1",
  "aria-label": name,
  "data-row": row,
  "data-index": index,
  "data-hot": hot,
  "data-pinned": pinned || null,
});

/** The cell Tab enters: the one last focused if it is still there, else the access, else the first.
 *  @param {View} view @param {Stop | null} held @returns {Stop} */
export function tabStop(view, held) {
  const first = view.cells[0]?.page.index ?? 0;
  const last = view.cells.at(-1)?.page.index ?? 0;
  const inView = (/** @type {number} */ index) => index >= first && index <= last;
  if (held && inView(held.index)) return held;
  const { page } = view.access;
  return { row: "page", index: page !== null && inView(page) ? page : first };
}

/** The place that a column stands for, in all its rows: the page of the file, or, without a file, the virtual page.
 *  @param {View["focus"]} focus @param {number} index @returns {string | null} */
export function columnPlace(focus, index) {
  if (focus.inode) return pagePin(focus.inode, index);
  const address = addressOf(focus, index);
  return address === null ? null : ptePin(address);
}
