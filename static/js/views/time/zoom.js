// @ts-check
/** Zooming and panning: from the scale on show to the window that is wanted next; null is all of the run. */

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./scale.js").Window} Window */

/** The shortest window: what is shorter than a call tells nothing. @type {Record<string, number>} */
const LEAST = { time: 400, stages: 8 };

/** Make everything `factor` times as wide; what is at x stays there. */
/** @param {Scale} scale @param {number} factor @param {number} x @param {number} cursor @returns {Window | null} */
export function zoomed(scale, factor, x, cursor) {
  const now = scale.to - scale.from;
  const span = Math.max(Math.min(now, LEAST[scale.axis]), Math.min(scale.whole, now / factor));
  const part = x / Math.max(1, scale.width);
  return within(scale, scale.from + part * now - part * span, span, cursor);
}

/** Move what is on show to the left by so many pixels. */
/** @param {Scale} scale @param {number} pixels @param {number} cursor @returns {Window | null} */
export function panned(scale, pixels, cursor) {
  const span = scale.to - scale.from;
  return within(scale, scale.from + (pixels / Math.max(1, scale.width)) * span, span, cursor);
}

/** The window of this length around a part of the whole, from 0 to 1. */
/** @param {Scale} scale @param {number} part @param {number} cursor @returns {Window | null} */
export function centred(scale, part, cursor) {
  const span = scale.to - scale.from;
  return within(scale, scale.first + part * scale.whole - span / 2, span, cursor);
}

/** @param {Scale} scale @param {number} from @param {number} span @param {number} cursor @returns {Window | null} */
function within({ first, whole }, from, span, cursor) {
  if (span >= whole) return null;
  const left = Math.max(first, Math.min(from, first + whole - span));
  return { from: left, to: left + span, at: cursor };
}

/** What zooming by keys and buttons keeps in place: the cursor while it is in view, else the middle. */
/** @param {Scale} scale @param {number} cursor */
export function anchor(scale, cursor) {
  const x = cursor < 0 ? -1 : scale.x(cursor);
  return x >= 0 && x <= scale.width ? x : scale.width / 2;
}
