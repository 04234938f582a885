// @ts-check
/** The whole of a long file in ten pixels: PTEs above, cache below, and the band that the columns show. */

import { addressOf } from "./focus.js";
import { pageState } from "./cells.js";
import { cacheOf, pageAt, vmaAt } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

const PG_RA = 1 << 18;
const MARKER = PG_RA | (1 << 15); // under writeback the bit means PG_reclaim

/** Colours come from the tokens, as in the cells; reading them is slow, so once a theme.
 *  @type {{theme: string | undefined, colours: Record<string, string>}} */
let known = { theme: "none yet", colours: {} };

/** @param {Element} canvas @param {string | undefined} theme @returns {Record<string, string>} */
function palette(canvas, theme) {
  if (known.theme === theme) return known.colours;
  const style = getComputedStyle(canvas);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const colours = {
    pte: token("--pte-young"),
    uptodate: token("--page-mapped"),
    inflight: token("--page-inflight"),
    allocated: token("--page-allocated"),
    marker: token("--page-marker"),
    error: token("--page-error-edge"),
    evicted: token("--page-evicted"),
    ground: token("--inset"),
    pasteof: token("--line"),
  };
  known = { theme, colours };
  return colours;
}

/** Runs of pages that look the same: [first, end, colour]. @param {number[]} pages in ascending order
 *  @param {(index: number) => string | null} colourOf @returns {[number, number, string][]} */
function runs(pages, colourOf) {
  /** @type {[number, number, string][]} */
  const list = [];
  for (const index of pages) {
    const colour = colourOf(index);
    const last = list.at(-1);
    if (last && last[1] === index && last[2] === colour) last[1] = index + 1;
    else if (colour) list.push([index, index + 1, colour]);
  }
  return list;
}

/** The numbers among the keys of a row, which a browser keeps in ascending order. @param {any} row */
const numbers = (row) => Object.keys(row ?? {}).filter((key) => /^\d+$/.test(key)).map(Number);

/** The pages of the file that have a PTE where they are shown. @param {View} view @returns {number[]} */
function mapped({ focus, sorted, task }) {
  const found = [];
  for (const { row } of sorted.pt) {
    if (row.mm && row.mm !== task.mm) continue;
    for (const entry of numbers(row)) {
      const address = row.slot * 0x200000 + entry * 4096;
      const by = row[entry]?.[0] ? vmaAt(focus.maps, address) : undefined;
      const index = by ? pageAt(by.row, address) : -1;
      if (by && addressOf(focus, index) === address) found.push(index);
    }
  }
  return found.sort((a, b) => a - b);
}

/** @param {HTMLCanvasElement} canvas @param {View} view @param {number} width @param {number} height */
export function paint(canvas, view, width, height) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const { rows, focus, inFlight } = view;
  const colours = palette(canvas, view.state.ui?.theme);
  const cache = cacheOf(focus.inode ?? "");
  const half = height / 2;
  /** @param {[number, number, string][]} list @param {number} y @param {number} least */
  const fill = (list, y, least) => {
    for (const [first, end, colour] of list) {
      context.fillStyle = colours[colour];
      context.fillRect(
        (first / focus.total) * width,
        y,
        Math.max(((end - first) / focus.total) * width, least),
        half - 0.5,
      );
    }
  };
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, width, height);
  fill(runs(mapped(view), () => "pte"), 0, 0.75);
  if (focus.total > focus.end) fill([[focus.end, focus.total, "pasteof"]], half + 0.5, 0.75);
  const slots = numbers(rows[cache]);
  const stateAt = (/** @type {number} */ index) => {
    const { state } = pageState(rows, cache, index, focus.end, inFlight);
    return state === "absent" || state === "pasteof" ? null : state;
  };
  fill(runs(slots, stateAt), half + 0.5, 0.75);
  const marked = (/** @type {number} */ index) => ((rows[rows[cache]?.[index]]?.flags ?? 0) & MARKER) === PG_RA;
  fill(runs(slots, (index) => (marked(index) ? "marker" : null)), half + 0.5, 2);
}

/** What the strip shows, so that it is painted again only when that changed. @param {View} view */
export function signature(view) {
  const { focus, rows, sorted } = view;
  return [
    rows[cacheOf(focus.inode ?? "")],
    view.state.ui?.theme,
    focus.inode,
    focus.total,
    ...sorted.pt.map(({ row }) => row),
    ...view.bios.map(({ row }) => row),
    ...focus.maps.map(({ row }) => row),
  ];
}
