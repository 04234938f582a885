// @ts-check
/** Which layer a source file belongs to; the hue of its frames in the call stack and the flame graph. */

/** @typedef {"memory" | "filemap" | "readahead" | "block" | "other"} Hue */

/** @type {[string, Hue][]} */
const HUES = [
  ["mm/memory.c", "memory"],
  ["mm/filemap.c", "filemap"],
  ["mm/swap.c", "filemap"],
  ["mm/readahead.c", "readahead"],
  ["block/", "block"],
];

/** @param {string} file a path in the Linux tree @returns {Hue} */
export const hue = (file) => HUES.find(([prefix]) => file.startsWith(prefix))?.[1] ?? "other";
