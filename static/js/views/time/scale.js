// @ts-check
/**
 * The scale of the time dock: from a stage to a place in pixels and back, by virtual time or by stages.
 *
 * Zoomed in, the window moves by half its width at a time, so that it rests while the reader steps.
 */

/**
 * @typedef {object} Scale
 * @property {"time" | "stages"} axis
 * @property {number} from the left edge, in ns or stages
 * @property {number} to
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

/** @param {import("../../select.js").State} state @param {number} width @returns {Scale} */
export function createScale({ count, cursor, spans, ui }, width) {
  const time = spans.time.at;
  const axis = ui.axis === "stages" ? "stages" : "time";
  const value = axis === "time" ? (/** @type {number} */ n) => time[n] : (/** @type {number} */ n) => n;
  const first = count ? value(0) : 0;
  const last = count ? value(count - 1) : 1;
  const whole = Math.max((last - first) * 1.015, axis === "time" ? 1000 : 10);
  const shown = whole / (ui.zoom ?? 1);
  const here = cursor >= 0 ? value(cursor) : first;
  const half = shown / 2;
  const page = Math.floor((here - first - half / 2) / half);
  const from = (ui.zoom ?? 1) > 1 ? first + Math.max(0, Math.min(page * half, whole - shown)) : first;
  const to = from + shown;
  const place = (/** @type {number} */ v) => ((v - from) / shown) * width;
  return {
    axis,
    from,
    to,
    width,
    place,
    x: (n) => place(value(n)),
    stage(x) {
      const wanted = from + (x / Math.max(1, width)) * shown;
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
