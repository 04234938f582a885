// @ts-check
/**
 * The scale of the time dock: from a stage to a place in pixels and back, by virtual time or by stages.
 *
 * All of the run is on show, or the window that the reader chose.  A window rests while the reader steps inside it,
 * and moves on by half its width when the cursor leaves it.
 */

/** A part of the axis, and the cursor when it was chosen: until that moves, it need not be in view. */
/** @typedef {{from: number, to: number, at: number}} Window */
/**
 * @typedef {object} Scale
 * @property {"time" | "stages"} axis
 * @property {number} from the left edge, in ns or stages
 * @property {number} to
 * @property {number} first where the run begins
 * @property {number} whole how long all of it is
 * @property {number} width in pixels
 * @property {(n: number) => number} x where stage n is
 * @property {(value: number) => number} place where a value of the axis is
 * @property {(x: number) => number} stage the last stage at or left of x
 */

/** The last index whose value is at most `value`. @param {ArrayLike<number>} values @param {number} count @param {number} value */
function lastAtMost(values, count, value) {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** @param {Window | null} window @param {number} cursor @param {number} here @param {number} first @param {number} whole */
function edges(window, cursor, here, first, whole) {
  if (!window || window.to - window.from >= whole) return [first, first + whole];
  const span = window.to - window.from;
  const inView = cursor === window.at || (here >= window.from && here <= window.to);
  const half = span / 2;
  const wanted = inView ? window.from : first + Math.floor((here - first - half / 2) / half) * half;
  const from = Math.max(first, Math.min(wanted, first + whole - span));
  return [from, from + span];
}

/** @param {Pick<import("../../select.js").State, "count" | "cursor" | "spans" | "ui">} state @param {number} width @returns {Scale} */
export function createScale({ count, cursor, spans, ui }, width) {
  const time = spans.time.at;
  const axis = ui.axis === "stages" ? "stages" : "time";
  const value = axis === "time" ? (/** @type {number} */ n) => time[n] : (/** @type {number} */ n) => n;
  const first = count ? value(0) : 0;
  const last = count ? value(count - 1) : 1;
  const whole = Math.max((last - first) * 1.015, axis === "time" ? 1000 : 10);
  const [from, to] = edges(ui.window, cursor, cursor >= 0 ? value(cursor) : first, first, whole);
  const place = (/** @type {number} */ v) => ((v - from) / (to - from)) * width;
  return {
    axis,
    from,
    to,
    first,
    whole,
    width,
    place,
    x: (n) => place(value(n)),
    stage(x) {
      const wanted = from + (x / Math.max(1, width)) * (to - from);
      return axis === "time" ? lastAtMost(time, count, wanted) : Math.max(0, Math.min(count - 1, Math.round(wanted)));
    },
  };
}

/** Round steps for about one tick in 150 pixels. @param {Scale} scale @returns {number[]} */
export function ticks({ from, to, width, axis }) {
  const rough = (to - from) / Math.max(1, width / 150);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    [1, 2, 5, 10].map((k) => k * power).find((k) => k >= rough) ?? rough,
    axis === "stages" ? 1 : 0,
  );
  const found = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) found.push(at);
  return found;
}
