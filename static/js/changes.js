// @ts-check
/** Changes in words: one line each, and one line for a run of pages that changed alike. */

import { flagsApart } from "./flags.js";
import { hex } from "./format.js";
import { fieldValue } from "./values.js";

/** `field` is the one whose history the line leads to, "" where the row itself came or went. */
/** @typedef {{ref: string, field: string, label: string, before: string, after: string, first: number, last: number}} Line */

/** @type {Record<string, string>} */
const NAMES = {
  cpu: "CPU",
  tlb: "TLB",
  mm: "Address space",
  vma: "VMA",
  pgd: "Page directory",
  pt: "Page table",
  cache: "Page cache",
  file: "File",
  inode: "Inode",
  dentry: "Name",
  ra: "Readahead",
  page: "Page",
  bio: "Bio",
  disk: "Disk",
  fault: "Fault",
  vmstat: "vmstat",
  lru: "LRU",
  task: "Task",
  program: "Program",
  machine: "Machine",
  stdout: "Output",
};

/** A row's own name: "Page 24", "VMA data.bin". @param {string} ref @param {any} row */
function rowName(ref, row) {
  const [kind, number] = ref.split("/");
  const name = NAMES[kind] ?? kind;
  if (kind === "page") return row?.index === undefined ? `Frame ${hex(row?.pfn ?? 0)}` : `Page ${row.index}`;
  if (kind === "vma") return row?.name ? `${name} ${row.name}` : `${name} ${hex(row?.vm_start ?? 0)}`;
  if (kind === "dentry") return row?.d_name ? `${name} ${row.d_name}` : name;
  if (kind === "inode") return row?.name ? `${name} ${row.name}` : name;
  return number && kind !== "mm" && kind !== "ra" && kind !== "pgd" ? `${name} ${number}` : name;
}

/** The whole row in a phrase. @param {string} ref @param {any} row */
function wholeRow(ref, row) {
  if (row === null || row === undefined) return "none";
  const kind = ref.split("/")[0];
  if (kind === "bio") return `${row.op} sector ${row.sector} + ${row.nr_sectors}`;
  if (kind === "page") return `frame ${hex(row.pfn ?? 0)}`;
  if (kind === "vma") return `${hex(row.vm_start)}-${hex(row.vm_end)}`;
  if (kind === "pt") return "one page of PTEs";
  if (kind === "dentry") return row.d_inode ? `leads to ${row.d_inode}` : "leads to no file";
  return row.name ?? "new";
}

/** @param {import("./rows.js").Change} change @param {Record<string, any>} rows @returns {Line} */
function line([ref, field, before, after], rows) {
  const kind = ref.split("/")[0];
  const row = rows[ref] ?? (field === "*" ? (after ?? before) : null);
  const name = rowName(ref, row);
  const at = field === "*" && kind === "page" ? Number(row?.index ?? -1) : Number(field);
  const of = { ref, field: field === "*" ? "" : String(field) };
  if (field === "*")
    return { ...of, label: name, before: wholeRow(ref, before), after: wholeRow(ref, after), first: at, last: at };
  if (kind === "page" && field === "flags")
    return { ...of, label: name, ...flips(before, after), first: row?.index ?? -1, last: row?.index ?? -1 };
  const values = { before: fieldValue(ref, field, before), after: fieldValue(ref, field, after) };
  const label = fieldName(ref, field, name);
  const counted = (kind === "cache" || kind === "pt" || kind === "pgd") && Number.isInteger(at);
  return { ...of, label, ...values, first: counted ? at : -1, last: counted ? at : -1 };
}

/** What a field of a row is called: "PTE 445", "vmstat pgmajfault". */
/** @param {string} ref @param {string | number} field @param {string} name of the row @returns {string} */
function fieldName(ref, field, name) {
  const kind = ref.split("/")[0];
  const number = Number.isInteger(Number(field));
  if (kind === "cache") return `Page cache ${field}`;
  if (kind === "pt" && number) return `PTE ${field}`;
  if (kind === "pgd" && number) return `pgd ${field}`;
  return kind === "program" && field === "vars" ? "Variables" : `${name} ${field}`;
}

/** The same for whoever has only ref and field: what the trail of a value is called. */
/** @param {string} ref @param {string | number} field @param {Record<string, any>} rows */
export const valueName = (ref, field, rows) => fieldName(ref, field, rowName(ref, rows[ref]));

/** One flag that flips is named once; several are listed on either side. @param {number} before @param {number} after */
function flips(before, after) {
  const apart = (before ?? 0) ^ (after ?? 0);
  const name = flagsApart(apart, 0);
  if (apart && (apart & (apart - 1)) === 0)
    return after & apart ? { before: `${name} clear`, after: "set" } : { before: `${name} set`, after: "clear" };
  return { before: flagsApart(before, after), after: flagsApart(after, before) };
}

/** @param {string} label */
const stem = (label) => label.replace(/\d+$/, "");

/** Whether b goes on where a run ends. @param {Line} a @param {Line} b */
const follows = (a, b) =>
  a.first >= 0 &&
  b.first === a.last + 1 &&
  stem(a.label) === stem(b.label) &&
  kindOf(a.after) === kindOf(b.after) &&
  kindOf(a.before) === kindOf(b.before);

/** What a value is, apart from its number: two PTE words or two frames are alike. @param {string} value */
const kindOf = (value) => (/^0x/.test(value) ? "word" : /^(page\/|frame )/.test(value) ? "page" : value);

/** The lines for a stage's changes. @param {import("./rows.js").Change[]} changes @param {Record<string, any>} rows @returns {Line[]} */
export function describe(changes, rows) {
  /** @type {Line[]} */
  const lines = [];
  for (const change of changes) {
    const next = line(change, rows);
    const run = lines.find((one) => follows(one, next));
    if (!run) {
      lines.push(next);
      continue;
    }
    run.last = next.last;
    run.label = `${stem(run.label)
      .replace(/^Page $/, "Pages ")
      .replace(/^PTE $/, "PTEs ")}${run.first}-${run.last}`;
    if (run.after !== next.after) run.after = kindOf(run.after) === "word" ? `${run.after} and on` : "present";
  }
  return lines;
}
