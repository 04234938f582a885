// @ts-check
/** The state of one page and of one PTE, as data-state and data-flags, and the same in words. */

import { pageFlagNames } from "../../flags.js";

/**
 * @typedef {import("./rows.js").Rows} Rows
 * @typedef {{index: number, ref: string, row: any, state: string, flags: string[], name: string}} PageCell
 * @typedef {{index: number, ref: string, address: number | null, entry: number, words: [number, number] | null,
 *   state: string, name: string}} PteCell
 */

const PG = {
  locked: 1,
  referenced: 2,
  uptodate: 4,
  dirty: 8,
  active: 1 << 5,
  workingset: 1 << 6,
  error: 1 << 8,
  writeback: 1 << 15,
  ra: 1 << 18,
  unevictable: 1 << 20,
  mlocked: 1 << 21,
};
/** Bits of Linux's own PTE on ARM. */
const L_PTE = { dirty: 0x40, rdonly: 0x80, none: 0x800 };
const VM_WRITE = 2;

const PAGE_WORDS = /** @type {Record<string, string>} */ ({
  absent: "absent",
  allocated: "allocated, not read yet",
  inflight: "read in flight",
  uptodate: "up to date",
  error: "read error",
  evicted: "evicted, shadow kept",
  pasteof: "past the end of the file",
  zero: "the zero page, which all share until they write",
});

const FLAG_WORDS = /** @type {Record<string, string>} */ ({
  readahead: "readahead marker",
  referenced: "referenced",
  active: "active",
  dirty: "dirty",
  writeback: "under writeback",
  locked: "locked",
  reclaim: "to be reclaimed once it is written",
  workingset: "part of the working set",
  unevictable: "unevictable",
  mlocked: "locked in memory by mlock",
  isolated: "taken off its list",
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
  return described(index, row ? slot : cache, row ?? null, state);
}

/**
 * A page of a mapping without a file.
 * @param {number} index page of the mapping @param {import("./rows.js").Found | undefined} found its struct page
 * @param {boolean} present whether its PTE is set: then it is the zero page if it has none of its own
 * @returns {PageCell}
 */
export function anonymousCell(index, found, present) {
  if (!found) return described(index, "", null, present ? "zero" : "absent");
  return described(index, found.ref, found.row, "uptodate");
}

/** @param {number} index @param {string} ref @param {any} row @param {string} state @returns {PageCell} */
function described(index, ref, row, state) {
  const flags = row ? flagsOf(row, state) : [];
  const marks = flags.filter((flag) => flag !== "mapped").map((flag) => FLAG_WORDS[flag]);
  const mapped = row ? [row.mapcount > 0 ? mappedWords(row.mapcount) : "not mapped"] : [];
  const name = [`Page ${index}`, PAGE_WORDS[state], ...marks, ...mapped].join(", ");
  return { index, ref, row, state, flags, name };
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
  const writing = writeback || (flags & PG.dirty) !== 0;
  if (flags & PG.ra) list.push(writing ? "reclaim" : "readahead"); // one bit, two names
  if (flags & PG.active) list.push("active");
  if (flags & PG.referenced) list.push("referenced");
  if (flags & PG.dirty) list.push("dirty");
  if (writeback) list.push("writeback");
  if (flags & PG.locked && state === "uptodate") list.push("locked");
  if (flags & PG.workingset) list.push("workingset");
  if (flags & PG.unevictable) list.push("unevictable");
  if (flags & PG.mlocked) list.push("mlocked");
  if (row.lru === "isolated") list.push("isolated");
  return list;
}

const PTE_WORDS = /** @type {Record<string, string>} */ ({
  none: "none",
  ro: "read-only, young",
  old: "old, hardware entry 0",
  "rw-dirty": "writable, dirty",
  wp: "write-protected: the mapping may be written, but a store faults first",
  clean: "writable, clean: the hardware entry refuses stores until it is dirty",
  cow: "private copy",
  protnone: "PROT_NONE",
});

/**
 * @param {[number, number] | null} words Linux word and hardware word
 * @param {number | null} pfn frame of the cache page at the same index (-1: none); another frame is a private copy.
 *   null: there is no cache, so nothing can differ from it
 * @param {number} flags vm_flags of the mapping
 * @returns {string} data-state
 */
export function pteState(words, pfn, flags = 0) {
  if (!words || words[0] === 0) return "none";
  const linux = words[0];
  if (linux & L_PTE.none) return "protnone";
  if (words[1] === 0) return "old";
  if (pfn !== null && linux >>> 12 !== pfn) return "cow";
  if (linux & L_PTE.rdonly) return flags & VM_WRITE ? "wp" : "ro";
  return linux & L_PTE.dirty ? "rw-dirty" : "wp";
}

/**
 * @param {number} index file page @param {number | null} address null: no mapping of this page
 * @param {{table: string | null, index: number, words: [number, number] | null}} entry @param {number | null} pfn
 * @param {any} [vma] the mapping
 * @returns {PteCell}
 */
export function pteCell(index, address, entry, pfn, vma) {
  const state = pteState(entry.words, pfn, vma?.vm_flags);
  const clean = state === "wp" && !((entry.words?.[0] ?? 0) & L_PTE.rdonly);
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
