// @ts-check
/** The layout beside other panes: four cards, the strip, the lens, 64 columns. */

import { DISK_HEIGHT, PADDING, TIGHT_PADDING } from "./sizes.js";

/** @typedef {import("./geometry.js").Geometry} Geometry */
/** @typedef {import("./geometry.js").Box} Box */

const GAP = 18;

/** @param {import("./geometry.js").Asked} asked @returns {Geometry} */
export function desk({ pane, short, cols }) {
  const roomy = pane >= 144 + 64 * 11;
  const tight = pane < 720;
  const gutter = tight ? 84 : 104;
  const column = Math.max(roomy ? 11 : 9, Math.floor(((pane - gutter - 40) / 64) * 4) / 4);
  const width = Math.max(pane - 2 * (tight ? TIGHT_PADDING : PADDING), gutter + column * 64 + (tight ? 4 : 8));
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
    pane,
    width,
    gutter,
    column,
    cards,
    strip,
    lens,
    columns: 64,
    right: gutter + column * 64,
    height: block.disk + DISK_HEIGHT + (tall ? 21 : 8),
    phone: false,
    tight,
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
