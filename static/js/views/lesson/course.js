// @ts-check
/** Where the reader stands in the lesson: a pure function of the cursor and of where each step happens. */

/**
 * @typedef {object} Place
 * @property {number} here    index of the step that the machine has reached, or the first, which is on show before it is reached
 * @property {number} shown   index of the step on show: `here`, or one that the reader only reads
 * @property {number[]} at    the stage of each step, -1 where the run has not come there
 * @property {number} next    the stage of the next checkpoint after the cursor, or -1
 * @property {number} coming  index of the step that begins there
 */

/**
 * @param {number[]} at @param {number} cursor @param {number | null} reading a step chosen by the reader
 * @returns {Place}
 */
export function placeOf(at, cursor, reading) {
  const now = Math.max(0, cursor); // a run begins at its first stage
  const reached = at.findLastIndex((n) => n >= 0 && n <= now);
  const here = Math.max(0, reached);
  const shown = reading ?? here;
  const coming = at.findIndex((n, i) => n > now && i > reached);
  return { here, shown, at, next: coming < 0 ? -1 : at[coming], coming: coming < 0 ? shown + 1 : coming };
}

/** How a step's pill looks. @param {Place} place @param {number} index @returns {"done" | "current" | "ahead"} */
export function pillState({ here, shown }, index) {
  if (index === shown) return "current";
  return index <= here ? "done" : "ahead";
}
