// @ts-check
/**
 * A place in a run that can be found again in another: the fault it belongs to, what happens there, and how often the
 * same has happened since that fault began.  "Fault 3, filemap_fault", never "stage 841".
 */

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {{fault: number, op: string, fn: string, kind: string, nth: number}} Place */

/** The number of faults begun up to stage n. @param {Timeline} timeline @param {number} n */
const faultAt = ({ faults }, n) => faults.faults.findLast((fault) => fault.n <= n)?.k ?? 0;

/** Where fault k begins; 0 for none; -1 when it has not come. @param {Timeline} timeline @param {number} k */
const startOf = ({ faults }, k) => (k === 0 ? 0 : (faults.faults[k - 1]?.n ?? -1));

/** @param {any} stage @param {Pick<Place, "op" | "fn" | "kind">} place */
const same = (stage, { op, fn, kind }) => stage.op === op && stage.fn === fn && (stage.kind ?? "") === kind;

/** The place of stage n; null at the start, which is everywhere. @param {Timeline} timeline @param {number} n @returns {Place | null} */
export function placeAt(timeline, n) {
  const stage = timeline.stages[n];
  if (!stage || n === 0) return null;
  const fault = faultAt(timeline, n);
  const place = { fault, op: stage.op, fn: stage.fn ?? "", kind: stage.kind ?? "", nth: 0 };
  for (let i = startOf(timeline, fault); i <= n; i += 1) if (same(timeline.stages[i], place)) place.nth += 1;
  return place;
}

/** The place in words. @param {Place} place */
export function sayPlace({ fault, fn, kind }) {
  const what = fn || kind || "the program";
  return fault ? `fault ${fault}, ${what}` : `before the first fault, ${what}`;
}

/**
 * Where the place is in this run, or else the nearest before it; null while that can still come.
 * @param {Timeline} timeline @param {Place} place @param {boolean} done @returns {{n: number, exact: boolean} | null}
 */
export function findPlace(timeline, place, done) {
  const start = startOf(timeline, place.fault);
  if (start < 0) return done ? { n: lastFault(timeline), exact: false } : null;
  const next = startOf(timeline, place.fault + 1);
  const end = next < 0 ? timeline.stages.length : next;
  let left = place.nth;
  let nearest = start;
  for (let n = start; n < end; n += 1) {
    if (!same(timeline.stages[n], place)) continue;
    nearest = n;
    left -= 1;
    if (left === 0) return { n, exact: true };
  }
  return next >= 0 || done ? { n: nearest, exact: false } : null;
}

/** @param {Timeline} timeline */
const lastFault = ({ faults }) => faults.faults.at(-1)?.n ?? 0;
