// @ts-check
/** The breakpoints of a run at the cursor: what each means, where it is hit, and where the next hit is. */

import { Mistake } from "./expression/mistake.js";
import { createHits, nearest } from "./stops/hits.js";
import { parseStop } from "./stops/parse.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./stops/shelf.js").Kept} Kept */
/** @typedef {import("./stops/parse.js").Stop} Stop */
/** @typedef {import("./growable.js").Column<Int32Array>} Column */
/**
 * @typedef {object} Shown
 * @property {string} text
 * @property {boolean} on
 * @property {string} wrong why it cannot be understood, or ""
 * @property {number} hits in all stages held
 * @property {number} passed of these at or before the cursor
 * @property {boolean} here whether it is hit at this stage
 * @property {import("./stops/parse.js").Place | null} place
 */
/** @typedef {{key: string, functions: any, parsed: (Stop | Mistake)[], hits: ReturnType<typeof createHits>}} Reading */

/** @type {WeakMap<Timeline, Reading>} */
const readings = new WeakMap();

/** @param {string} text @param {Record<string, any>} functions @returns {Stop | Mistake} */
export function readStop(text, functions) {
  try {
    return parseStop(text, functions);
  } catch (error) {
    if (error instanceof Mistake) return error;
    throw error;
  }
}

/** @param {Timeline} timeline @param {Kept[]} list @param {Record<string, any>} functions @returns {Reading} */
function reading(timeline, list, functions) {
  const key = JSON.stringify(list.map((one) => one.text));
  const known = readings.get(timeline);
  if (known && known.key === key && known.functions === functions) return known;
  const parsed = list.map((one) => readStop(one.text, functions));
  const good = parsed.filter((one) => !(one instanceof Mistake));
  const fresh = { key, functions, parsed, hits: createHits(timeline, /** @type {Stop[]} */ (good), functions) };
  readings.set(timeline, fresh);
  return fresh;
}

/** Each breakpoint with the stages it is hit at; null for one that cannot be understood. */
/** @param {Timeline} timeline @param {Kept[]} list @param {Record<string, any>} functions @param {boolean} done */
function withHits(timeline, list, functions, done) {
  const { parsed, hits } = reading(timeline, list, functions);
  const columns = hits.read(done);
  let i = 0;
  return parsed.map((stop) => ({ stop, at: stop instanceof Mistake ? null : columns[i++] }));
}

/**
 * @param {Timeline} timeline @param {Kept[]} list @param {Record<string, any>} functions @param {boolean} done
 * @param {number} cursor @returns {Shown[]}
 */
export function stopsAt(timeline, list, functions, done, cursor) {
  if (list.length === 0) return [];
  return withHits(timeline, list, functions, done).map(({ stop, at }, i) => {
    const { text, on } = list[i];
    if (stop instanceof Mistake || !at)
      return { text, on, wrong: stop instanceof Mistake ? stop.message : "", hits: 0, passed: 0, here: false, place: null };
    const passed = countUpTo(at, cursor);
    const here = passed > 0 && at.at[passed - 1] === cursor;
    return { text, on, wrong: "", hits: at.length, passed, here, place: stop.place };
  });
}

/** @param {Column} at @param {number} n */
function countUpTo(at, n) {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at.at[middle] <= n) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The nearest stage after n, or before it, at which an enabled breakpoint is hit; -1.
 * @param {Timeline} timeline @param {Kept[]} list @param {Record<string, any>} functions @param {boolean} done
 * @param {number} n @param {1 | -1} way
 */
export function toStop(timeline, list, functions, done, n, way) {
  const found = withHits(timeline, list, functions, done)
    .flatMap(({ at }, i) => (at && list[i].on ? [nearest(at, n, way)] : []))
    .filter((stage) => stage >= 0);
  return found.length === 0 ? -1 : way > 0 ? Math.min(...found) : Math.max(...found);
}

/**
 * As far as running on leads now: to the next breakpoint, else to the last stage of which it is known that none is hit.
 * @param {Timeline} timeline @param {Kept[]} list @param {Record<string, any>} functions @param {boolean} done @param {number} n
 */
export function runOn(timeline, list, functions, done, n) {
  const stop = toStop(timeline, list, functions, done, n, 1);
  return stop >= 0 ? stop : Math.max(n, reading(timeline, list, functions).hits.upto());
}
