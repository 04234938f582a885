// @ts-check
/** The shapes of pages and PTEs. Colour comes from the stylesheet through data-state; shape is decided here. */

import { s } from "./draw.js";

/** @typedef {{x: number, y: number, w: number, h: number}} Place */

/** Behind a cell that changed in this stage. @param {Place} p @param {boolean} changed */
export const halo = (p, changed) =>
  changed && s("rect", { class: "m-halo", x: p.x - 1, y: p.y - 2.5, width: p.w + 2, height: p.h + 5, rx: 3 });

/** Around a cell that is faulting, or whose turn is next. @param {Place} p @param {string | null} hot */
export const ring = (p, hot) =>
  hot && s("rect", { class: "m-ring", x: p.x - 1, y: p.y - 1, width: p.w + 2, height: p.h + 2, rx: 3 });

/** @param {Place} p */
export const box = (p) =>
  s("rect", { class: "m-box", x: p.x + 0.5, y: p.y + 0.5, width: p.w - 1, height: p.h - 1, rx: 2 });

/** A page's inside. @param {Place} p @param {string} state @param {string[]} flags @param {number} mappings PTEs that
 *  point to it */
export function pageMarks(p, state, flags, mappings = 1) {
  const has = (/** @type {string} */ flag) => flags.includes(flag);
  const middle = p.x + p.w / 2;
  const foot = p.y + p.h;
  return [
    state === "error" && cross({ x: middle - 3, y: p.y + p.h / 2 - 3, w: 6, h: 6 }),
    state === "zero" && s("text", { class: "m-zero", x: middle, y: p.y + p.h / 2 + 3.5 }, "0"),
    state === "evicted" && s("circle", { class: "m-shadow", cx: middle, cy: p.y + p.h / 2, r: 2.75 }),
    has("mapped") && tabs(p, mappings),
    has("writeback") && writeback(p, middle),
    has("locked") && s("rect", { class: "m-lock", x: p.x + 1, y: p.y + 1, width: p.w * 0.28, height: p.h - 2 }),
    has("dirty") && s("path", { class: "m-dirty", d: corner(p) }),
    (has("mlocked") || has("unevictable")) &&
      s("rect", { class: "m-held", x: p.x + 1, y: foot - 3.5, width: p.w - 2, height: 2.5 }),
    has("readahead") && s("path", { class: "m-pennant", d: pennant(p, middle) }),
    dots(has("active"), has("referenced")).map(([dx, dy], n) =>
      s("circle", { class: "m-dot", key: `dot${n}`, cx: middle + dx, cy: foot - 5 - dy, r: 1.6 }),
    ),
  ];
}

/** One tab for each mapping, three at most. @param {Place} p @param {number} mappings */
function tabs(p, mappings) {
  const count = Math.min(mappings, 3);
  const each = count === 1 ? p.w * 0.64 : (p.w - (count - 1)) / count;
  const from = count === 1 ? p.x + p.w * 0.18 : p.x;
  return Array.from({ length: count }, (_, n) =>
    s("rect", { class: "m-tab", key: `tab${n}`, x: round(from + n * (each + 1)), y: p.y - 4, width: round(each), height: 5, rx: 1 }),
  );
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** Two dots are active, one is referenced, three are both. @param {boolean} active @param {boolean} referenced */
function dots(active, referenced) {
  /** @type {[number, number][]} */
  const places = [];
  if (active) places.push([-2.4, 0], [2.4, 0]);
  if (referenced) places.push([0, active ? 5 : 0]);
  return places;
}

/** @param {Place} p @param {number} middle */
function pennant(p, middle) {
  return `M${p.x} ${p.y}H${p.x + p.w}V${p.y + 15}L${middle} ${p.y + 10}L${p.x} ${p.y + 15}Z`;
}

/** @param {Place} p */
function corner(p) {
  const [right, foot] = [p.x + p.w - 0.5, p.y + p.h - 0.5];
  const size = Math.min(p.w - 1, 9);
  return `M${right} ${foot}H${right - size}L${right} ${foot - size}Z`;
}

/** @param {Place} p @param {number} middle */
function writeback(p, middle) {
  const top = p.y + p.h / 2;
  const down = (/** @type {number} */ y) => `M${middle - 3} ${y}l3 3l3-3`;
  return s(
    "g",
    { class: "m-writeback" },
    s("rect", { x: p.x + 0.5, y: top, width: p.w - 1, height: p.h / 2 - 0.5, rx: 2 }),
    s("path", { d: down(top + 3.5) + down(top + 8) }),
  );
}

/** @param {Place} p */
const cross = (p) =>
  s("path", { class: "m-cross", d: `M${p.x} ${p.y}l${p.w} ${p.h}M${p.x + p.w} ${p.y}l${-p.w} ${p.h}` });

/** A PTE's inside. @param {Place} p @param {string} state */
export function pteMarks(p, state) {
  const centre = p.y + p.h / 2;
  return [
    state === "rw-dirty" && s("path", { class: "m-dirty", d: corner(p) }),
    state === "wp" && s("rect", { class: "m-bar", x: p.x + 2.5, y: centre - 1.25, width: p.w - 5, height: 2.5 }),
    state === "cow" && s("path", { class: "m-slash", d: `M${p.x + 2} ${p.y + p.h - 2}L${p.x + p.w - 2} ${p.y + 2}` }),
    state === "protnone" && cross({ x: p.x + 2, y: p.y + 3, w: p.w - 4, h: p.h - 6 }),
  ];
}

/** A row's name in the gutter: colour bar, name, what it holds in words.
 *  @param {{y: number, tone: string, name: string, note: string, bar?: number}} row */
export const gutter = ({ y, tone, name, note, bar = 16 }) =>
  s(
    "g",
    { class: "m-gutter", "data-tone": tone, key: `gutter-${name}` },
    tone !== "" && s("rect", { class: "m-swatch", x: 0, y: y - 9, width: 4, height: bar, rx: 2 }),
    s("text", { class: "m-name", x: tone === "" && name === "Address space" ? 0 : 10, y }, name),
    note !== "" && s("text", { class: "m-note", x: tone === "" ? 0 : 10, y: y + 14 }, note),
  );

/** The same on a phone: one line over the row. @param {{y: number, x: number, right: number, tone: string,
 *  name: string, note: string}} row */
export const rowHead = ({ y, x, right, tone, name, note }) =>
  s(
    "g",
    { class: "m-gutter", "data-tone": tone, key: `head-${name}-${y}` },
    s("rect", { class: "m-swatch", x: x + 18, y: y - 11, width: 4, height: 13, rx: 2 }),
    s("text", { class: "m-name", x: x + 28, y }, name),
    s("text", { class: "m-note", x: right, y, "text-anchor": "end" }, note),
  );
