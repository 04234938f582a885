// @ts-check
/** The page cache row: one struct page a column, whatever file offset the mapping starts at. */

import { s } from "./draw.js";
import { left } from "./geometry.js";
import { PAGE_HEIGHT } from "./sizes.js";
import { box, gutter, halo, pageMarks, ring, rowHead } from "./glyphs.js";
import { cellAttrs, cellMarks, columnPlace, signature } from "./grid.js";
import { framesOf } from "./anonymous.js";
import { addressOf } from "./focus.js";
import { cacheOf, entryAt } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** @param {View} view @returns {string} "32 in flight", "32 of 64 ready", "12 allocated" */
export function pagesCached(view) {
  const { inode, end } = view.focus;
  if (!inode) return view.focus.vma ? pagesOwned(view) : "no file";
  const cache = view.rows[cacheOf(inode)] ?? {};
  let [ready, flying, held] = [0, 0, 0];
  for (const key in cache) {
    const page = view.rows[cache[key]];
    if (!page || page.index !== Number(key)) continue;
    if (page.flags & 4) ready += 1;
    else if (view.inFlight(page.index)) flying += 1;
    else held += 1;
  }
  if (ready === 0 && flying > 0) return `${flying} in flight`;
  return ready === 0 && held > 0 ? `${held} allocated` : `${ready} of ${end} ready`;
}

/** Pages of a mapping without a file: "3 of 600 its own". @param {View} view @returns {string} */
function pagesOwned({ focus, sorted, task }) {
  const frames = framesOf(sorted);
  let own = 0;
  for (let index = 0; index < focus.total; index += 1) {
    const words = entryAt(sorted, task.mm, addressOf(focus, index) ?? 0).words;
    if (words && frames.has(words[0] >>> 12)) own += 1;
  }
  return `${own} of ${focus.total} exist`;
}

/** @param {View} view @param {Geometry} geo @param {Block} block */
export function pageCacheHead(view, geo, block) {
  const name = view.focus.inode || !view.focus.vma ? "Page cache" : "Own pages";
  const row = { tone: "pc", name, note: pagesCached(view) };
  if (block.cacheHead === null) return gutter({ ...row, y: block.page + 14, bar: 26 });
  return rowHead({ ...row, y: block.cacheHead, x: block.x, right: geo.right });
}

/**
 * @param {View} view @param {Geometry} geo @param {Block} block
 * @param {import("./grid.js").Stop} stop @param {ReturnType<typeof import("./memory.js").memory>} remember
 */
export function pageCacheCells(view, geo, block, stop, remember) {
  const inode = view.focus.inode ?? "";
  const cache = inode ? cacheOf(inode) : "";
  const shown = view.cells.filter(({ page }) => page.index >= block.first && page.index < block.first + block.count);
  return shown.map(({ page }) => {
    const x = left(geo, block, page.index) + 1;
    const changed = (page.row !== null && view.changes.refs.has(page.ref)) || view.changes.has(cache, page.index);
    const marks = cellMarks(view, "page", page.index, stop);
    const at = `${x} ${block.page} ${geo.column} ${inode}`;
    const shows = `${at} ${page.ref} ${page.state} ${page.flags} ${page.name} ${changed} ${signature(marks)}`;
    return remember(`page${page.index}`, shows, () =>
      drawPage(view, page, { x, y: block.page, w: geo.column - 2, h: PAGE_HEIGHT }, changed, marks),
    );
  });
}

/** @param {View} view @param {import("./cells.js").PageCell} page @param {import("./glyphs.js").Place} place
 *  @param {boolean} changed @param {import("./grid.js").Marks} marks */
const drawPage = ({ focus }, page, place, changed, marks) =>
  s(
    "g",
    {
      class: "m-cell m-page",
      key: page.index,
      ...cellAttrs("page", page.index, page.name, marks),
      "data-testid": `machine-page-${focus.name}-${page.index}`,
      "data-ref": page.ref,
      "data-state": page.state,
      "data-flags": page.flags.join(" "),
      "data-pfn": page.row ? page.row.pfn : null,
      "data-pin": columnPlace(focus, page.index),
      "data-place": columnPlace(focus, page.index),
      "data-changed": changed || null,
    },
    s("rect", { class: "m-hit", x: place.x - 1, y: place.y - 6, width: place.w + 2, height: place.h + 12 }),
    halo(place, changed),
    box(place),
    pageMarks(place, page.state, page.flags, page.row?.mapcount),
    ring(place, marks.hot),
  );

/** Where the file stops short of the columns, say so. @param {View} view @param {Geometry} geo @param {Block} block */
export function endOfFile(view, geo, block) {
  const { end, total, name } = view.focus;
  const free = block.first + block.count - total;
  if (free < 16 || geo.phone || total === 0) return null;
  const x = left(geo, block, total) + 12;
  if (!view.focus.inode) {
    const words = `${name}: ${count(total)}, no file behind them`;
    return s("text", { class: "m-note", key: "eof", x, y: block.page + 20 }, words);
  }
  const text = total > end ? `${name} has ${count(end)}; the mapping is longer` : `${name} ends here: ${count(end)}`;
  return s("text", { class: "m-note", key: "eof", x, y: block.page + 20 }, text);
}

/** @param {number} pages */
const count = (pages) => (pages === 1 ? "1 page" : `${pages} pages`);
