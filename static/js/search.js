// @ts-check
/** Searching all stages: what is found, grouped by the fault, system call or interrupt that it happened in. */

import { Mistake } from "./expression/mistake.js";
import { createMoment } from "./moment.js";
import { termsOf } from "./search/terms.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {{place: number, title: string, total: number, hits: number[]}} Group hits: the first few of its stages */
/** @typedef {{query: string, wrong: string, total: number, places: number, groups: Group[]}} Found */

const GROUPS = 200;
const EACH = 8;

/** While stages pour in, it is worth searching again when so many more have come. */
const GROWTH = 1.25;

/** @type {WeakMap<Timeline, {count: number, functions: unknown, found: Found}>} */
const last = new WeakMap();

/** What a query finds in the stages held; asked again it costs nothing. */
/** @param {Timeline} timeline @param {string} query @param {Record<string, any>} functions @param {boolean} done @returns {Found} */
export function search(timeline, query, functions, done) {
  const before = last.get(timeline);
  const count = timeline.stages.length;
  const enough = before && (count === before.count || (!done && count < before.count * GROWTH));
  if (enough && before.found.query === query && before.functions === functions) return before.found;
  const found = find(timeline, query, functions);
  last.set(timeline, { count, functions, found });
  return found;
}

/** @param {Timeline} timeline @param {string} query @param {Record<string, any>} functions @returns {Found} */
function find(timeline, query, functions) {
  /** @type {Found} */
  const found = { query, wrong: "", total: 0, places: 0, groups: [] };
  const wanted = termsOrMistake(query, functions);
  if (wanted instanceof Mistake) return { ...found, wrong: wanted.message };
  if (!wanted) return found;
  const moment = createMoment(timeline, { rows: wanted.rows });
  let group = /** @type {Group | null} */ (null);
  for (let n = 0; n < timeline.stages.length; n += 1) {
    moment.advance();
    if (!wanted.test(moment)) continue;
    found.total += 1;
    const place = moment.fault ? moment.fault.n : outermost(timeline, n);
    if (!group || group.place !== place) {
      found.places += 1;
      group = { place, title: titleOf(timeline, place, moment.fault), total: 0, hits: [] };
      if (found.groups.length < GROUPS) found.groups.push(group);
    }
    if (++group.total <= EACH) group.hits.push(n);
  }
  return found;
}

/** @param {string} query @param {Record<string, any>} functions */
function termsOrMistake(query, functions) {
  try {
    return termsOf(query, functions);
  } catch (error) {
    if (error instanceof Mistake) return error;
    throw error;
  }
}

/** The outermost call around a stage that the kernel makes, itself included; -1 in the program. */
/** @param {Timeline} timeline @param {number} n */
function outermost({ stages, calls }, n) {
  let root = stages[n].op === "call" && stages[n].ctx !== "user" ? n : -1;
  for (let call = calls.parent.at[n]; call >= 0; call = calls.parent.at[call]) root = call;
  return root >= 0 && stages[root].ctx === "hw" ? -1 : root;
}

/** @param {Timeline} timeline @param {number} root @param {import("./faults.js").Fault | null} fault */
function titleOf({ stages }, root, fault) {
  if (fault) {
    const kind = fault.major === null ? "" : fault.major ? ", major" : ", minor";
    return `Fault ${fault.k}${fault.page === null ? "" : ` on page ${fault.page}`}${kind}`;
  }
  const stage = root >= 0 ? stages[root] : null;
  if (!stage) return "The program";
  if (stage.fn === "vector_swi") return `${stage.args?.name ?? "system call"}()`;
  return stage.ctx === "irq" ? `Interrupt: ${stage.fn}` : stage.fn;
}
