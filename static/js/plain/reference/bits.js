// @ts-check
/** The tables of bits and codes: what the CPU reports, what a PTE holds, what the flags of pages and mappings are. */

import { PAGE_FLAG_NAMES, VM_FLAG_NAMES } from "../../flags.js";
import { h } from "../../views/machine/draw.js";
import { FAULT_STATUS, hex } from "../../views/machine/decode.js";
import { ARM_FIELDS, LINUX_FIELDS } from "../../views/machine/ptebits.js";

/** @param {string} caption @param {string[]} heads @param {(string | number)[][]} lines @param {string} id */
const table = (caption, heads, lines, id) =>
  h(
    "div",
    { class: "bits", key: id, tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      { "data-testid": `reference-${id}` },
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, heads.map((head, n) => h("th", { scope: "col", key: n }, head)))),
      h("tbody", {}, lines.map((line, n) => h("tr", { key: n }, line.map((cell, i) => h("td", { key: i }, cell))))),
    ),
  );

/** The DFSR: bits 10 and 3:0 say what went wrong. */
export const statusTable = () =>
  table(
    "Fault status: bits 10 and 3 to 0 of the DFSR. Bits 7 to 4 name the domain, bit 11 is set for a store.",
    ["Status", "Means"],
    [...FAULT_STATUS].map(([status, words]) => [`0x${hex(status, 2)}`, words]),
    "dfsr",
  );

/** @param {{low: number, width: number}} field */
const bits = ({ low, width }) => (width === 1 ? `${low}` : `${low + width - 1}:${low}`);

/** @param {import("../../views/machine/ptebits.js").Field} field */
const means = ({ means, values }) =>
  values ? `${means}: ${Object.entries(values).map(([value, words]) => `${value} ${words}`).join(", ")}` : means;

/** Both words of a PTE: Linux keeps one of its own beside the one that the MMU reads. */
export const bitTables = () => [
  table("Linux’s word. Bits 31 to 12 are the frame.", ["Bits", "Name", "Means"], LINUX_FIELDS.map((field) => [bits(field), field.name, means(field)]), "linux"),
  table("The hardware’s word, 2 KiB further on in the same page. Bits 31 to 12 are the frame.", ["Bits", "Name", "Means"], ARM_FIELDS.map((field) => [bits(field), field.name, means(field)]), "arm"),
];

export const flagTables = () => [
  table("Flags of struct page", ["Bit", "Name"], PAGE_FLAG_NAMES.map((name, bit) => [bit, `PG_${name}`]), "pg"),
  table("Flags of a mapping", ["Value", "Name"], VM_FLAG_NAMES.map(([bit, name]) => [`0x${hex(bit, 8)}`, `VM_${name}`]), "vm"),
];
