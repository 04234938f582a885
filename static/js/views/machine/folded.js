// @ts-check
/** On a phone: 32 quiet pages in one line, a touch away. */

import { s } from "./draw.js";
import { pagePin } from "./pins.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

/**
 * @param {View} view @param {number} first @param {number} last
 * @returns {string} "all absent", "20 up to date, 12 absent"
 */
export function summary(view, first, last) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { page } of view.cells) {
    if (page.index < first || page.index > last) continue;
    const state =
      page.state === "uptodate" && page.flags.includes("mapped")
        ? "mapped"
        : ({ uptodate: "up to date", inflight: "in flight", pasteof: "past the end" }[page.state] ?? page.state);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  if (counts.size === 1) return `all ${[...counts.keys()][0]}`;
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
}

/** The first pages of the blocks that are unfolded: the one of the access, and those where something goes on.
 *  @param {View} view @returns {number[]} */
export function unfolded(view) {
  const open = new Set();
  const start = (/** @type {number} */ index) => view.focus.first + Math.floor((index - view.focus.first) / 32) * 32;
  if (view.access.page !== null) open.add(start(view.access.page));
  if (view.pin?.kind === "page" && view.pin.inode === view.focus.inode) open.add(start(view.pin.index));
  for (const { page } of view.cells) if (page.state === "inflight") open.add(start(page.index));
  return [...open];
}

/** @param {View} view @param {Geometry} geo */
export const folded = (view, geo) =>
  geo.folded.map(({ first, last, y }) => {
    const end = Math.min(last, view.focus.total - 1);
    const words = summary(view, first, end);
    return s(
      "g",
      {
        class: "m-folded",
        key: `fold${first}`,
        role: "button",
        tabindex: "0",
        "data-pin": pagePin(view.focus.inode ?? "", first),
        "data-testid": `machine-folded-${first}`,
        "aria-label": `Pages ${first} to ${end}, ${words}. Unfold`,
      },
      s("rect", { class: "m-hit", x: 0, y: y - 9, width: geo.width, height: 44 }),
      s("rect", { class: "m-fold", x: 0.5, y: y + 0.5, width: geo.width - 1, height: 25, rx: 4 }),
      s("text", { x: 26, y: y + 17 }, `Pages ${first} to ${end}`),
      s("text", { class: "m-note", x: geo.width - 28, y: y + 17, "text-anchor": "end" }, words),
      s("path", { class: "m-chevron", d: `M${geo.width - 20} ${y + 10.5}l5 5l5-5` }),
    );
  });
