// @ts-check
/** What is pointed at, in one sentence. */

import { bioWords } from "./bios.js";
import { pageCell } from "./cells.js";
import { hex } from "./decode.js";
import { mapsLine } from "./maps.js";
import { cacheOf, entryAt, filePages, number, pageAt } from "./rows.js";
import { taskName } from "./tasks.js";

/** @typedef {import("./select.js").View} View */

/** @param {View} view @returns {string} empty when nothing is pointed at, or nothing is to be said about it */
export function pointedWords(view) {
  const { rows, hover, state } = view;
  const place = state.ui?.hover ?? "";
  if (place.startsWith("fn/")) return functionWords(state.functions?.[place.slice(3)], place.slice(3));
  if (place.startsWith("ra/") && rows[place]) return windowWords(rows[place]);
  if (hover?.kind === "page") return pageWords(view, hover.inode, hover.index);
  if (hover?.kind === "pte") return entryWords(view, hover.vpn);
  if (hover?.kind === "vma") return mapsLine(view, { ref: hover.ref, row: rows[hover.ref] });
  if (hover?.kind === "bio") return `bio ${number(hover.ref)}: ${bioWords(rows[hover.ref])}, ${rows[hover.ref].state}`;
  if (hover?.kind === "task") return `${taskName({ ref: hover.ref, row: rows[hover.ref] })}: ${rows[hover.ref].state}`;
  if (place.startsWith("dentry/") && rows[place]) return `the name ${rows[place].d_name}: ${uses(rows[place].d_count)}`;
  if (place.startsWith("inode/") && rows[place]) return `inode ${rows[place].i_ino}, ${rows[place].name}: ${uses(rows[place].i_count)}`;
  const page = rows[place];
  if (place.startsWith("page/") && page) return `frame 0x${hex(page.pfn, 5)}${page.anonymous ? ", a page without a file" : ""}`;
  return "";
}

/** @param {number} count of a cached object's references */
const uses = (count) => (count > 0 ? `${count} in use` : "nobody uses it, a shrinker may take it");

/** @param {any} entry @param {string} name */
function functionWords(entry, name) {
  if (!entry) return name;
  const first = String(entry.doc ?? "").replaceAll("`", "").split(/(?<=[.:])\s/)[0];
  return `${name}, ${entry.hardware ? "hardware" : entry.file}${first ? `: ${first}` : ""}`;
}

/** @param {any} ra */
const windowWords = ({ start, size, async_size }) =>
  size > 0
    ? `readahead window: pages ${start} to ${start + size - 1}; touching page ${start + size - async_size} starts the next`
    : "readahead window: none yet";

/** @param {View} view @param {string} inode @param {number} index */
function pageWords(view, inode, index) {
  const row = view.rows[inode];
  if (!row) return "";
  const flying = (/** @type {number} */ at) =>
    view.sorted.bio.some(
      ({ row: bio }) => bio.inode === inode && bio.state !== "done" && !bio.op.includes("W") && at >= bio.pages[0] && at <= bio.pages[1],
    );
  const { name } = pageCell(view.rows, cacheOf(inode), index, filePages(row), flying);
  const cell = view.focus.inode === inode ? view.cells.find(({ pte }) => pte.index === index)?.pte : undefined;
  const entry = cell && cell.address !== null ? ` · PTE ${cell.entry}: ${cell.name.slice(cell.name.indexOf(", ") + 2)}` : "";
  return `${name.replace(",", ` of ${row.name}:`)}${entry}`;
}

/** @param {View} view @param {number} vpn */
function entryWords(view, vpn) {
  const { vma } = view.focus;
  const index = vma ? pageAt(vma.row, vpn * 4096) : -1;
  const cell = view.cells.find(({ pte }) => pte.index === index && pte.address === vpn * 4096);
  if (cell && view.focus.inode) return pageWords(view, view.focus.inode, index);
  if (cell) return `${cell.page.name.replace(",", ` of ${view.focus.name}:`)} · ${cell.pte.name}`;
  const { words } = entryAt(view.sorted, view.task.mm, vpn * 4096);
  return `0x${hex(vpn * 4096)}: ${words && words[0] ? `PTE 0x${hex(words[0])}` : "no PTE"}`;
}

