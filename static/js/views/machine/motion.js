// @ts-check
/**
 * Animations over a finished picture: only for one step forward, only when motion is on, never needed to understand.
 * Whatever is still moving when the next state comes is cut short.
 */

import { SHORTEST_MOTION, beat } from "../../beats.js";
import { SCENES } from "./choreography.js";
import { draw, retract } from "./effects.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

/** @param {SVGSVGElement} svg @param {SVGSVGElement} overlay where dots and sweeps live */
export function createMotion(svg, overlay) {
  /** @type {Animation[]} */
  let running = [];
  /** @type {{run: unknown, cursor: number, line: string | null}} */
  let before = { run: null, cursor: -2, line: null };

  return (/** @type {any} */ state, /** @type {View} */ view, /** @type {Geometry} */ geo) => {
    const line = svg.querySelector(".m-depth-line")?.getAttribute("d") ?? null;
    const last = before;
    const run = state.run?.run;
    before = { run, cursor: state.cursor, line };
    if (run === last.run && state.cursor === last.cursor) return;
    for (const animation of running) animation.cancel();
    running = [];
    overlay.replaceChildren();
    if (run !== last.run || state.cursor !== last.cursor + 1) return;
    const speed = state.ui?.speed || 1;
    const stage = { running, overlay, unit: 1 / speed };
    if (state.ui?.motion === "reduced") return calm(running, svg);
    if (state.ui?.motion !== "full" || short(state, speed)) return;
    SCENES[state.stage?.kind]?.({ stage, svg, view, geo });
    depth(stage, svg, last.line, line);
  };
}

/** Whether the beat of this stage is too short for anything to travel. @param {any} state @param {number} speed */
function short(state, speed) {
  const { stages, cursor } = state;
  return (
    Boolean(stages?.length) &&
    cursor < stages.length &&
    beat(stages, cursor) / speed < SHORTEST_MOTION &&
    !FOLLOWED.has(state.stage.op)
  );
}

/** Calls and returns are short, but the depth line may grow or shrink with them. */
const FOLLOWED = new Set(["call", "return"]);

/** No travel: what changed comes up in 80 ms. @param {Animation[]} running @param {SVGSVGElement} svg */
function calm(running, svg) {
  for (const element of svg.querySelectorAll("[data-changed] > .m-box, [data-changed] > .m-bar")) {
    running.push(element.animate([{ opacity: 0.3 }, { opacity: 1 }], { duration: 80 }));
  }
}

/** The depth line grows from where it was, or goes back. @param {import("./effects.js").Stage} stage
 *  @param {SVGSVGElement} svg @param {string | null} was @param {string | null} is */
function depth(stage, svg, was, is) {
  if (was === is) return;
  if (!is) return was === null ? undefined : retract(stage, was, "m-depth-line", 250);
  const path = /** @type {SVGPathElement | null} */ (svg.querySelector(".m-depth-line"));
  const same = was !== null && was.slice(0, was.lastIndexOf("V")) === is.slice(0, is.lastIndexOf("V"));
  const [from, to] = [was, is].map((d) => Number(d?.slice(d.lastIndexOf("V") + 1) ?? 0));
  const length = path?.getTotalLength() ?? 0;
  draw(stage, path, { ms: same ? 200 : 250, from: same ? Math.max(length - (to - from), 0) : 0 });
}
