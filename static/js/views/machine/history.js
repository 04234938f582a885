// @ts-check
/** What has happened to one page: the stages at which it came, was read, mapped, changed and went, to jump to. */

import { writersOf } from "../../writers.js";

/**
 * @typedef {import("../../timeline.js").Timeline} Timeline
 * @typedef {{n: number, words: string}} Event
 */

/** Bits worth telling of, when they are set and when they are cleared. @type {[number, string, string][]} */
const BITS = [
  [1 << 2, "up to date", ""],
  [1 << 18, "marked", "marker taken off"],
  [1 << 3, "dirty", "clean"],
  [1 << 15, "under writeback", "written"],
  [1 << 5, "active", "inactive"],
  [1 << 8, "read error", ""],
  [1 << 21, "mlocked", "munlocked"],
];
const LOCKED = 1;
const MOST = 12;

/** @param {Timeline} timeline @param {string} ref of a struct page @returns {Event[]} oldest first */
export function pageHistory(timeline, ref) {
  const events = ["flags", "mapcount"].flatMap((field) =>
    writersOf(timeline, { ref, field }).flatMap((n) => told(timeline.stages[n].changes, ref, field).map((words) => ({ n, words }))),
  );
  events.sort((a, b) => a.n - b.n);
  const once = events.filter(({ n, words }, i) => i === 0 || events[i - 1].n !== n || events[i - 1].words !== words);
  return once.length <= MOST ? once : [...once.slice(0, 3), ...once.slice(3 - MOST)];
}

/** What one stage did, in words. @param {any[]} changes @param {string} ref @param {string} field @returns {string[]} */
function told(changes, ref, field) {
  const words = [];
  for (const [of, name, before, after] of changes) {
    if (of !== ref) continue;
    if (name === "*" && field === "flags") words.push(after ? "allocated" : "freed");
    if (name === field) words.push(...(field === "flags" ? flips(before, after) : mapped(before, after)));
  }
  return words;
}

/** @param {number} before @param {number} after @returns {string[]} */
function flips(before, after) {
  const words = after & ~before & LOCKED && !(after & 4) ? ["locked"] : [];
  for (const [bit, on, off] of BITS) {
    if (after & ~before & bit) words.push(on);
    else if (before & ~after & bit && off) words.push(off);
  }
  return words;
}

/** @param {number} before @param {number} after @returns {string[]} */
const mapped = (before, after) => (after > before ? ["mapped"] : after < before ? ["unmapped"] : []);
