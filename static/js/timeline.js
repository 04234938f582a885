// @ts-check
/**
 * The timeline: every stage that has arrived, and the state at any of them.
 *
 * Stages are only ever appended.  Every 256 stages a keyframe keeps the rows as they were, so that any stage is at
 * most one keyframe and 255 changes away.
 */

import { createCalls, noteCall } from "./calls.js";
import { createFaults, noteFault } from "./faults.js";
import { column } from "./growable.js";
import { createKeyframes, keep, restore } from "./keyframes.js";
import { apply, revert } from "./rows.js";

const KEYFRAME = 256;

export function createTimeline() {
  return {
    /** @type {any[]} */
    stages: [],
    time: column(Float64Array),
    calls: createCalls(),
    faults: createFaults(),
    /** Keyframe i holds the rows after stage 256·i + 255. */
    keyframes: createKeyframes(),
    /** Rows after the last stage held, and the refs it may write in place. */
    head: /** @type {import("./rows.js").Rows} */ ({}),
    owned: /** @type {Set<string>} */ (new Set()),
    /** Where the reader is: rows after stage `cursor`. */
    cursor: -1,
    rows: /** @type {import("./rows.js").Rows} */ ({}),
  };
}

/** @typedef {ReturnType<typeof createTimeline>} Timeline */

/** Add the stages that follow; those already held are passed over.  Returns how many stages are held. */
/** @param {Timeline} timeline @param {number} from @param {any[]} stages */
export function append(timeline, from, stages) {
  const held = timeline.stages.length;
  if (from > held) throw new Error(`timeline: stages from ${from} do not follow the ${held} held`);
  for (const stage of stages.slice(held - from)) {
    const n = timeline.stages.length;
    timeline.stages.push(stage);
    timeline.time.push(stage.t);
    apply(timeline.head, stage.changes, timeline.owned);
    noteCall(timeline.calls, stage, n);
    noteFault(timeline.faults, stage, n, timeline.head);
    if (n % KEYFRAME === KEYFRAME - 1) {
      keep(timeline.keyframes, timeline.head, timeline.owned);
      timeline.owned = new Set();
    }
  }
  return timeline.stages.length;
}

/** Go to stage n and return its rows; a row that did not change stays the same object. */
/** @param {Timeline} timeline @param {number} n @returns {import("./rows.js").Rows} */
export function seek(timeline, n) {
  const { stages } = timeline;
  if (n < -1 || n >= stages.length) throw new Error(`timeline: no stage ${n} among ${stages.length}`);
  if (n === timeline.cursor) return timeline.rows;
  if (Math.abs(n - timeline.cursor) > KEYFRAME) jump(timeline, n);
  const rows = { ...timeline.rows };
  const owned = new Set();
  for (let i = timeline.cursor + 1; i <= n; i += 1) apply(rows, stages[i].changes, owned);
  for (let i = timeline.cursor; i > n; i -= 1) revert(rows, stages[i].changes, owned);
  timeline.cursor = n;
  timeline.rows = rows;
  return rows;
}

/** Move to the keyframe at or before n. @param {Timeline} timeline @param {number} n */
function jump(timeline, n) {
  const key = Math.floor((n + 1) / KEYFRAME) - 1;
  timeline.cursor = key * KEYFRAME + KEYFRAME - 1;
  timeline.rows = key < 0 ? {} : restore(timeline.keyframes, key);
}
