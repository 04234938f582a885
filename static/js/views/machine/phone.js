// @ts-check
/** The layout under 640 px: the CPU card, and blocks of 32 columns one under the other. */

import { DISK_HEIGHT, PADDING } from "./sizes.js";

/** @typedef {import("./geometry.js").Geometry} Geometry */
/** @typedef {import("./geometry.js").Block} Block */
/** @typedef {import("./geometry.js").Folded} Folded */

const PHONE_COLUMNS = 32;

/** @param {import("./geometry.js").Asked} asked @returns {Geometry} */
export function phone({ pane, cols, open }) {
  const width = pane - 2 * PADDING;
  const column = width / PHONE_COLUMNS;
  /** @type {number[]} */
  const firsts = [];
  const shown = Math.min(Math.max(cols.total - cols.first, 1), 64);
  for (let n = 0; n < shown; n += PHONE_COLUMNS) firsts.push(cols.first + n);
  const unfolded = firsts.filter((first) => open.includes(first));
  if (unfolded.length === 0) unfolded.push(firsts[0]);
  const long = cols.total > 64;
  let y = 80 + 14;
  const overview = long ? { y, h: 10 } : null;
  if (long) y += 18;
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Folded[]} */
  const folded = [];
  unfolded.forEach((first, n) => {
    const block = {
      first,
      count: PHONE_COLUMNS,
      x: 0,
      head: y + 15,
      bracket: y + 20,
      pte: y + 38,
      axis: y + 154,
      cacheHead: y + 79,
      window: y + 87,
      page: y + 111,
      disk: 0,
      diskHead: 0,
    };
    y += 164;
    if (n === unfolded.length - 1) {
      for (const hidden of firsts.filter((other) => !unfolded.includes(other))) {
        folded.push({ first: hidden, last: hidden + PHONE_COLUMNS - 1, y });
        y += 32;
      }
    }
    block.diskHead = y + 18;
    block.disk = y + 24;
    y += 24 + DISK_HEIGHT + 10;
    blocks.push(block);
  });
  return {
    pane,
    width,
    column,
    overview,
    blocks,
    folded,
    gutter: 0,
    columns: PHONE_COLUMNS,
    right: width,
    height: y,
    phone: true,
    tight: false,
    cards: { y: 0, h: 80, tall: false, cpu: { x: 0, w: width }, tlb: null, pgd: null, pte: null },
    strip: null,
    lens: null,
    lru: null,
  };
}
