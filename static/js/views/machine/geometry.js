// @ts-check
/** Where everything stands: one shared column for PTE, cache page and file block. Numbers are SVG pixels. */

/**
 * @typedef {{first: number, count: number, x: number, head: number | null, bracket: number, pte: number,
 *   axis: number, cacheHead: number | null, window: number, page: number, disk: number | null,
 *   diskHead: number | null}} Block
 *   count columns from page *first* on; the rest are tops of rows (null: the row has no such line)
 * @typedef {{y: number, h: number, cpu: Box, tlb: Box | null, pgd: Box | null, pte: Box | null, tall: boolean}} Cards
 * @typedef {{x: number, w: number}} Box
 * @typedef {{first: number, last: number, y: number}} Folded
 * @typedef {{pane: number, width: number, height: number, gutter: number, column: number, columns: number,
 *   right: number, phone: boolean, cards: Cards, strip: {y: number, h: number} | null,
 *   lens: {top: number, bottom: number} | null, overview: {y: number, h: number} | null, blocks: Block[],
 *   folded: Folded[], lru: number | null}} Geometry
 */

export const PTE_HEIGHT = 18;
export const PAGE_HEIGHT = 32;
export const DISK_HEIGHT = 27;

const PADDING = 16;
const GAP = 18;
const PHONE_COLUMNS = 32;

/** @param {number} pane width of the machine pane in pixels */
export const isPhone = (pane) => pane < 640;

/**
 * @param {{pane: number, short: boolean, cols: {first: number, count: number, total: number}, open: number[]}} asked
 *   *short*: a window under 860 px high. *cols*: the pages shown. *open*: first pages of the unfolded phone blocks.
 * @returns {Geometry}
 */
export function geometry(asked) {
  return isPhone(asked.pane) ? phone(asked) : desk(asked);
}

/** @param {Parameters<typeof geometry>[0]} asked @returns {Geometry} */
function desk({ pane, short, cols }) {
  const roomy = pane >= 144 + 64 * 11;
  const gutter = pane >= 720 ? 104 : 76;
  const column = Math.max(roomy ? 11 : 9, Math.floor(((pane - gutter - 40) / 64) * 4) / 4);
  const width = Math.max(pane - 2 * PADDING, gutter + column * 64 + 8);
  const tall = !short;
  const cards = { y: 0, h: tall ? 116 : 96, tall, ...(width >= 800 ? cardWidths(width) : fewerCards(width)) };
  const strip = { y: cards.h + 14, h: 26 };
  const long = cols.total > 64;
  const top = strip.y + strip.h;
  const lens = { top, bottom: top + (long ? 27 : 44) };
  const table = top + 50;
  const block = {
    first: cols.first,
    count: 64,
    x: gutter,
    head: null,
    bracket: table - 2,
    pte: table + 14,
    axis: table + 44,
    cacheHead: null,
    window: table + 49,
    page: table + 70,
    diskHead: null,
    disk: table + (tall ? 142 : 118),
  };
  return {
    pane, width, gutter, column, cards, strip, lens,
    columns: 64,
    right: gutter + column * 64,
    height: block.disk + DISK_HEIGHT + (tall ? 21 : 8),
    phone: false,
    overview: long ? { y: lens.bottom, h: 10 } : null,
    blocks: [block],
    folded: [],
    lru: tall ? table + 114 : null,
  };
}

/** CPU, TLB, directory and PTE share what is left of the width in the ratio of the design.
 *  @param {number} width @returns {{cpu: Box, tlb: Box, pgd: Box, pte: Box}} */
function cardWidths(width) {
  const unit = (width - 3 * GAP) / 954;
  const [cpu, tlb, pgd] = [262, 146, 196].map((share) => Math.round(share * unit));
  return {
    cpu: { x: 0, w: cpu },
    tlb: { x: cpu + GAP, w: tlb },
    pgd: { x: cpu + tlb + 2 * GAP, w: pgd },
    pte: { x: cpu + tlb + pgd + 3 * GAP, w: width - cpu - tlb - pgd - 3 * GAP },
  };
}

/** Where four do not fit, the directory goes: its index stands in the CPU card.
 *  @param {number} width @returns {{cpu: Box, tlb: Box, pgd: null, pte: Box}} */
function fewerCards(width) {
  const cpu = 236;
  const tlb = 112;
  const from = cpu + tlb + 2 * GAP;
  return { cpu: { x: 0, w: cpu }, tlb: { x: cpu + GAP, w: tlb }, pgd: null, pte: { x: from, w: width - from } };
}

/** @param {Parameters<typeof geometry>[0]} asked @returns {Geometry} */
function phone({ pane, cols, open }) {
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
      first, count: PHONE_COLUMNS, x: 0, head: y + 15, bracket: y + 20, pte: y + 38, axis: y + 154,
      cacheHead: y + 79, window: y + 87, page: y + 111, disk: 0, diskHead: 0,
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
    pane, width, column, overview, blocks, folded,
    gutter: 0,
    columns: PHONE_COLUMNS,
    right: width,
    height: y,
    phone: true,
    cards: { y: 0, h: 80, tall: false, cpu: { x: 0, w: width }, tlb: null, pgd: null, pte: null },
    strip: null,
    lens: null,
    lru: null,
  };
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
