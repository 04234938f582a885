// @ts-check
/** All the names under which one thing is drawn: a page is a struct page, a place in its file, its PTEs, its faults. */

import { ptePin, readPin } from "../machine/pins.js";
import { addressAt, cacheOf, covers, inodeOf, kinds, pageAt, vmaAt } from "../machine/rows.js";
import { shownTask } from "../machine/tasks.js";

/** @typedef {import("../../select.js").State} State */

/** @param {string} place @param {State} state @returns {Set<string>} */
export function related(place, state) {
  const { rows, faults, requests } = state;
  const names = new Set([place]);
  const pin = readPin(place, rows);
  if (place.startsWith("page/")) names.add(place);
  if (pin?.kind === "page") pageNames(names, state, pin.inode, pin.index);
  if (pin?.kind === "pte") pteNames(names, state, pin.vpn);
  if (pin?.kind === "bio") {
    const { inode, pages } = rows[pin.ref];
    for (let index = pages[0]; index <= pages[1]; index += 1) names.add(`${cacheOf(inode)}/${index}`);
    const request = requests.find(({ ref }) => ref === pin.ref);
    if (request) names.add(`mark/bio-${request.from}`).add("light/bio");
  }
  if (pin?.kind === "vma") names.add(`light/vma ${rows[pin.ref].name}`);
  if (place.startsWith("ra/")) names.add("light/window readahead");
  if (place === "fault") {
    const active = faults.findLast(({ n }) => n <= state.cursor);
    if (active) names.add(`mark/fault-${active.k}`);
  }
  return names;
}

/** @param {Set<string>} names @param {State} state @param {string} inode @param {number} index */
function pageNames(names, { rows, faults, ui }, inode, index) {
  const cache = cacheOf(inode);
  const ref = rows[cache]?.[index];
  names.add(`${cache}/${index}`).add(`${cache} ${index}`).add(`light/page ${index}`);
  if (typeof ref === "string") names.add(ref);
  const sorted = kinds(rows);
  const { row: task } = shownTask(rows, sorted, readPin(ui.pin, rows));
  for (const { row } of sorted.vma) {
    if (!row.linked || row.vm_mm !== task.mm || inodeOf(rows, row) !== inode || !covers(row, index)) continue;
    entryNames(names, sorted, task.mm, addressAt(row, index));
    names.add(`light/pte ${index}`);
  }
  for (const { k, address, page } of faults) {
    if (page === index && names.has(ptePin(address))) names.add(`mark/fault-${k}`);
  }
}

/** @param {Set<string>} names @param {State} state @param {number} vpn */
function pteNames(names, state, vpn) {
  const { rows, ui } = state;
  const sorted = kinds(rows);
  const { row: task } = shownTask(rows, sorted, readPin(ui.pin, rows));
  const mine = sorted.vma.filter(({ row }) => row.linked && row.vm_mm === task.mm);
  const vma = vmaAt(mine, vpn * 4096)?.row;
  const inode = inodeOf(rows, vma);
  if (vma && inode) return pageNames(names, state, inode, pageAt(vma, vpn * 4096));
  const words = entryNames(names, sorted, task.mm, vpn * 4096);
  const page = words && words[0] !== 0 && sorted.page.find(({ row }) => row.anonymous && row.pfn === words[0] >>> 12);
  if (page) names.add(page.ref);
}

/** The entry of an address by its place and by its table. @param {Set<string>} names
 *  @param {import("../machine/rows.js").Kinds} sorted @param {string} mm @param {number} address
 *  @returns {[number, number] | null} the two words in it */
function entryNames(names, sorted, mm, address) {
  names.add(ptePin(address));
  const slot = Math.floor(address / 0x200000);
  const index = (address >>> 12) & 511;
  const table = sorted.pt.find(({ row }) => row.slot === slot && row.mm === mm);
  if (table) names.add(`${table.ref} ${index}`);
  return table?.row[index] ?? null;
}
