// @ts-check
/**
 * What mincore(2) says of each mapping: 1 for a page in memory.  A page of a file counts when it is up to date in the
 * page cache, mapped or not; any other page when it has a PTE (Linux 5.10: mm/mincore.c).
 */

import { cacheOf, entryAt, inodeOf, kinds, pageAt, vmaPages } from "../views/machine/rows.js";
import { hex } from "../format.js";

const UPTODATE = 1 << 2;
const WIDTH = 64;
const MOST = 1024; // lines

/** @param {Record<string, any>} rows @param {string} name of a file; "" for every mapping @returns {string[] | string} or what is wrong */
export function mincore(rows, name) {
  const sorted = kinds(rows);
  const mm = running(rows)?.mm;
  const mappings = sorted.vma.filter(({ row }) => row.linked !== false && row.vm_mm === mm);
  const wanted = mappings.filter(({ row }) => !name || row.name === name);
  if (wanted.length === 0) {
    const names = [...new Set(mappings.map(({ row }) => row.name).filter(Boolean))];
    return name ? `Nothing called “${name}” is mapped at this stage; ${names.length ? `there are ${names.join(", ")}` : "nothing is"}.` : "Nothing is mapped at this stage.";
  }
  const lines = wanted.flatMap(({ row }) => {
    const inside = Array.from({ length: vmaPages(row) }, (_, i) => resident(rows, sorted, row, row.vm_start + i * 4096));
    const count = inside.filter(Boolean).length;
    const head = `${hex(row.vm_start, 8).slice(2)}-${hex(row.vm_end, 8).slice(2)} ${row.name || "[anon]"}: ${count} of ${inside.length} in memory`;
    const bits = [];
    for (let i = 0; i < inside.length; i += WIDTH)
      bits.push(`${String(i).padStart(6)}  ${inside.slice(i, i + WIDTH).map(Number).join("").replace(/(.{8})(?=.)/g, "$1 ")}`);
    return [head, ...bits];
  });
  return lines.length > MOST ? [...lines.slice(0, MOST), `... and ${lines.length - MOST} lines more`] : lines;
}

/** The program that runs; the first one while all of them sleep. @param {Record<string, any>} rows */
const running = (rows) =>
  Object.entries(rows).find(([ref, row]) => ref.startsWith("task/") && row.state === "running")?.[1] ?? rows["task/1"];

/** @param {Record<string, any>} rows @param {import("../views/machine/rows.js").Kinds} sorted @param {any} vma @param {number} address */
function resident(rows, sorted, vma, address) {
  if (entryAt(sorted, vma.vm_mm, address).words?.[0]) return true;
  const inode = inodeOf(rows, vma);
  const page = inode ? rows[rows[cacheOf(inode)]?.[pageAt(vma, address)]] : null;
  return !!page && (page.flags & UPTODATE) !== 0;
}
