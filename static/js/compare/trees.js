// @ts-check
/** The calls of a step in both runs: shared ones, and those of one run only. */

import { common } from "../diff.js";
import { isRef, mark, trail } from "./align.js";
import { numberText } from "../format.js";

/** @typedef {import("../timeline.js").Timeline} Timeline */
/** @typedef {{n: number, fn: string, depth: number, times: number, args: string, shared: boolean, mark: string}} Call */

/** The arguments that are numbers and words, not objects of this run. @param {Record<string, any>} [args] */
const plain = (args = {}) =>
  Object.entries(args)
    .filter(([, value]) => typeof value === "number" || (typeof value === "string" && !isRef(value)))
    .map(([name, value]) => `${name} ${typeof value === "number" ? numberText(name, value) : value}`)
    .join(", ");

/** @param {Timeline} timeline @param {import("./align.js").Part} part @returns {Call[]} */
function calls(timeline, part) {
  /** @type {Call[]} */
  const found = [];
  for (const n of trail(timeline, part)) {
    const stage = timeline.stages[n];
    if (stage.op !== "call") continue;
    const call = { n, fn: stage.fn, depth: timeline.calls.depth.at[n], times: 1, args: plain(stage.args), shared: false, mark: `${timeline.calls.depth.at[n]} ${mark(stage)}` };
    const before = found.at(-1);
    // The thirty-second page is added as the first was.
    if (before && before.fn === call.fn && before.depth === call.depth) before.times += 1;
    else found.push(call);
  }
  return found;
}

/** @param {{timeline: Timeline}} a @param {{timeline: Timeline}} b @param {import("./align.js").Step} step */
export function trees(a, b, step) {
  const inA = calls(a.timeline, step.a);
  const inB = calls(b.timeline, step.b);
  const keys = (/** @type {Call[]} */ list) => list.map((one) => `${one.mark} x${one.times}`);
  const of = common(keys(inA), keys(inB));
  of.forEach((i, j) => {
    if (i >= 0) inA[i].shared = inB[j].shared = true;
  });
  return { a: inA, b: inB };
}

/** How many calls from the top may be folded into one line: those that both make, one inside the other. @param {Call[]} list */
export function chain(list) {
  let n = 0;
  while (n < list.length && list[n].shared && list[n].times === 1 && list[n].depth === list[0].depth + n) n += 1;
  return n;
}
