// @ts-check
/** The ruler: a line and a value for every round step. */

import { attrs, join, s, text } from "../../dom.js";
import { grouped } from "../../format.js";
import { ticks } from "./scale.js";

/** The words for a place on the axis. @param {number} at @param {import("./scale.js").Scale} scale */
function words(at, { axis, from, to }) {
  if (axis === "stages") return `stage ${grouped(at)}`;
  const span = to - from;
  if (span < 2e4) return `${(at / 1e3).toFixed(span < 2e3 ? 2 : 1)} µs`;
  return span < 2e9 ? `${(at / 1e6).toFixed(span < 2e5 ? 3 : span < 2e6 ? 2 : 1)} ms` : `${(at / 1e9).toFixed(1)} s`;
}

/** @param {Element} svg */
export function createAxis(svg) {
  return (/** @type {import("./scale.js").Scale} */ scale, /** @type {boolean} */ empty) => {
    join(
      svg,
      empty ? [] : ticks(scale),
      (at) => at,
      () => s("g", {}, s("line", { y1: 0, y2: "100%" }), s("text", { x: 4, y: 10 })),
      (node, at) => {
        attrs(node, { transform: `translate(${scale.place(at).toFixed(1)} 0)` });
        text(node.lastChild, words(at, scale));
      },
    );
  };
}
