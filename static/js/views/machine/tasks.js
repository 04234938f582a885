// @ts-check
/** Who runs, and whose address space is shown: not the same while a kernel thread works or another one is pinned. */

import { mmOf } from "./rows.js";

/**
 * @typedef {import("./rows.js").Rows} Rows
 * @typedef {import("./rows.js").Kinds} Kinds
 * @typedef {import("./rows.js").Found} Found
 */

const NOBODY = { ref: "task/1", row: {} };

/** The processes that have an address space, in the order of their birth. @param {Kinds} sorted @returns {Found[]} */
export const processes = (sorted) =>
  sorted.task
    .filter(({ row }) => row.mm)
    .sort((a, b) => Number(a.ref.slice(5)) - Number(b.ref.slice(5)));

/** The task on the CPU, if any: all may be asleep. @param {Kinds} sorted @returns {Found | undefined} */
export const runningTask = (sorted) =>
  [...sorted.task, ...sorted.kthread].find(({ row }) => row.state === "running");

/**
 * Whose address space is in use. A kernel thread has none and borrows the one that TTBR0 still points at.
 * @param {Rows} rows @param {Kinds} sorted @returns {Found}
 */
function userTask(rows, sorted) {
  const all = processes(sorted);
  const running = runningTask(sorted);
  if (running?.row.mm) return running;
  const directory = Math.floor((rows.cpu?.TTBR0 ?? 0) / 0x4000) * 4;
  const lent = all.find(({ row }) => rows[rows[row.mm]?.pgd]?.pfn === directory);
  return lent ?? all[0] ?? (rows["task/1"] ? { ref: "task/1", row: rows["task/1"] } : NOBODY);
}

/**
 * The task whose address space is shown: the pinned one, else the owner of the pinned mapping, else whose is in use.
 * @param {Rows} rows @param {Kinds} sorted @param {import("./pins.js").Pin | null} pin @returns {Found}
 */
export function shownTask(rows, sorted, pin) {
  const used = userTask(rows, sorted);
  if (pin?.kind === "task") return { ref: pin.ref, row: rows[pin.ref] };
  if (pin?.kind !== "vma") return used;
  const mm = mmOf(rows[pin.ref], used.row.mm);
  return mm === used.row.mm ? used : (processes(sorted).find(({ row }) => row.mm === mm) ?? used);
}

/** "prog 101", "kswapd0". @param {Found} task @returns {string} */
export const taskName = ({ ref, row }) => (ref.startsWith("kthread/") ? row.comm : `${row.comm ?? "task"} ${row.pid ?? ""}`);
