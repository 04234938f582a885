// @ts-check
/** What is wrong with a text that the reader typed: a sentence, and the part of the text that it is about. */

export class Mistake extends Error {
  /** @param {string} message @param {number} from @param {number} to */
  constructor(message, from, to) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

/** The known name nearest to a misspelt one, as ": did you mean “page”?", or "". */
/** @param {string} word @param {Iterable<string>} names */
export function suggestion(word, names) {
  let best = "";
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const apart = distance(word.toLowerCase(), name.toLowerCase(), least);
    if (apart < least) [best, least] = [name, apart];
  }
  return best ? `; did you mean "${best}"?` : ".";
}

/** How many letters to change, add or drop, or `most` when no fewer. @param {string} a @param {string} b @param {number} most */
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) >= most) return most;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
