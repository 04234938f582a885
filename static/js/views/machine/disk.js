// @ts-check
/** The disk row: the file's blocks in column order, under the pages that they fill. */

import { MONO } from "./bios.js";
import { s } from "./draw.js";
import { clip, left } from "./geometry.js";
import { DISK_HEIGHT } from "./sizes.js";
import { gutter, rowHead } from "./glyphs.js";
import { cellAttrs, cellMarks, signature } from "./grid.js";
import { pagePin } from "./pins.js";
import { number, onDisk } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

const SECTORS_PER_PAGE = 8;

/** @param {View} view @returns {string} "idle", "1 bio queued", "1 being served, 2 queued" */
export function diskWords(view) {
  const count = (/** @type {string} */ state) => view.sorted.bio.filter(({ row }) => row.state === state).length;
  const [queued, serving] = [count("queued"), count("serving")];
  const bios = (/** @type {number} */ n) => (n === 1 ? "1 bio" : `${n} bios`);
  if (serving && queued) return `${serving} served, ${queued} queued`;
  if (serving) return `${serving} being served`;
  return queued ? `${bios(queued)} queued` : "idle";
}

/** @param {View} view @param {Geometry} geo @param {Block} block */
export function diskHead(view, geo, block) {
  const here = onDisk(view.rows[view.focus.inode ?? ""]);
  const note = here || view.sorted.bio.some(({ row }) => row.state !== "done") ? diskWords(view) : "holds none of it";
  const row = { tone: "io", name: "Disk", note };
  if (block.diskHead === null) return gutter({ ...row, y: (block.disk ?? 0) + 11, bar: 24 });
  return rowHead({ ...row, y: block.diskHead, x: block.x, right: geo.right });
}

/**
 * The blocks of the file that stand under the columns.
 * @param {View} view @param {Geometry} geo @param {Block} block
 */
export function extent(view, geo, block) {
  const filed = onDisk(view.rows[view.focus.inode ?? ""]);
  const seen = filed && view.focus.end > 0 && block.disk !== null && clip(block, 0, view.focus.end - 1);
  if (!seen || block.disk === null) return null;
  const y = block.disk;
  const x = left(geo, block, seen.from);
  const width = (seen.to - seen.from + 1) * geo.column;
  const ticks = [];
  for (let page = seen.from + 8 - (seen.from % 8); page <= seen.to; page += 8) {
    ticks.push(`M${left(geo, block, page)} ${y + DISK_HEIGHT - 7}v7`);
  }
  return s(
    "g",
    { class: "m-extent", key: `extent${block.first}`, "data-ref": view.focus.inode },
    s("rect", { x: x + 0.5, y: y + 0.5, width: width - 1, height: DISK_HEIGHT - 1, rx: 3 }),
    s("path", { class: "m-ticks", d: ticks.join("") }),
    extentLabel(view, geo, block, { from: x, to: x + width, y }),
  );
}

/** Where the file lies, in the widest stretch that no bio covers.
 *  @param {View} view @param {Geometry} geo @param {Block} block @param {{from: number, to: number, y: number}} bar */
function extentLabel(view, geo, block, bar) {
  const { inode, name, end } = view.focus;
  const { sector } = view.rows[inode ?? ""] ?? {};
  if (typeof sector !== "number") return null;
  const text = `${name}, sectors ${sector} to ${sector + end * SECTORS_PER_PAGE - 1}`;
  let [best, at] = [0, bar.from];
  let free = bar.from;
  for (const [from, to] of [...covered(view, geo, block), [bar.to, bar.to]]) {
    if (from - free > best) [best, at] = [from - free, free];
    free = Math.max(free, to);
  }
  if (best < text.length * MONO + 24) return null;
  return s("text", { class: "m-mono", x: at + 20, y: bar.y + 17 }, text);
}

/** @param {View} view @param {Geometry} geo @param {Block} block @returns {[number, number][]} by their left edge */
function covered(view, geo, block) {
  /** @type {[number, number][]} */
  const spans = [];
  for (const { row } of view.bios) {
    const seen = clip(block, row.pages[0], row.pages[1]);
    if (seen) spans.push([left(geo, block, seen.from), left(geo, block, seen.to) + geo.column]);
  }
  return spans.sort((a, b) => a[0] - b[0]);
}

/** The row's cells for the keyboard and for screen readers: one block of the file a column.
 *  @param {View} view @param {Geometry} geo @param {Block} block @param {import("./grid.js").Stop} stop
 *  @param {ReturnType<typeof import("./memory.js").memory>} remember */
export function diskCells(view, geo, block, stop, remember) {
  const { inode, end } = view.focus;
  if (!onDisk(view.rows[inode ?? ""])) return [];
  const sector = view.rows[inode ?? ""].sector;
  const until = Math.min(block.first + block.count, end);
  return view.cells
    .filter(({ page }) => page.index >= block.first && page.index < until)
    .map(({ page: { index } }) => {
      const marks = cellMarks(view, "disk", index, stop);
      const carrier = view.bios.findLast(({ row }) => index >= row.pages[0] && index <= row.pages[1]);
      const x = left(geo, block, index);
      const work = `${carrier?.ref} ${carrier?.row.state}`;
      const shows = `${x} ${block.disk} ${geo.column} ${inode} ${sector} ${work} ${signature(marks)}`;
      return remember(`disk${index}`, shows, () => {
        const at = `, sector ${sector + index * SECTORS_PER_PAGE}`;
        const work = carrier ? `, bio ${number(carrier.ref)} ${carrier.row.state}` : ", no request";
        return s(
          "g",
          {
            class: "m-cell m-block",
            key: index,
            ...cellAttrs("disk", index, `Block of page ${index}${at}${work}`, marks),
            "data-pin": carrier?.ref ?? pagePin(inode ?? "", index),
            "data-place": pagePin(inode ?? "", index),
            "data-point": carrier?.ref ?? null,
          },
          s("rect", { class: "m-hit", x, y: block.disk, width: geo.column, height: DISK_HEIGHT }),
        );
      });
    });
}
