// @ts-check
/** Flag words by the names of their bits: PG_ of a struct page, VM_ of a mapping (Linux 5.10). */

export const PAGE_FLAG_NAMES = [
  "locked",
  "referenced",
  "uptodate",
  "dirty",
  "lru",
  "active",
  "workingset",
  "waiters",
  "error",
  "slab",
  "owner_priv_1",
  "dcache_clean",
  "reserved",
  "private",
  "private_2",
  "writeback",
  "head",
  "mappedtodisk",
  "readahead",
  "swapbacked",
  "unevictable",
  "mlocked",
];

/** Bit 18 is PG_readahead on a page being read and PG_reclaim on one being written.
 *  @param {number} flags @returns {string[]} names of the set PG_ bits */
export function pageFlagNames(flags) {
  const names = PAGE_FLAG_NAMES.filter((_, bit) => (flags >>> bit) & 1);
  const writeback = (flags >>> 15) & 1;
  return names.map((name) => `PG_${writeback && name === "readahead" ? "reclaim" : name}`);
}

/** @type {[number, string][]} */
export const VM_FLAG_NAMES = [
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
  [0x80000, "LOCKONFAULT"],
  [0x100000, "ACCOUNT"],
  [0x200000, "NORESERVE"],
  [0x800000, "SYNC"],
  [0x2000000, "WIPEONFORK"],
  [0x4000000, "DONTDUMP"],
  [0x10000000, "MIXEDMAP"],
];

/** @param {number} flags @returns {string[]} names of the set VM_ bits */
export function vmFlagNames(flags) {
  return VM_FLAG_NAMES.filter(([bit]) => flags & bit).map(([, name]) => `VM_${name}`);
}

/** @param {number} flags vm_flags @returns {string} as /proc/self/maps prints them: r--p.
 *  Shared is VM_MAYSHARE: a read-only file loses VM_SHARED. */
export function permissions(flags) {
  return (flags & 1 ? "r" : "-") + (flags & 2 ? "w" : "-") + (flags & 4 ? "x" : "-") + (flags & 0x88 ? "s" : "p");
}

/** The PG_ flags of a struct page: "PG_locked PG_lru". @param {number} flags */
export function pageFlags(flags) {
  return pageFlagNames(flags).join(" ") || "none";
}

/** The VM_ flags of a mapping, without their prefix. @param {number} flags */
export function vmFlags(flags) {
  return vmFlagNames(flags).join(" ").replaceAll("VM_", "") || "0";
}

/** @type {[number, string][]} */
const DENTRY_FLAGS = [
  [0x40, "REFERENCED"],
  [0x80000, "LRU_LIST"],
];

/** The DCACHE_ flags of a dentry, without their prefix. @param {number} flags */
export const dentryFlags = (flags) => named(flags, DENTRY_FLAGS);

/** @type {[number, string][]} */
const INODE_STATE = [
  [0x1, "I_DIRTY_SYNC"],
  [0x2, "I_DIRTY_DATASYNC"],
  [0x4, "I_DIRTY_PAGES"],
  [0x80, "I_SYNC"],
  [0x100, "I_REFERENCED"],
  [0x20000, "I_SYNC_QUEUED"],
];

/** The I_ bits of inode->i_state. @param {number} state */
export const inodeState = (state) => named(state, INODE_STATE);

/** @param {number} flags @param {[number, string][]} names */
const named = (flags, names) =>
  names
    .filter(([bit]) => flags & bit)
    .map(([, name]) => name)
    .join(" ") || "0";

/** The flags that one value has and the other has not, or everything where there is nothing to compare with. */
/** @param {number | null} flags @param {number | null} other */
export function flagsApart(flags, other) {
  if (typeof flags !== "number" || typeof other !== "number")
    return typeof flags === "number" ? pageFlags(flags) : "none";
  const apart = flags & ~other;
  return apart ? pageFlags(apart) : "clear";
}
