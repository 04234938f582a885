// @ts-check
/**
 * The fault index and the marks on the ruler, read off the changes as stages arrive.
 *
 * A fault begins where the row `fault` gets a new number and counts as major where the kernel counts it: when
 * maj_flt of a task goes up.
 */

import { markOf } from "./marks.js";

/** @typedef {import("./marks.js").Mark} Mark */
/**
 * @typedef {object} Fault
 * @property {number} k its number, from 1
 * @property {number} n the stage it began at
 * @property {number} t
 * @property {number} end the stage it was over at, or -1
 * @property {number} tEnd
 * @property {number} address
 * @property {number | null} page the page of the file, or null outside every file mapping
 * @property {number[] | null} around the window of the last fault-around
 * @property {number} mapped PTEs set
 * @property {number[]} set the pages of the file whose PTEs were set, in order
 * @property {number} read pages asked of the disk
 * @property {number} attempts
 * @property {string[]} results what handle_mm_fault returned, attempt by attempt
 * @property {boolean | null} major null until it is counted
 * @property {boolean} write whether the access is a store
 */
/** A request to the disk, from the stage that submits it to the one that ends it (-1: not yet). */
/** @typedef {{ref: string, from: number, to: number, label: string, write: boolean}} Request */

/** @typedef {{marks: Mark[], faults: Fault[], open: Fault | null, requests: Request[], queued: Map<string, Request>}} Faults */

/** @returns {Faults} */
export const createFaults = () => ({ marks: [], faults: [], open: null, requests: [], queued: new Map() });

/**
 * @param {Faults} index @param {any} stage @param {number} n
 * @param {import("./rows.js").Rows} rows the rows after this stage
 */
export function noteFault(index, stage, n, rows) {
  if (n > 0 && stage.changes) for (const change of stage.changes) noteChange(index, change, stage, n, rows);
  if (index.open && stage.op === "return" && stage.fn === "handle_mm_fault")
    index.open.results.push(stage.ret === undefined || stage.ret === 0 ? "0" : String(stage.ret));
  const ref = stage.args?.bio;
  const bio = ref && (stage.kind === "submit-bio" || stage.kind === "io-done") ? rows[ref] : null;
  if (index.open && bio && stage.kind === "submit-bio") index.open.read += bio.nr_sectors / 8;
  const mark = markOf(stage, n, bio);
  if (mark) index.marks.push(mark);
  if (mark && ref) noteRequest(index, ref, n, mark, bio);
}

/** @param {Faults} index @param {string} ref @param {number} n @param {Mark} mark @param {any} bio */
function noteRequest({ requests, queued }, ref, n, { type, label }, bio) {
  if (type === "bio") {
    const request = { ref, from: n, to: -1, label, write: String(bio?.op ?? "").includes("W") };
    requests.push(request);
    queued.set(ref, request);
  } else if (type === "done") {
    const request = queued.get(ref);
    if (request) request.to = n;
    queued.delete(ref);
  }
}

/** @param {Faults} index @param {any} change @param {any} stage @param {number} n @param {any} rows */
function noteChange(index, change, stage, n, rows) {
  const [ref, field, before, after] = change;
  if (ref === "fault") {
    const number = field === "n" ? after : field === "*" && after ? after.n : 0;
    if (number > 0) begin(index, number, stage, n);
    if (index.open) follow(index.open, index, rows, stage, n);
    if (index.open && index.open.end >= 0) index.open = null;
  } else if (field === "maj_flt" || field === "min_flt") {
    if (index.open && after > before) count(index, field === "maj_flt");
  } else if (index.open && ref.startsWith("pt/") && Array.isArray(after)) {
    const page = filePage(rows, rows[ref].slot * 2 ** 21 + Number(field) * 4096);
    if (page !== null && !before) index.open.set.push(page);
  }
}

/** @param {Faults} index @param {number} k @param {any} stage @param {number} n */
function begin(index, k, stage, n) {
  const { t } = stage;
  index.open = {
    k,
    n,
    t,
    end: -1,
    tEnd: -1,
    address: 0,
    page: null,
    around: null,
    mapped: 0,
    set: [],
    read: 0,
    attempts: 1,
    results: [],
    major: null,
    write: false,
  };
  index.faults.push(index.open);
  index.marks.push({ n, t, type: "minor", label: "", k });
}

/** Carry over what the row now says. */
/** @param {Fault} fault @param {Faults} index @param {any} rows @param {any} stage @param {number} n */
function follow(fault, index, rows, stage, n) {
  const row = rows.fault ?? {};
  fault.address = row.address ?? fault.address;
  fault.write = row.write ?? fault.write;
  fault.attempts = row.attempt ?? fault.attempts;
  fault.around = row.around ?? fault.around;
  fault.mapped = row.mapped ?? fault.mapped;
  fault.page = filePage(rows, fault.address) ?? fault.page;
  const mark = index.marks.findLast((one) => one.k === fault.k);
  if (mark) mark.label = fault.page === null ? `0x${fault.address.toString(16)}` : String(fault.page);
  if (row.active === false && fault.end < 0) {
    fault.end = n;
    fault.tEnd = stage.t;
  }
}

/** The page of the faulting file that an address shows, or null. @param {any} rows @param {number} address */
function filePage(rows, address) {
  const vma = rows[rows.fault?.vma];
  if (!vma?.vm_file || address < vma.vm_start || address >= vma.vm_end) return null;
  return Math.floor((address - vma.vm_start) / 4096) + (vma.vm_pgoff ?? 0);
}

/** @param {Faults} index @param {boolean} major */
function count(index, major) {
  if (!index.open) return;
  index.open.major = major;
  const { k } = index.open;
  const mark = index.marks.findLast((one) => one.k === k);
  if (mark && major) mark.type = "major";
}
