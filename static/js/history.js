// @ts-check
/** Where the reader has been: as in an editor, a leap is remembered, a step is not. */

/** @typedef {{back: number[], forth: number[]}} History */

const MOST = 100;

/** @type {History} */
export const EMPTY = { back: [], forth: [] };

/** Leave a stage by a leap. @param {History} history @param {number} from @returns {History} */
export function leave({ back }, from) {
  if (from < 0 || back.at(-1) === from) return { back, forth: [] };
  return { back: [...back, from].slice(-MOST), forth: [] };
}

/** Go back, or forth again: where to (-1 nowhere), and what is left. */
/** @param {History} history @param {number} here @param {1 | -1} way @returns {[number, History]} */
export function walk(history, here, way) {
  const { back, forth } = history;
  const from = way < 0 ? back : forth;
  const to = from.at(-1) ?? -1;
  if (to < 0) return [-1, history];
  const rest = from.slice(0, -1);
  return [to, way < 0 ? { back: rest, forth: [...forth, here] } : { back: [...back, here], forth: rest }];
}
