// @ts-check
/** Numbers, flags and fields in the kernel's words. */

/** An address or word: 0x413ed79f. @param {number} n @param {number} [digits] */
export const hex = (n, digits = 0) => `0x${(n < 0 ? n + 2 ** 32 : n).toString(16).padStart(digits, "0")}`;

/** A moment of virtual time: "1.545 ms". @param {number} ns */
export function moment(ns) {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e5 || ns === 0) return `${(ns / 1e6).toFixed(3)} ms`;
  return `${(ns / 1e3).toFixed(2)} µs`;
}

/** A length of time, to be compared: "2 234 µs". @param {number} ns */
export const duration = (ns) => `${grouped(Math.round(ns / 1e3))} µs`;

/** 200 000: thin groups of three. @param {number} n */
export const grouped = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

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

const ADDRESS = new Set([
  "DFAR",
  "DFSR",
  "TTBR0",
  "address",
  "fsr",
  "vm_start",
  "vm_end",
  "mmap_base",
  "vm_page_prot",
  "f_mode",
  "f_flags",
  "pfn",
]);

/** One value of one field, as a student would look for it in the kernel. */
/** @param {string} ref @param {string | number} field @param {any} value @returns {string} */
export function fieldValue(ref, field, value) {
  if (value === null || value === undefined) return field === "*" || /^\d+$/.test(String(field)) ? "none" : "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  const kind = ref.split("/")[0];
  if (Array.isArray(value)) {
    if (kind === "pt" || kind === "pgd") return value.map((word) => hex(word, 8)).join(" ");
    if (kind === "tlb") return value.map((one) => (typeof one === "number" ? one.toString(16) : one)).join(" ");
    return value.length === 2 && value.every((one) => typeof one === "number")
      ? `${value[0]}-${value[1]}`
      : value.join(", ");
  }
  if (typeof value === "object") return fields(value);
  if (typeof value !== "number") return String(value);
  if (kind === "page" && field === "flags") return pageFlags(value);
  if (field === "vm_flags") return vmFlags(value);
  if (ADDRESS.has(String(field))) return hex(value);
  if (field === "t" || field === "submitted" || field === "due") return moment(value);
  return String(value);
}

/** A small object in one line: "i 3, sum 0". @param {Record<string, any>} value */
export const fields = (value) =>
  Object.entries(value)
    .map(([name, one]) => `${name} ${one}`)
    .join(", ");

/** What a call was given or a step saw: "address 0xb6fbd000, flags 0x254". @param {any} stage */
export function argsText(stage) {
  const given = Object.entries(stage?.args ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given.map(([name, value]) => `${name} ${argText(value)}`).join(", ");
}

/** @param {any} value @returns {string} */
function argText(value) {
  if (typeof value === "number") return retText(value);
  return value !== null && typeof value === "object" ? `{${argsText({ args: value })}}` : String(value);
}

/** The words for a stage, one phrase. @param {any} stage @param {Record<string, any>} functions */
export function sentence(stage, functions) {
  if (!stage) return "";
  if (stage.text) return stage.text;
  const file = functions[stage.fn]?.file;
  if (stage.op === "call") return `${stage.fn} begins${file ? `, in ${file}` : ""}`;
  if (stage.op === "return")
    return stage.ret === undefined ? `${stage.fn} returns` : `${stage.fn} returns ${retText(stage.ret)}`;
  return stage.kind ? `${stage.fn}: ${stage.kind}` : stage.fn;
}

/** A return value: small numbers as they are, addresses in hex. @param {any} ret */
export function retText(ret) {
  if (typeof ret !== "number") return String(ret);
  return Math.abs(ret) >= 65536 ? hex(ret) : String(ret);
}
