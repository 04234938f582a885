// @ts-check
/** The flame graph on a canvas, for runs with more frames in view than an SVG carries well. */

import { clipped, fitted } from "./fit.js";

/** @typedef {import("./layout.js").Box} Box */

/** @param {HTMLElement} node */
function palette(node) {
  const style = getComputedStyle(node);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const of = (/** @type {string} */ hue) => ({
    fill: token(`--frame-${hue}-soft`),
    line: token(hue === "block" ? "--frame-block-edge" : `--frame-${hue}`),
    text: token(`--frame-${hue}-text`),
  });
  return Object.fromEntries(["memory", "filemap", "readahead", "block", "other"].map((hue) => [hue, of(hue)]));
}

/** @param {HTMLCanvasElement} canvas @param {Box[]} boxes @param {{width: number, height: number, tops: number[]}} size */
export function paint(canvas, boxes, { width, height, tops }) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const colours = palette(canvas);
  pen.scale(ratio, ratio);
  pen.font = "500 10.5px Inter, sans-serif";
  pen.textBaseline = "middle";
  for (const box of boxes) {
    const { left, wide } = clipped(box, width);
    const y = tops[box.row];
    const pitch = tops[box.row + 1] - y;
    const colour = colours[box.hue];
    pen.fillStyle = wide < 3 || pitch < 8 ? colour.line : colour.fill;
    pen.fillRect(left, y, wide, pitch - 2);
    if (wide < 3 || pitch < 8) continue;
    pen.strokeStyle = colour.line;
    pen.strokeRect(left + 0.5, y + 0.5, wide - 1, pitch - 3);
    const label = pitch > 10 ? fitted(box.label, wide) : "";
    pen.fillStyle = colour.text;
    if (label) pen.fillText(label, left + 4, y + pitch / 2 - 0.5);
  }
}
