// @ts-check
/** The ruler: a line and a value for every round step. */

import { attr, attrs, join, must, s, text } from "../../dom.js";
import { grouped } from "../../format.js";
import { ticks } from "./scale.js";

/** The words for a place on the axis, with some digits more for one that is no round step. */
/** @param {number} at @param {import("./scale.js").Scale} scale @param {number} [more] */
export function words(at, { axis, from, to }, more = 0) {
  if (axis === "stages") return `stage ${grouped(at)}`;
  const span = to - from;
  if (span < 2e4) return `${(at / 1e3).toFixed((span < 2e3 ? 2 : 1) + Math.min(1, more))} µs`;
  if (span < 2e9) return `${(at / 1e6).toFixed((span < 2e5 ? 3 : span < 2e6 ? 2 : 1) + more)} ms`;
  return `${(at / 1e9).toFixed(1 + more)} s`;
}

const LABEL = 72;

/** @param {Element} svg */
export function createAxis(svg) {
  /** Leave out the words that the playhead's label would cover. @param {number} x */
  function clear(x) {
    for (const node of svg.children) {
      const at = Number(/** @type {any} */ (node).dataset.x);
      attr(must(node, "text"), "visibility", at > x - LABEL - 44 && at < x + 44 ? "hidden" : null);
    }
  }

  const draw = (/** @type {import("./scale.js").Scale} */ scale, /** @type {boolean} */ empty) => {
    join(
      svg,
      empty ? [] : ticks(scale),
      (at) => at,
      () => s("g", {}, s("line", { y1: 0, y2: "100%" }), s("text", { x: 4, y: 10 })),
      (node, at) => {
        attrs(node, { "data-x": scale.place(at).toFixed(1), transform: `translate(${scale.place(at).toFixed(1)} 0)` });
        text(node.lastChild, words(at, scale));
      },
    );
  };
  return { draw, clear };
}
