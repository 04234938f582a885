// @ts-check
/** The two windows, never confused: fault-around hangs over the PTEs, readahead over the cache pages. */

import { range } from "./decode.js";
import { s } from "./draw.js";
import { clip, left } from "./geometry.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** Rough widths of 10.5 px Inter; a label only has to fit its box. @param {string} text */
const textWidth = (text) => text.length * 5.5;

/** What fault-around did, in words. @param {View} view @param {boolean} [short] @returns {string} */
export function aroundWords(view, short = false) {
  const [first, last] = view.fault.around;
  const { mapped } = view.fault;
  const label = `fault-around ${range(first, last)}`;
  if (mapped > 0) return `${label}: ${mapped} set`;
  const ready = view.cells.some(({ page }) => page.index >= first && page.index <= last && page.state === "uptodate");
  return `${label}: ${ready ? "nothing new" : short ? "nothing" : "nothing to map"}`;
}

/** @param {View} view @param {Geometry} geo @param {Block} block */
export function aroundWindow(view, geo, block) {
  const around = view.fault?.active ? view.fault.around : null;
  const seen = around && view.access.page !== null && clip(block, around[0], around[1]);
  if (!seen) return null;
  const attrs = {
    "data-testid": "machine-window-fault-around",
    "data-ref": "fault",
    "data-start": around[0],
    "data-size": around[1] - around[0] + 1,
    "data-mapped": view.fault.mapped ?? 0,
  };
  return bracket(geo, block, seen, { kind: "fault-around", y: block.bracket + 7, text: aroundWords(view, geo.phone), attrs });
}

/** The last window of the open file, and what it was before this stage.
 *  @param {View} view @param {Geometry} geo @param {Block} block */
export function readaheadWindows(view, geo, block) {
  if (!view.ra) return [];
  const { row, ref } = view.ra;
  const was = previous(view, ref, row);
  return [
    was && was.size > 0 && window(geo, block, was, { kind: "previous", ref, words: "was start" }),
    row.size > 0 && (window(geo, block, row, { kind: "readahead", ref, words: "readahead start" })
      ?? elsewhere(view, geo, block, row, ref)),
  ];
}

/** @param {View} view @param {string} ref @param {any} row @returns {any} the window before this stage, if it moved */
function previous(view, ref, row) {
  const fields = ["start", "size", "async_size"].filter((field) => view.changes.has(ref, field));
  if (fields.length === 0) return null;
  return { ...row, ...Object.fromEntries(fields.map((field) => [field, view.changes.before(ref, field)])) };
}

/** @param {Geometry} geo @param {Block} block @param {any} ra
 *  @param {{kind: string, ref: string, words: string}} how */
function window(geo, block, ra, { kind, ref, words }) {
  const seen = clip(block, ra.start, ra.start + ra.size - 1);
  if (!seen) return null;
  return bracket(geo, block, seen, {
    kind,
    y: block.window + 7,
    text: `${words} ${ra.start} · size ${ra.size} · async ${ra.async_size}`,
    tick: ra.async_size > 0 && ra.async_size < ra.size ? ra.start + ra.size - ra.async_size : undefined,
    attrs: {
      "data-testid": `machine-window-${kind}`,
      "data-ref": ref,
      "data-start": ra.start,
      "data-size": ra.size,
      "data-async": ra.async_size,
    },
  });
}

/** A window that lies outside the columns keeps its name at the edge.
 *  @param {View} view @param {Geometry} geo @param {Block} block @param {any} ra @param {string} ref */
function elsewhere(view, geo, block, ra, ref) {
  const ahead = ra.start >= block.first + block.count;
  if (geo.phone && (ahead ? block !== geo.blocks.at(-1) : block !== geo.blocks[0])) return null;
  const where = ra.start >= view.focus.end ? "past the end of the file" : ahead ? "further on" : "further back";
  const text = `readahead start ${ra.start} · size ${ra.size} · async ${ra.async_size}, ${where}`;
  return s("g", {
    class: "m-window", key: `readahead ${ref}`, "data-state": "readahead", "data-testid": "machine-window-readahead",
    "data-ref": ref, "data-start": ra.start, "data-size": ra.size, "data-async": ra.async_size, "data-outside": true,
  }, s("text", {
    class: "m-loose", x: ahead ? geo.right : block.x, y: block.window + 10.5, "text-anchor": ahead ? "end" : "start",
  }, text));
}

/**
 * @param {Geometry} geo @param {Block} block @param {{from: number, to: number, cutLeft: boolean, cutRight: boolean}} seen
 * @param {{kind: string, y: number, text: string, tick?: number, attrs: Record<string, string | number>}} what
 */
function bracket(geo, block, seen, { kind, y, text, tick, attrs }) {
  const from = left(geo, block, seen.from) + 1;
  const to = left(geo, block, seen.to) + geo.column - 1;
  const foot = kind === "fault-around" ? 6 : 9;
  const d = `${seen.cutLeft ? `M${from} ${y}` : `M${from} ${y + foot}V${y}`}H${to}${seen.cutRight ? "" : `V${y + foot}`}`;
  const at = tick !== undefined && tick >= seen.from && tick <= seen.to ? left(geo, block, tick) : null;
  return s("g", { class: "m-window", key: `${kind} ${attrs["data-ref"]}`, "data-state": kind, ...attrs },
    s("path", { class: "m-bracket", d }),
    at !== null && s("path", { class: "m-tick", d: `M${at} ${y}V${y + foot}` }),
    label(geo, { kind, y, text, from, to }));
}

/** On the line when it fits, else beside it. @param {Geometry} geo
 *  @param {{kind: string, y: number, text: string, from: number, to: number}} what */
function label(geo, { kind, y, text, from, to }) {
  const width = textWidth(text) + 16;
  if (kind === "previous") return geo.phone ? null : s("text", { class: "m-loose", x: from + 8, y: y - 4 }, text);
  const fits = to + width - 8 < geo.right;
  if (to - from < width + 11 && (fits || from - width > 0)) {
    const x = fits ? to + 8 : from - 8;
    return s("text", { class: "m-loose", x, y: y + 3.5, "text-anchor": fits ? "start" : "end" }, text);
  }
  return [
    s("rect", { class: "m-label", x: from + 9, y: y - 7, width, height: 14, rx: 4 }),
    s("text", { class: "m-label-text", x: from + 9 + width / 2, y: y + 3.5 }, text),
  ];
}

