// @ts-check
/** Who changed this?  The stages that wrote a field of a row, oldest first; making the row wrote all its fields. */

import { writes } from "./stops/hits.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {{ref: string, field: string}} Of */

const KEPT = 8; // questions whose answers are kept and only continued

/** @type {WeakMap<Timeline, Map<string, {upto: number, list: number[]}>>} */
const known = new WeakMap();

/** @param {Timeline} timeline @param {Of} of @returns {number[]} */
export function writersOf(timeline, of) {
  const answers = known.get(timeline) ?? new Map();
  known.set(timeline, answers);
  const key = `${of.ref} ${of.field}`;
  const found = answers.get(key) ?? { upto: 0, list: [] };
  answers.delete(key); // the latest question stands last
  answers.set(key, found);
  if (answers.size > KEPT) answers.delete(answers.keys().next().value);
  const { stages } = timeline;
  for (; found.upto < stages.length; found.upto += 1) {
    const { changes } = stages[found.upto];
    if (changes) for (const change of changes) if (writes(change, of)) {
      found.list.push(found.upto);
      break;
    }
  }
  return found.list;
}

/**
 * The writer to go to: with way 0 the one whose value stands at stage n, else the next or the one before; -1.
 * @param {Timeline} timeline @param {Of} of @param {number} n @param {-1 | 0 | 1} way
 */
export function writer(timeline, of, n, way) {
  const list = writersOf(timeline, of);
  if (way > 0) return list.find((one) => one > n) ?? -1;
  return list.findLast((one) => (way === 0 ? one <= n : one < n)) ?? -1;
}
