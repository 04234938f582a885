// @ts-check
/** /proc/self/maps, line by line, as fs/proc/task_mmu.c writes it. */

import { hex } from "./decode.js";
import { permissions } from "../../flags.js";
import { DISK, inodeOf } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./rows.js").Found} Found
 */

/** The files lie here, the program in the initial file system. */
const WORKING_DIRECTORY = "/mnt";
const PROGRAM = { name: "prog", device: "00:02 11", path: "/prog" };

/** No VMA, and in every address space. */
export const VECTORS = "ffff0000-ffff1000 r-xp 00000000 00:00 0 [vectors]";

/** @param {View} view @param {Found} found @returns {string} */
export function mapsLine(view, { row }) {
  const { device, path, filed } = backing(view, row);
  const offset = filed ? (row.vm_pgoff ?? 0) * 4096 : 0;
  const range = `${hex(row.vm_start)}-${hex(row.vm_end)} ${permissions(row.vm_flags)} ${hex(offset)}`;
  return `${range} ${device} ${path}`.trimEnd();
}

/** What stands behind a mapping. @param {View} view @param {any} row */
function backing(view, row) {
  const name = row.name ?? "";
  if (name === PROGRAM.name) return { ...PROGRAM, filed: true };
  const inode = inodeOf(view.rows, row);
  if (!inode) return { device: "00:00 0", path: name, filed: false };
  const { s_dev, i_ino } = view.rows[inode];
  return { device: `${s_dev} ${i_ino}`, path: s_dev === DISK ? `${WORKING_DIRECTORY}/${name}` : name, filed: true };
}
