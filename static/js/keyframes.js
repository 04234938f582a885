// @ts-check
/**
 * Keyframes: the rows as they were every so many stages, in typed arrays.
 *
 * Every ref has a number, every row that stood at some keyframe has one in a pool; a keyframe is one Int32Array that
 * gives for each ref its row, or -1.  A row that did not change between two keyframes is the same object in both.
 */

import { column } from "./growable.js";

/** @typedef {import("./rows.js").Rows} Rows */

export function createKeyframes() {
  return {
    /** @type {string[]} */
    refs: [],
    /** @type {Map<string, number>} */
    numbers: new Map(),
    /** @type {import("./rows.js").Row[]} */
    pool: [],
    /** For each ref the place of its latest row in the pool, -1 when there is none. */
    latest: column(Int32Array),
    /** @type {Int32Array[]} */
    frames: [],
  };
}

/** @typedef {ReturnType<typeof createKeyframes>} Keyframes */

/** Keep these rows; `touched` are the refs that were written since the last keyframe. */
/** @param {Keyframes} keys @param {Rows} rows @param {Iterable<string>} touched */
export function keep(keys, rows, touched) {
  const { refs, numbers, pool, latest } = keys;
  for (const ref of touched) {
    let number = numbers.get(ref);
    if (number === undefined) {
      number = refs.push(ref) - 1;
      numbers.set(ref, number);
      latest.push(-1);
    }
    latest.at[number] = ref in rows ? pool.push(rows[ref]) - 1 : -1;
  }
  keys.frames.push(latest.at.slice(0, latest.length));
}

/** The rows of keyframe i, as an object of its own whose rows are shared. @param {Keyframes} keys @param {number} i @returns {Rows} */
export function restore({ refs, pool, frames }, i) {
  const frame = frames[i];
  /** @type {Rows} */
  const rows = {};
  for (let number = 0; number < frame.length; number += 1) {
    if (frame[number] >= 0) rows[refs[number]] = pool[frame[number]];
  }
  return rows;
}
