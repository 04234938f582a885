// @ts-check
/** Page numbers as ranges: [19, 20, 21, 25] is "19-21, 25". */

/** @param {number[]} numbers in any order @returns {string} */
export function ranges(numbers) {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  /** @type {[number, number][]} */
  const runs = [];
  for (const n of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === n - 1) run[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(", ");
}
