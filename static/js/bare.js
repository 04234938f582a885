// @ts-check
/** The model's source without what is only there to record: the lines of `k.stage(...)` and its kin. */

const RECORDS = /^\s*(?:k|self|machine)\.(?:stage|silicon_stage|user_stage)\(/;

/** The places of the lines to leave out, from 0. @param {string[]} source @returns {Set<number>} */
export function recordingLines(source) {
  const out = new Set();
  for (let i = 0; i < source.length; i += 1) {
    if (!RECORDS.test(source[i])) continue;
    let open = 0;
    do {
      out.add(i);
      open += depth(source[i]);
      i += 1;
    } while (open > 0 && i < source.length);
    i -= 1;
  }
  return out;
}

/** Parentheses that a line leaves open; those in strings do not count. @param {string} line */
function depth(line) {
  let open = 0;
  for (const sign of line.replace(/(["'])(?:\\.|(?!\1).)*\1/g, "")) open += sign === "(" ? 1 : sign === ")" ? -1 : 0;
  return open;
}
