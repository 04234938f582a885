// @ts-check
/** Bits into words: fault status, page table words, VMA and page flags (Linux 5.10, ARM short descriptors). */

/** Fault status FS = DFSR bits 10 and 3:0, as the ARMv7 short format names it. */
const FAULT_STATUS = new Map([
  [1, "alignment fault"],
  [2, "debug event"],
  [3, "access flag fault, section"],
  [4, "instruction cache maintenance fault"],
  [5, "translation fault, section"],
  [6, "access flag fault, page"],
  [7, "translation fault, page"],
  [8, "external abort"],
  [9, "domain fault, section"],
  [11, "domain fault, page"],
  [12, "external abort on the walk, first level"],
  [13, "permission fault, section"],
  [14, "external abort on the walk, second level"],
  [15, "permission fault, page"],
  [22, "asynchronous external abort"],
]);

/**
 * @param {number} fsr the DFSR as the fault left it
 * @returns {{status: number, name: string, domain: number, write: boolean, words: string}}
 */
export function decodeFaultStatus(fsr) {
  const status = ((fsr >>> 6) & 16) | (fsr & 15);
  const domain = (fsr >>> 4) & 15;
  const write = ((fsr >>> 11) & 1) === 1 && ((fsr >>> 13) & 1) === 0;
  const name = FAULT_STATUS.get(status) ?? `fault status ${status}`;
  return { status, name, domain, write, words: `${name} · domain ${domain} · ${write ? "write" : "read"}` };
}

/**
 * @typedef {{name: string, low: number, width: number, means: string, values?: Record<string, string>}} Field
 * One field of a page table word: its lowest bit, its width, what it says when set, or what its values say.
 */

/** The Linux word, high bit first (arch/arm/include/asm/pgtable-2level.h). @type {Field[]} */
export const LINUX_FIELDS = [
  { name: "none", low: 11, width: 1, means: "PROT_NONE" },
  { name: "shr", low: 10, width: 1, means: "shareable" },
  { name: "xn", low: 9, width: 1, means: "never executed" },
  { name: "usr", low: 8, width: 1, means: "user mode may use it" },
  { name: "ro", low: 7, width: 1, means: "no stores" },
  { name: "dty", low: 6, width: 1, means: "written to" },
  { name: "mem type", low: 2, width: 4, means: "memory type",
    values: { "0001": "not cached", "0011": "write-back", "0111": "write-back, write-allocate" } },
  { name: "yng", low: 1, width: 1, means: "young" },
  { name: "vld", low: 0, width: 1, means: "valid" },
];

/** The hardware word, a small page descriptor, high bit first. @type {Field[]} */
export const ARM_FIELDS = [
  { name: "nG", low: 11, width: 1, means: "not global" },
  { name: "S", low: 10, width: 1, means: "shareable" },
  { name: "APX", low: 9, width: 1, means: "no stores" },
  { name: "TEX", low: 6, width: 3, means: "memory type, with C and B" },
  { name: "AP", low: 4, width: 2, means: "access", values: { "01": "kernel only", "11": "kernel and user" } },
  { name: "C", low: 3, width: 1, means: "part of the memory type" },
  { name: "B", low: 2, width: 1, means: "part of the memory type" },
  { name: "sm", low: 1, width: 1, means: "small page" },
  { name: "XN", low: 0, width: 1, means: "never executed" },
];

/** @param {number} word @param {Field} field @returns {string} the field's bits, high bit first */
export function fieldBits(word, field) {
  const value = (word >>> field.low) & ((1 << field.width) - 1);
  return value.toString(2).padStart(field.width, "0");
}

/** @param {number} word @param {Field[]} fields @returns {string} what the set fields say */
export const fieldWords = (word, fields) => fields.map((field) => [field, fieldBits(word, field)])
  .filter(([, bits]) => /1/.test(/** @type {string} */ (bits)))
  .map((/** @type {any} */ [field, bits]) =>
    `${field.name}${field.width > 1 ? ` ${bits}` : ""} (${field.values?.[bits] ?? field.means})`).join(", ");

const PAGE_FLAGS = [
  "locked", "referenced", "uptodate", "dirty", "lru", "active", "workingset", "waiters", "error", "slab",
  "owner_priv_1", "dcache_clean", "reserved", "private", "private_2", "writeback", "head", "mappedtodisk",
  "readahead", "swapbacked", "unevictable", "mlocked",
];

/** Bit 18 is PG_readahead on a page being read and PG_reclaim on one being written.
 *  @param {number} flags @returns {string[]} names of the set PG_ bits */
export function pageFlagNames(flags) {
  const names = PAGE_FLAGS.filter((_, bit) => (flags >>> bit) & 1);
  const writeback = (flags >>> 15) & 1;
  return names.map((name) => `PG_${writeback && name === "readahead" ? "reclaim" : name}`);
}

/** @type {[number, string][]} */
const VM_FLAGS = [
  [0x1, "READ"], [0x2, "WRITE"], [0x4, "EXEC"], [0x8, "SHARED"], [0x10, "MAYREAD"], [0x20, "MAYWRITE"],
  [0x40, "MAYEXEC"], [0x80, "MAYSHARE"], [0x100, "GROWSDOWN"], [0x400, "PFNMAP"], [0x800, "DENYWRITE"],
  [0x2000, "LOCKED"], [0x4000, "IO"], [0x8000, "SEQ_READ"], [0x10000, "RAND_READ"], [0x20000, "DONTCOPY"],
  [0x40000, "DONTEXPAND"], [0x80000, "LOCKONFAULT"], [0x100000, "ACCOUNT"], [0x200000, "NORESERVE"],
  [0x800000, "SYNC"], [0x2000000, "WIPEONFORK"], [0x4000000, "DONTDUMP"], [0x10000000, "MIXEDMAP"],
];

/** @param {number} flags @returns {string[]} names of the set VM_ bits */
export function vmFlagNames(flags) {
  return VM_FLAGS.filter(([bit]) => flags & bit).map(([, name]) => `VM_${name}`);
}

/** @param {number} flags vm_flags @returns {string} as /proc/self/maps prints them: r--p */
export function permissions(flags) {
  return (flags & 1 ? "r" : "-") + (flags & 2 ? "w" : "-") + (flags & 4 ? "x" : "-") + (flags & 8 ? "s" : "p");
}

/** @param {number} value @param {number} [digits] @returns {string} hex without 0x */
export const hex = (value, digits = 8) => (value >>> 0).toString(16).padStart(digits, "0");

/** @param {number} address @returns {{pgd: number, half: number, pte: number, offset: number, bits: string[]}} */
export function splitAddress(address) {
  const bits = (address >>> 0).toString(2).padStart(32, "0");
  return {
    pgd: address >>> 21,
    half: (address >>> 20) & 1,
    pte: (address >>> 12) & 511,
    offset: address & 4095,
    bits: [bits.slice(0, 11), bits.slice(11, 20), bits.slice(20)],
  };
}

/** @param {number} bytes @returns {string} 4 KiB, 1.5 MiB, 2.8 GiB */
export function bytesInWords(bytes) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** @param {number} first @param {number} last @returns {string} "3-18", or "3" */
export const range = (first, last) => (first === last ? `${first}` : `${first}-${last}`);
