// @ts-check
/** A load that is about to happen: where its page stands, in one sentence over its column. */

import { s } from "./draw.js";
import { blockOf, middle } from "./geometry.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

// On a phone the name of the row and its count stand in the same line, left and right.
const [TITLE, COUNT] = [76, 84];

const CACHE = /** @type {Record<string, string>} */ ({
  absent: "not in memory",
  allocated: "allocated, no data yet",
  inflight: "being read, no PTE points to it",
  uptodate: "data is here, no PTE points to it",
  error: "could not be read",
  evicted: "no longer in memory",
  pasteof: "past the end of the file",
});

/** Where there is no room for more, on a phone. */
const BRIEF = /** @type {Record<string, string>} */ ({ inflight: "being read", uptodate: "cached, no PTE" });

/** @param {View} view @param {boolean} [brief] @returns {string} */
export function calloutWords({ access, cells }, brief = false) {
  const cell = cells.find(({ page }) => page.index === access.page);
  if (!cell) return "";
  const { state } = cell.page;
  const cached = (brief && BRIEF[state]) || CACHE[state];
  return `page ${access.page}: ${cell.pte.state === "none" ? cached : "its PTE is set"}`;
}

/** @param {View} view @param {Geometry} geo */
export function callout(view, geo) {
  const { access, state } = view;
  if (access.hot !== "next" || access.page === null || state.stage?.ctx !== "user") return null;
  const block = blockOf(geo, access.page);
  const words = calloutWords(view, geo.phone);
  if (!block || !words) return null;
  const width = words.length * 6.2 + 16;
  const x = middle(geo, block, access.page);
  const [low, high] = geo.phone ? [geo.gutter + TITLE, geo.right - COUNT] : [geo.gutter, geo.right];
  const left = Math.min(Math.max(x - width / 2, low), high - width);
  const y = block.bracket - 12;
  return s(
    "g",
    { class: "m-callout", key: "callout", "data-testid": "machine-callout" },
    s("path", { d: `M${x} ${y + 16}V${block.pte - 2}` }),
    s("rect", { x: left, y, width, height: 17, rx: 3 }),
    s("text", { x: left + width / 2, y: y + 12.5 }, words),
  );
}
