// @ts-check
/** The two words of a PTE, field by field: what Linux keeps, and what the MMU reads (ARM short descriptors). */

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
  {
    name: "mem type",
    low: 2,
    width: 4,
    means: "memory type",
    values: { "0001": "not cached", "0011": "write-back", "0111": "write-back, write-allocate" },
  },
  { name: "yng", low: 1, width: 1, means: "young" },
  { name: "vld", low: 0, width: 1, means: "valid" },
];

/** The hardware word, a small page descriptor, high bit first. @type {Field[]} */
export const ARM_FIELDS = [
  { name: "nG", low: 11, width: 1, means: "not global" },
  { name: "S", low: 10, width: 1, means: "shareable" },
  { name: "APX", low: 9, width: 1, means: "no stores" },
  { name: "TEX", low: 6, width: 3, means: "memory type, with C and B" },
  { name: "AP", low: 4, width: 2, means: "access", values: { "01": "kernel only", 11: "kernel and user" } },
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
export const fieldWords = (word, fields) =>
  fields
    .map((field) => [field, fieldBits(word, field)])
    .filter(([, bits]) => /1/.test(/** @type {string} */ (bits)))
    .map(
      (/** @type {any} */ [field, bits]) =>
        `${field.name}${field.width > 1 ? ` ${bits}` : ""} (${field.values?.[bits] ?? field.means})`,
    )
    .join(", ");
