// @ts-check
/** How short memory is: the zone's free pages against its watermarks, and a group's pages against its limit. */

import { s } from "./draw.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {{name: string, note: string, words: string, part: number, ticks: number[], tight: boolean}} Gauge
 */

const WIDTH = 64;
const HEIGHT = 14;
/** Advance of a letter of the names, at most. */
const LETTER = 6.8;
/** Free memory is worth a gauge below so many times the high watermark. */
const NEAR = 4;

/** @param {View} view @returns {Gauge[]} those that matter now */
export const readings = ({ rows, sorted }) => [zoneGauge(rows), groupGauge(sorted.memcg[0]?.row)].filter((gauge) => gauge !== null);

/** @param {import("./rows.js").Rows} rows @returns {Gauge | null} */
function zoneGauge({ zone, vmstat }) {
  const free = vmstat?.nr_free_pages;
  if (!zone || typeof free !== "number" || free >= NEAR * zone.high) return null;
  const { min, low, high } = zone;
  const state = free < min ? "below min" : free < low ? "below low: kswapd is woken" : free < high ? "below high" : "above high";
  return {
    name: "free",
    note: `${free}`,
    words: `${free} pages free, ${state} (watermarks: min ${min}, low ${low}, high ${high})`,
    part: free / (NEAR * high),
    ticks: [min, low, high].map((mark) => mark / (NEAR * high)),
    tight: free < low,
  };
}

/** @param {import("./rows.js").Row | undefined} group @returns {Gauge | null} of the group that has a limit, if there is one */
function groupGauge(group) {
  if (!group || !(group.limit > 0)) return null;
  const { usage, limit, failcnt } = group;
  return {
    name: "memcg",
    note: `${usage}/${limit}`,
    words: `the group's memory: ${usage} of ${limit} pages charged, limit hit ${failcnt} times`,
    part: usage / limit,
    ticks: [],
    tight: usage >= limit,
  };
}

/** @param {View} view @param {Geometry} geo @param {number} y
 *  @returns {{from: number, drawn: import("./draw.js").Drawn[]}} the gauges at the right end, and where they begin */
export function gauges(view, geo, y) {
  let right = geo.right;
  const drawn = readings(view).map((gauge) => {
    const label = gauge.name.length * LETTER + 8;
    const box = right - WIDTH;
    right = box - label - 14;
    return drawGauge(gauge, box - label, box, y);
  });
  return { from: right === geo.right ? right : right + 2, drawn };
}

/** @param {Gauge} gauge @param {number} x @param {number} box @param {number} y */
function drawGauge({ name, note, words, part, ticks, tight }, x, box, y) {
  const filled = Math.min(Math.max(part, 0), 1) * (WIDTH - 2);
  return s(
    "g",
    { class: "m-gauge", key: name, "data-testid": `machine-gauge-${name}`, "data-tight": tight || null, role: "img", "aria-label": words },
    s("title", {}, words),
    s("text", { class: "m-note", x, y: y + 10.5 }, name),
    s("rect", { class: "m-list", x: box + 0.5, y: y + 0.5, width: WIDTH - 1, height: HEIGHT - 1, rx: 2 }),
    s("rect", { class: "m-filled", x: box + 1, y: y + 1, width: filled, height: HEIGHT - 2, rx: 1 }),
    ticks.map((at, n) => s("path", { class: "m-watermark", key: `mark${n}`, d: `M${Math.round(box + at * WIDTH) + 0.5} ${y - 1}v${HEIGHT + 2}` })),
    s("text", { class: "m-gauge-value", x: box + WIDTH - 4, y: y + 10.5 }, note),
  );
}
