// @ts-check
/** Flag words by the names of their bits: PG_ of a struct page, VM_ of a VMA. */

/** @type {Record<string, number>} */
const PG_BITS = {
  locked: 0,
  referenced: 1,
  uptodate: 2,
  dirty: 3,
  lru: 4,
  active: 5,
  workingset: 6,
  waiters: 7,
  error: 8,
  private: 13,
  writeback: 15,
  mappedtodisk: 17,
  readahead: 18,
  swapbacked: 19,
  unevictable: 20,
  mlocked: 21,
};

/** @type {[number, string][]} */
const VM_BITS = [
  [0x1, "READ"],
  [0x2, "WRITE"],
  [0x4, "EXEC"],
  [0x8, "SHARED"],
  [0x10, "MAYREAD"],
  [0x20, "MAYWRITE"],
  [0x40, "MAYEXEC"],
  [0x80, "MAYSHARE"],
  [0x100, "GROWSDOWN"],
  [0x400, "PFNMAP"],
  [0x800, "DENYWRITE"],
  [0x2000, "LOCKED"],
  [0x4000, "IO"],
  [0x8000, "SEQ_READ"],
  [0x10000, "RAND_READ"],
  [0x20000, "DONTCOPY"],
  [0x40000, "DONTEXPAND"],
  [0x100000, "ACCOUNT"],
];

/** The PG_ flags of a struct page: "PG_locked PG_lru". @param {number} flags */
export function pageFlags(flags) {
  const names = Object.keys(PG_BITS).filter((name) => (flags >>> PG_BITS[name]) & 1);
  return names.length ? names.map((name) => `PG_${name}`).join(" ") : "none";
}

/** @param {number} flags */
export function vmFlags(flags) {
  const names = VM_BITS.filter(([bit]) => flags & bit).map(([, name]) => name);
  return names.length ? names.join(" ") : "0";
}

/** The flags that one value has and the other has not, or everything where there is nothing to compare with. */
/** @param {number | null} flags @param {number | null} other */
export function flagsApart(flags, other) {
  if (typeof flags !== "number" || typeof other !== "number")
    return typeof flags === "number" ? pageFlags(flags) : "none";
  const apart = flags & ~other;
  return apart ? pageFlags(apart) : "clear";
}
