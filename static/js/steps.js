// @ts-check
/** Where each way of stepping leads: questions put to the timeline, answered with a stage or -1 (not yet known). */

/** @typedef {import("./timeline.js").Timeline} Timeline */

/** @param {Timeline} timeline @param {number} n */
const held = (timeline, n) => (n >= 0 && n < timeline.stages.length ? n : -1);

/** @param {Timeline} timeline @param {number} n */
const isCall = (timeline, n) => timeline.stages[n]?.op === "call" && timeline.stages[n].ctx !== "user";

/** The next stage of any kind. @param {Timeline} timeline @param {number} n */
export const into = (timeline, n) => held(timeline, n + 1);

/** The stage before. @param {Timeline} timeline @param {number} n */
export const back = (timeline, n) => held(timeline, n - 1);

/** The first stage. @param {Timeline} timeline */
export const start = (timeline) => held(timeline, 0);

/** The last stage held. @param {Timeline} timeline */
export const end = (timeline) => timeline.stages.length - 1;

/**
 * The next stage that is in no call begun here or next: from a call to its return, else past the call that follows.
 * @param {Timeline} timeline @param {number} n
 */
export function over(timeline, n) {
  if (isCall(timeline, n)) return timeline.calls.pair.at[n];
  return isCall(timeline, n + 1) ? timeline.calls.pair.at[n + 1] : held(timeline, n + 1);
}

/** The way back of `over`. @param {Timeline} timeline @param {number} n */
export function backOver(timeline, n) {
  const stage = timeline.stages[n];
  const call = stage?.op === "return" ? timeline.calls.pair.at[n] : -1;
  return call >= 0 ? call : held(timeline, n - 1);
}

/** The stage of the innermost call around stage n, itself included when it is one; -1 in the program. */
/** @param {Timeline} timeline @param {number} n */
export const enclosing = (timeline, n) =>
  isCall(timeline, n) ? n : held(timeline, n) < 0 ? -1 : timeline.calls.parent.at[n];

/** The return of the innermost call. @param {Timeline} timeline @param {number} n */
export function out(timeline, n) {
  const call = enclosing(timeline, n);
  return call < 0 ? -1 : timeline.calls.pair.at[call];
}

/** The first mark after n, or the last before it, that passes. */
/** @param {Timeline} timeline @param {number} n @param {1 | -1} way @param {(type: string) => boolean} wanted */
export function toMark(timeline, n, way, wanted) {
  const { marks } = timeline.faults;
  const found =
    way > 0
      ? marks.find((mark) => mark.n > n && wanted(mark.type))
      : marks.findLast((mark) => mark.n < n && wanted(mark.type));
  return found ? found.n : -1;
}

/** The call that the innermost function was entered by; from that call on, the one around it. */
/** @param {Timeline} timeline @param {number} n */
export function backOut(timeline, n) {
  const call = enclosing(timeline, n);
  return call === n ? timeline.calls.parent.at[n] : call;
}

/** @param {...string} types */
const among = (...types) => (/** @type {string} */ type) => types.includes(type);

/** What one can run to, forwards and backwards: the marks that are wanted. @type {Record<string, (type: string) => boolean>} */
export const TARGETS = {
  Fault: among("major", "minor"),
  Major: among("major"),
  Io: among("bio"),
  Done: among("done"),
  Call: among("syscall"),
  Signal: among("signal"),
};

/** @param {1 | -1} way @param {(type: string) => boolean} wanted */
const mark = (way, wanted) => (/** @type {Timeline} */ timeline, /** @type {number} */ n) => toMark(timeline, n, way, wanted);

const runs = Object.entries(TARGETS).flatMap(([name, wanted]) => [
  [`next${name}`, mark(1, wanted)],
  [`prev${name}`, mark(-1, wanted)],
]);

/** Every way of stepping by its name: `into`, `nextFault`, `prevMajor` and so on. */
/** @type {Record<string, (timeline: Timeline, n: number) => number>} */
export const STEPS = { into, over, out, back, backOver, backOut, start, end, ...Object.fromEntries(runs) };
