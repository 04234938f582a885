// @ts-check
/** One pass over a run that answers many selectors, and takes up where it stopped when more stages have come. */

import { parse } from "./parse.js";
import { ABORT_HANDLER, advance, isAccess, startSearch } from "./search.js";

/** @typedef {import("./search.js").Stage} Stage */
/** @typedef {import("./search.js").Seen} Seen */
/** @typedef {import("./search.js").Search} Search */
/** @typedef {{length: number, get: (i: number) => Stage}} Stages */
/** @typedef {{stages: Seen[], hardware: boolean}} Access  its stages, and whether the last one was the hardware's */

/** One pass over a run for a fixed set of selectors. @param {string[]} [texts] */
export function createPass(texts = []) {
  /** @type {Map<string, Search | null>} */
  const searches = new Map();
  for (const text of texts) {
    const parts = parse(text);
    searches.set(text, parts && startSearch(parts));
  }
  let open = [...searches.values()].filter((search) => search !== null);
  /** Open frames of each task. @type {Map<number, number>} */
  const levels = new Map();
  /** The access that each task is in the middle of. @type {Map<number, Access>} */
  const accesses = new Map();
  let seen = 0;

  /** @param {Stage} stage */
  function feed(stage) {
    if (stage.ctx === "user") levels.set(stage.task, 0); // back in the program, however the kernel was left
    let level = levels.get(stage.task) ?? 0;
    if (stage.op === "call") levels.set(stage.task, level + 1);
    else if (stage.op === "return") {
      level = Math.max(level - 1, 0);
      levels.set(stage.task, level);
    }
    const access = accesses.get(stage.task)?.stages ?? [];
    for (const search of open) advance(search, stage, level, access);
    open = open.filter((search) => !search.over);
    if (stage.ctx !== "irq") followAccess(accesses, stage, level);
  }

  return {
    texts: () => [...searches.keys()],
    knows: (/** @type {string} */ text) => searches.has(text),
    length: () => seen,
    answer: (/** @type {string} */ text) => searches.get(text)?.answer ?? -1,
    /** @param {Stages} stages */
    readTo(stages) {
      if (open.length === 0) seen = stages.length;
      for (; seen < stages.length; seen += 1) feed(stages.get(seen));
    },
  };
}

/**
 * Remember the access in progress: from the program's step, or from the hardware's first, up to here.
 * @param {Map<number, Access>} accesses @param {Stage} stage @param {number} level
 */
function followAccess(accesses, stage, level) {
  const before = accesses.get(stage.task);
  const program = isAccess(stage);
  const hardware = stage.ctx === "hw";
  const begins = program || (hardware && !before?.hardware);
  const goesOn = stage.ctx !== "user" && stage.fn !== ABORT_HANDLER;
  if (begins) accesses.set(stage.task, { stages: [{ stage, level }], hardware: true });
  else if (goesOn && before) {
    before.stages.push({ stage, level });
    before.hardware = hardware;
  } else accesses.delete(stage.task);
}
