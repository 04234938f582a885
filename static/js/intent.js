// @ts-check
/**
 * From "the reader wants to step over" to "go to stage 412": intents that need the timeline become plain actions.
 *
 *     {type: "step", how: "into" | "over" | ... }      one of steps.js; "nextStop", "prevStop": breakpoints; "run": as far as one may
 *     {type: "goto", n}                                a stage that may not have arrived yet
 *     {type: "writer", ref, field, label, way}         who changed this value last (0), before (-1), next (1)
 *
 * Where the answer has not arrived yet the wish is kept, and asked again with each batch.
 */

import { STEPS } from "./steps.js";
import { runOn, toStop } from "./stops.js";
import { writer } from "./writers.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./core.js").Core} Core */

/** Steps to what is near; every other way of going somewhere is a leap that history remembers. */
const NEAR = new Set(["into", "back", "over", "backOver", "out", "backOut"]);

/** The stage that an intent leads to, or -1. @param {any} want @param {Core} core @param {Timeline} timeline */
function target(want, core, timeline) {
  const { cursor, stops, catalogue, done } = core;
  const functions = catalogue?.functions ?? {};
  if (want.type === "goto") return want.n < core.count ? want.n : -1;
  if (want.how === "run") return runOn(timeline, stops, functions, done, cursor);
  if (want.how === "nextStop") return toStop(timeline, stops, functions, done, cursor, 1);
  if (want.how === "prevStop") return toStop(timeline, stops, functions, done, cursor, -1);
  const step = STEPS[want.how];
  if (!step) throw new Error(`intent: there is no step "${want.how}"`);
  return step(timeline, cursor);
}

/** Only what lies ahead may still arrive. @param {any} want */
const ahead = ({ type, how }) => type === "goto" || how.startsWith("next") || ["into", "over", "out"].includes(how);

/** Where a way leads that finds nothing: running on comes to the end, running back to the start. */
/** @param {any} want @param {Core} core */
function otherwise({ type, how }, core) {
  if (type === "goto" || how.startsWith("next") || how === "over") return core.count - 1;
  return how.startsWith("prev") ? 0 : -1;
}

/** @param {any} action @param {Core} core @param {Timeline} timeline @returns {any} an action for the reducer, or null */
export function resolve(action, core, timeline) {
  if (action.type === "writer") return follow(action, core, timeline);
  if (action.type !== "step" && action.type !== "goto") return action;
  const { auto } = action;
  const near = NEAR.has(action.how);
  const n = target(action, core, timeline);
  if (n >= 0) return { type: "seek", n, auto, near };
  if (!core.done && !core.held && ahead(action)) return { type: "pending", want: action };
  const last = core.count > 0 ? otherwise(action, core) : -1;
  return last >= 0 ? { type: "seek", n: last, auto, near } : null;
}

/** @param {any} action @param {Core} core @param {Timeline} timeline */
function follow({ ref, field, label, way }, core, timeline) {
  const trail = { ref, field: String(field), label };
  const n = writer(timeline, trail, core.cursor, way);
  return n >= 0 ? { type: "seek", n, trail } : { type: "ui", ui: { trail } };
}
