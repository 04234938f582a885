// @ts-check
/**
 * From "the reader wants to step over" to "go to stage 412": intents that need the timeline become plain actions.
 *
 *     {type: "step", how: "into" | "over" | ... }  one of steps.js
 *     {type: "goto", n}                            a stage that may not have arrived yet
 *
 * Where the answer has not arrived yet the wish is kept, and asked again with each batch.
 */

import { STEPS } from "./steps.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./core.js").Core} Core */

/** The stage that an intent leads to, or -1. @param {any} want @param {Core} core @param {Timeline} timeline */
function target(want, core, timeline) {
  if (want.type === "goto") return want.n < core.count ? want.n : -1;
  const step = /** @type {Record<string, (timeline: Timeline, n: number) => number>} */ (STEPS)[want.how];
  if (!step) throw new Error(`intent: there is no step "${want.how}"`);
  return step(timeline, core.cursor);
}

/** Only what lies ahead may still arrive. @param {any} want */
const ahead = (want) => !["back", "backOver", "start", "prevFault", "end"].includes(want.how);

/** @param {any} action @param {Core} core @param {Timeline} timeline @returns {any} an action for the reducer, or null */
export function resolve(action, core, timeline) {
  if (action.type !== "step" && action.type !== "goto") return action;
  const { auto } = action;
  const n = target(action, core, timeline);
  if (n >= 0) return { type: "seek", n, auto };
  if (!core.done && ahead(action)) return { type: "pending", want: action };
  // The run is over: what never comes leads to the end, as running on would.
  const runsOn =
    action.type === "goto" || action.how === "nextFault" || action.how === "nextIo" || action.how === "over";
  return runsOn && core.count > 0 ? { type: "seek", n: core.count - 1, auto } : null;
}
