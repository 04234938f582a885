// @ts-check
/** The page table row: one PTE a column, the fault-around window over it. */

import { s } from "./draw.js";
import { left } from "./geometry.js";
import { PTE_HEIGHT } from "./sizes.js";
import { box, gutter, halo, pteMarks, ring, rowHead } from "./glyphs.js";
import { cellAttrs, cellMarks, columnPlace, signature } from "./grid.js";
import { ptePin } from "./pins.js";
import * as read from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** @param {View} view @returns {string} "16 of 64 set" */
export function pagesSet(view) {
  const { maps } = view.focus;
  if (maps.length === 0) return "not mapped";
  let set = 0;
  let all = 0;
  for (const { row } of maps) {
    all += read.vmaPages(row);
    for (const { row: table } of view.sorted.pt) if (table.mm === view.task.mm) set += setIn(table, row);
  }
  return `${set} of ${all} set`;
}

/** @param {any} table @param {any} vma @returns {number} entries of the table that the VMA's pages have */
function setIn(table, vma) {
  const base = table.slot * 512;
  let set = 0;
  for (const key in table) {
    const vpn = base + Number(key);
    if (table[key] && vpn >= vma.vm_start / 4096 && vpn < vma.vm_end / 4096 && table[key][0]) set += 1;
  }
  return set;
}

/** @param {View} view @param {Geometry} geo @param {Block} block */
export function pageTableHead(view, geo, block) {
  const row = { tone: "pt", name: "Page table", note: pagesSet(view) };
  if (block.head === null) return gutter({ ...row, y: block.pte + 9 });
  return rowHead({ ...row, y: block.head, x: block.x, right: geo.right });
}

/**
 * @param {View} view @param {Geometry} geo @param {Block} block
 * @param {import("./grid.js").Stop} stop @param {ReturnType<typeof import("./memory.js").memory>} remember
 */
export function pageTableCells(view, geo, block, stop, remember) {
  return view.cells
    .filter(({ pte }) => inBlock(block, pte.index))
    .map(({ pte }) => {
      const x = left(geo, block, pte.index) + 1.5;
      const changed = pte.ref !== "" && view.changes.has(pte.ref, pte.entry);
      const marks = cellMarks(view, "pte", pte.index, stop);
      const words = pte.words ? pte.words[0] : "";
      const at = `${x} ${block.pte} ${geo.column} ${columnPlace(view.focus, pte.index)}`;
      const shows = `${at} ${pte.ref} ${pte.address} ${words} ${pte.name} ${changed} ${signature(marks)}`;
      return remember(`pte${pte.index}`, shows, () =>
        drawPte(view, pte, { x, y: block.pte, w: geo.column - 3, h: PTE_HEIGHT }, changed, marks),
      );
    });
}

/** @param {View} view @param {import("./cells.js").PteCell} pte @param {import("./glyphs.js").Place} place @param {boolean} changed
 *  @param {import("./grid.js").Marks} marks */
function drawPte({ focus }, pte, place, changed, marks) {
  const mapped = pte.address !== null;
  return s(
    "g",
    {
      class: "m-cell m-pte",
      key: pte.index,
      ...cellAttrs("pte", pte.index, pte.name, marks),
      "data-testid": `machine-pte-${pte.index}`,
      "data-ref": pte.ref || null,
      "data-state": pte.state,
      "data-covered": mapped ? "yes" : "no",
      "data-pte": mapped ? pte.entry : null,
      "data-pfn": pte.words ? pte.words[0] >>> 12 : null,
      "data-pin": pte.address === null ? null : ptePin(pte.address),
      "data-place": columnPlace(focus, pte.index),
      "data-changed": changed || null,
    },
    halo(place, changed),
    box(place),
    pteMarks(place, pte.state),
    ring(place, marks.hot),
  );
}

/** @param {Block} block @param {number} index */
const inBlock = (block, index) => index >= block.first && index < block.first + block.count;
