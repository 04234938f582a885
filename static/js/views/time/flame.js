// @ts-check
/** The flame graph, growing downwards: SVG while few frames are visible, one canvas beyond that. */

import { attr, attrs, join, must, s, text } from "../../dom.js";
import { clipped, fitted } from "./fit.js";
import { layout } from "./layout.js";
import { paint } from "./paint.js";

/** @typedef {import("./layout.js").Box} Box */
/** @typedef {import("../../select.js").State} State */

const MOST_IN_SVG = 1500;
const TALLEST = 14;
const TALL = 13;
const LOW = 5;
const THIN = 3;
const READABLE = 11;

/**
 * Where each row begins: all at full height while they fit, else the outer rows readable and the inner ones thin.
 * @param {number} rows @param {number} height @returns {number[]} one more than there are rows
 */
export function rowTops(rows, height) {
  // In a strip too low for names every row is as high as the others.
  if (height < 60) return Array.from({ length: rows + 1 }, (_, row) => row * Math.max(3, Math.floor(height / rows)));
  const tall = rows * TALLEST <= height ? rows : Math.max(2, Math.floor((height - rows * LOW) / (TALL - LOW)));
  const step = tall === rows ? TALLEST : TALL;
  return Array.from({ length: rows + 1 }, (_, row) => Math.min(row, tall) * step + Math.max(0, row - tall) * LOW);
}

/** The same for lanes, each of which has room by its number of rows. */
/** @param {import("./layout.js").Lane[]} lanes @param {number} height @returns {number[]} */
export function laneTops(lanes, height) {
  const all = lanes.reduce((sum, { rows }) => sum + rows, 0);
  const tops = [];
  let y = 0;
  for (const { rows } of lanes) {
    const own = rowTops(rows, lanes.length === 1 ? height : Math.max(rows * LOW, (height * rows) / all));
    tops.push(...own.slice(0, -1).map((top) => y + top));
    y += own[rows];
  }
  return [...tops, y];
}

const hatch = () =>
  s(
    "defs",
    {},
    s(
      "pattern",
      { id: "flame-hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      s("rect", { class: "hatch-soft", width: 6, height: 6 }),
      s("rect", { class: "hatch-line", width: 2.6, height: 6 }),
    ),
  );

/** @param {HTMLElement} root */
export function createFlame(root) {
  const svg = must(root, "svg");
  const canvas = /** @type {HTMLCanvasElement} */ (must(root, "canvas"));
  const group = s("g");
  svg.append(hatch(), group);
  /** @type {Box[]} */
  let boxes = [];
  let tops = [0, TALLEST];

  /** @param {Box} box */
  const item = (box) =>
    s("g", { "data-call": box.call, "data-wait": box.wait }, s("rect", { rx: box.w < THIN ? 0 : 2 }));

  /** @param {SVGElement} node @param {Box} box @param {number} width */
  function update(node, box, width) {
    const { left, wide } = clipped(box, width);
    const y = tops[box.row];
    const pitch = tops[box.row + 1] - y;
    attrs(node, { "data-fn": box.fns.at(-1), "data-hue": box.hue });
    attrs(must(node, "rect"), { x: left.toFixed(1), y, width: wide.toFixed(1), height: pitch - (pitch > LOW ? 2 : 1) });
    caption(node, box, pitch >= READABLE ? fitted(box.label, wide) : "", left + 4, y + pitch / 2 + 2.5);
  }

  /** The name in the box, and the whole name for whoever points at it; a sliver has neither. */
  /** @param {SVGElement} node @param {Box} box @param {string} label @param {number} x @param {number} y */
  function caption(node, box, label, x, y) {
    let name = node.querySelector("text");
    if (!label) name?.remove();
    else {
      name ??= node.appendChild(/** @type {SVGTextElement} */ (s("text")));
      attrs(name, { x: x.toFixed(1), y });
      text(name, label);
    }
    if (box.w < THIN) return;
    const title = node.querySelector("title") ?? node.appendChild(s("title"));
    text(title, box.label);
  }

  /** @param {number} x @param {number} y */
  function boxAt(x, y) {
    const row = tops.findIndex((top) => top > y) - 1;
    return boxes.findLast((box) => box.row === row && x >= box.x && x <= box.x + Math.max(2, box.w));
  }

  return {
    /** Draw everything anew; returns the lanes, and where each row begins. */
    /** @param {State} state @param {import("./scale.js").Scale} scale @param {number} height */
    draw(state, scale, height) {
      const laid = layout(state, scale);
      boxes = laid.boxes;
      tops = laneTops(laid.lanes, height);
      const many = boxes.length > MOST_IN_SVG;
      attr(svg, "hidden", many);
      canvas.hidden = !many;
      if (many) paint(canvas, boxes, { width: scale.width, height, tops });
      join(
        group,
        many ? [] : boxes,
        (box) => `${box.call}${box.wait ? "w" : ""}`,
        item,
        (node, box) => update(node, box, scale.width),
      );
      attr(root, "data-frames", boxes.length);
      attr(root, "data-drawn", many ? "canvas" : "svg");
      return { lanes: laid.lanes, tops };
    },
    /** The call drawn at a point of the plot, or -1. @param {number} x @param {number} y */
    callAt: (x, y) => boxAt(x, y)?.call ?? -1,
    /** On the canvas the plot itself tells what the pointer is on. @param {number} x @param {number} y */
    point: (x, y) => attr(root, "title", canvas.hidden ? null : (boxAt(x, y)?.label ?? null)),
  };
}
