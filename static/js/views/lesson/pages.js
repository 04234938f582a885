// @ts-check
/** Sets of pages as one writes them: "0-15, 24"; ranges.js writes them. */

const NONE = /^[-–—]$/;

/** @param {string} text @returns {number[] | null} null when it cannot be read */
export function parseRanges(text) {
  if (text.trim() === "" || NONE.test(text.trim())) return [];
  const pages = new Set();
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const found = /^(\d{1,6})(?:[-–](\d{1,6}))?$/.exec(part);
    if (!found) return null;
    const last = Number(found[2] ?? found[1]);
    if (last - Number(found[1]) > 65_535) return null;
    for (let page = Number(found[1]); page <= last; page++) pages.add(page);
  }
  return [...pages].sort((a, b) => a - b);
}
