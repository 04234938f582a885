// @ts-check
/** One value of one field of a row, as a student would look for it in the kernel. */

import { dentryFlags, inodeState, pageFlags, vmFlags } from "./flags.js";
import { hex, moment } from "./format.js";

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
  if (field === "d_flags") return dentryFlags(value);
  if (field === "i_state") return inodeState(value);
  if (ADDRESS.has(String(field))) return hex(value);
  if (field === "t" || field === "submitted" || field === "due") return moment(value);
  return String(value);
}

/** A small object in one line: "i 3, sum 0". @param {Record<string, any>} value */
export const fields = (value) =>
  Object.entries(value)
    .map(([name, one]) => `${name} ${one}`)
    .join(", ");
