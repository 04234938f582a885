// @ts-check
/** The page index under the page table: what PTE, cache page and file block have in common. */

import { s } from "./draw.js";
import { middle } from "./geometry.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** Page numbers, every eighth and the last; the faulting page's own stands in a pill.
 *  @param {View} view @param {Geometry} geo @param {Block} block */
export function axis(view, geo, block) {
  const last = Math.min(block.first + block.count, view.focus.total) - 1;
  const hot = view.access.hot && view.access.page;
  /** @type {number[]} */
  const numbers = [];
  for (let index = block.first; index <= last; index += 1) {
    const room = last - index >= 3 || index === last;
    if ((index % 8 === 0 && room && (index > block.first || !geo.phone)) || index === last) numbers.push(index);
  }
  const clear = (/** @type {number} */ index) =>
    typeof hot !== "number" || geo.phone || Math.abs(index - hot) * geo.column >= 22;
  return s(
    "g",
    { class: "m-axis", "aria-hidden": "true", key: `axis${block.first}` },
    numbers.filter(clear).map((index) => s("text", { key: index, x: middle(geo, block, index), y: block.axis }, index)),
    typeof hot === "number" && !geo.phone && hot >= block.first && hot <= last && pill(view, geo, block, hot),
  );
}

/** @param {View} view @param {Geometry} geo @param {Block} block @param {number} index */
function pill(view, geo, block, index) {
  const width = String(index).length * 6.2 + 9;
  const x = middle(geo, block, index);
  return s(
    "g",
    { class: "m-pill", key: "pill", "data-hot": view.access.hot },
    s("rect", { x: x - width / 2, y: block.axis - 10, width, height: 13, rx: 3 }),
    s("text", { x, y: block.axis }, index),
  );
}
