// @ts-check
/** The state of one page and of one PTE, as data-state and data-flags, and the same in words. */

import { pageFlagNames } from "../../flags.js";

/**
 * @typedef {import("./rows.js").Rows} Rows
 * @typedef {{index: number, ref: string, row: any, state: string, flags: string[], name: string}} PageCell
 * @typedef {{index: number, ref: string, address: number | null, entry: number, words: [number, number] | null,
 *   state: string, name: string}} PteCell
 */

const PG = { locked: 1, referenced: 2, uptodate: 4, dirty: 8, active: 32, error: 256, writeback: 0x8000, ra: 0x40000 };

const PAGE_WORDS = /** @type {Record<string, string>} */ ({
  absent: "absent",
  allocated: "allocated, not read yet",
  inflight: "read in flight",
  uptodate: "up to date",
  error: "read error",
  evicted: "evicted, shadow kept",
  pasteof: "past the end of the file",
});

const FLAG_WORDS = /** @type {Record<string, string>} */ ({
  readahead: "readahead marker",
  referenced: "referenced",
  active: "active",
  dirty: "dirty",
  writeback: "under writeback",
  locked: "locked",
});

/** The state alone, for whoever looks at thousands.
 *  @param {Rows} rows @param {string} cache @param {number} index @param {number} end
 *  @param {(index: number) => boolean} inFlight @returns {{slot: any, row: any, state: string}} */
export function pageState(rows, cache, index, end, inFlight) {
  const slot = rows[cache]?.[index];
  const row = typeof slot === "string" ? rows[slot] : undefined;
  if (row) return { slot, row, state: stateOf(row.flags, inFlight, index) };
  return { slot, row, state: slot !== undefined && slot !== null ? "evicted" : index < end ? "absent" : "pasteof" };
}

/**
 * @param {Rows} rows @param {string} cache ref of the address_space @param {number} index
 * @param {number} end pages in the file @param {(index: number) => boolean} inFlight whether a read bio carries it
 * @returns {PageCell}
 */
export function pageCell(rows, cache, index, end, inFlight) {
  const { slot, row, state } = pageState(rows, cache, index, end, inFlight);
  const flags = row ? flagsOf(row, state) : [];
  const marks = flags.filter((flag) => flag !== "mapped").map((flag) => FLAG_WORDS[flag]);
  const mapped = row ? [row.mapcount > 0 ? mappedWords(row.mapcount) : "not mapped"] : [];
  const name = [`Page ${index}`, PAGE_WORDS[state], ...marks, ...mapped].join(", ");
  return { index, ref: row ? slot : cache, row: row ?? null, state, flags, name };
}

/** @param {number} count @returns {string} */
const mappedWords = (count) => (count === 1 ? "mapped" : `mapped ${count} times`);

/** @param {number} flags @param {(index: number) => boolean} inFlight @param {number} index @returns {string} */
function stateOf(flags, inFlight, index) {
  if (flags & PG.uptodate) return "uptodate";
  if (flags & PG.error) return "error";
  return flags & PG.locked && inFlight(index) ? "inflight" : "allocated";
}

/** @param {any} row @param {string} state @returns {string[]} */
function flagsOf(row, state) {
  const { flags } = row;
  const writeback = (flags & PG.writeback) !== 0;
  const list = [];
  if (row.mapcount > 0) list.push("mapped");
  if (flags & PG.ra && !writeback) list.push("readahead");
  if (flags & PG.active) list.push("active");
  if (flags & PG.referenced) list.push("referenced");
  if (flags & PG.dirty) list.push("dirty");
  if (writeback) list.push("writeback");
  if (flags & PG.locked && state === "uptodate") list.push("locked");
  return list;
}

const PTE_WORDS = /** @type {Record<string, string>} */ ({
  none: "none",
  ro: "read-only, young",
  old: "old, hardware entry 0",
  "rw-dirty": "writable, dirty",
  wp: "write-protected",
  clean: "writable, clean: the hardware entry refuses stores until it is dirty",
  cow: "private copy",
  protnone: "PROT_NONE",
});

/**
 * @param {[number, number] | null} words Linux word and hardware word
 * @param {number} pfn frame of the cache page at the same index (-1: none); another frame is a private copy
 * @returns {string} data-state
 */
export function pteState(words, pfn) {
  if (!words || words[0] === 0) return "none";
  const linux = words[0];
  if (linux & 0x800) return "protnone";
  if (words[1] === 0) return "old";
  if (linux >>> 12 !== pfn) return "cow";
  if (linux & 0x80) return linux & 0x40 ? "wp" : "ro";
  return linux & 0x40 ? "rw-dirty" : "wp";
}

/**
 * @param {number} index file page @param {number | null} address null: no mapping of this page
 * @param {{table: string | null, index: number, words: [number, number] | null}} entry @param {number} pfn
 * @returns {PteCell}
 */
export function pteCell(index, address, entry, pfn) {
  const state = pteState(entry.words, pfn);
  const clean = state === "wp" && !((entry.words?.[0] ?? 0) & 0x80);
  const words = address === null ? "not mapped here" : PTE_WORDS[clean ? "clean" : state];
  return {
    index,
    address,
    state,
    ref: entry.table ?? "",
    entry: entry.index,
    words: entry.words,
    name: address === null ? `Page ${index}, ${words}` : `PTE ${entry.index} for page ${index}, ${words}`,
  };
}

/** @param {PageCell} cell @returns {string} the set PG_ bits, or "none" */
export const flagWords = (cell) => (cell.row ? pageFlagNames(cell.row.flags).join(" ") || "none" : "none");
