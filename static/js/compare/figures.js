// @ts-check
/** The figures of a run up to a stage, and the pages of the file that it shows. */

import { seek } from "../timeline.js";
import { ranges } from "../ranges.js";
import { addressAt, cacheOf, covers, entryAt, filePages, inodeOf, kinds } from "../views/machine/rows.js";

/** @typedef {import("../timeline.js").Timeline} Timeline */
const UPTODATE = 1 << 2;

/** @param {Timeline} timeline @param {number} n */
export function figures(timeline, n) {
  const { faults, requests } = timeline.faults;
  const over = faults.filter((fault) => fault.n <= n);
  const major = over.filter((fault) => fault.major).length;
  const minor = over.filter((fault) => fault.major === false).length;
  const reads = requests.filter((one) => one.from <= n && !one.write);
  const rows = seek(timeline, n);
  const read = (rows.disk?.sectors_read ?? 0) / 8;
  return {
    faults: over.length,
    major,
    minor,
    requests: reads.length,
    perRequest: reads.length ? Math.round((read / reads.length) * 10) / 10 : 0,
    read,
    cached: Object.keys(rows).filter((ref) => ref.startsWith("cache/")).reduce((sum, ref) => sum + (rows[ref].nrpages ?? 0), 0),
    time: timeline.stages[n]?.t ?? 0,
  };
}

/** The file to look at: the one that was read or mapped last, by its pages. @param {Timeline} timeline @param {number} n */
export function fileView(timeline, n) {
  const rows = seek(timeline, n);
  const sorted = kinds(rows);
  const vma = sorted.vma.map(({ row }) => row).findLast((row) => inodeOf(rows, row) && row.linked !== false) ?? null;
  const inode = (vma && inodeOf(rows, vma)) ?? sorted.inode.find(({ row }) => !row.directory)?.ref ?? null;
  if (!inode) return null;
  const pages = filePages(rows[inode]);
  const cache = rows[cacheOf(inode)] ?? {};
  const cached = [];
  const reading = [];
  const mapped = [];
  for (let i = 0; i < pages; i += 1) {
    const page = rows[cache[i]];
    if (page) (page.flags & UPTODATE ? cached : reading).push(i);
    if (vma && covers(vma, i) && entryAt(sorted, vma.vm_mm, addressAt(vma, i)).words?.[0]) mapped.push(i);
  }
  const file = sorted.file.find(({ row }) => row.inode === inode)?.row;
  const ra = file ? rows[file.f_ra] : null;
  const covered = vma ? [vma.vm_pgoff ?? 0, (vma.vm_pgoff ?? 0) + (vma.vm_end - vma.vm_start) / 4096] : null;
  return { name: rows[inode].name, pages, cached, reading, mapped, ra: ra?.size ? ra : null, covered };
}

/** @param {number[]} list */
export const words = (list) => ranges(list) || "none";

/** @param {number[]} list sorted @returns {[number, number][]} first page and count of each run */
export function runs(list) {
  /** @type {[number, number][]} */
  const found = [];
  for (const n of list) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === n) last[1] += 1;
    else found.push([n, 1]);
  }
  return found;
}
