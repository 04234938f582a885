// @ts-check
/** From the VMA in the strip to its pages in the columns. */

import { s } from "./draw.js";
import { clip, left } from "./geometry.js";
import { firstPage, vmaPages } from "./rows.js";
import { mapsLine } from "./maps.js";
import { fileTabs } from "./tabs.js";
import { taskTabs } from "./tasktabs.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./segments.js").Segment} Segment
 * @typedef {import("./rows.js").Found} Found
 */

/** @param {View} view @param {Geometry} geo @param {Segment[]} segments */
export function lens(view, geo, segments) {
  if (!geo.lens) return null;
  const { maps, vma } = view.focus;
  const files = fileTabs(view, geo, geo.lens.top);
  const tasks = taskTabs(view, geo, geo.lens.top);
  const middle = (tasks.to + files.from) / 2;
  return s(
    "g",
    { class: "m-lens", key: "lens" },
    maps.map((found) => trapezoid(view, geo, segments, found)),
    vma && caption(view, geo, vma, middle),
    maps.length === 0 && unmapped(view, geo, middle),
    geo.overview && fan(view, geo, geo.overview),
    files.drawn,
    tasks.drawn,
  );
}

/** @param {View} view @param {Geometry} geo @param {Segment[]} segments @param {Found} found */
function trapezoid(view, geo, segments, found) {
  const from = segments.find((part) => part.vmas.includes(found));
  const to = foot(view, geo, found.row);
  if (!from || !to || !geo.lens) return null;
  const { top, bottom } = geo.lens;
  const [x0, x1] = [from.x, from.x + from.w];
  return s(
    "g",
    { key: found.ref, "data-ref": found.ref, "data-focus": found.ref === view.focus.vma?.ref || null },
    s("path", { class: "m-lens-fill", d: `M${x0} ${top}H${x1}L${to[1]} ${bottom}H${to[0]}Z` }),
    s("path", { class: "m-lens-edge", d: `M${x0} ${top}L${to[0]} ${bottom}M${x1} ${top}L${to[1]} ${bottom}` }),
  );
}

/** The mapped pages at the foot of the lens: columns, or their share of the whole file.
 *  @param {View} view @param {Geometry} geo @param {any} vma @returns {[number, number] | null} */
function foot(view, geo, vma) {
  const first = firstPage(vma);
  const end = first + vmaPages(vma);
  if (geo.overview) {
    const unit = (geo.right - geo.gutter) / view.focus.total;
    return [geo.gutter + first * unit, geo.gutter + end * unit];
  }
  const [block] = geo.blocks;
  const seen = clip(block, first, end - 1);
  return seen && [left(geo, block, seen.from), left(geo, block, seen.to) + geo.column];
}

/** From the band in the strip of the whole file to the 64 columns.
 *  @param {View} view @param {Geometry} geo @param {{y: number, h: number}} overview */
function fan({ focus }, geo, { y, h }) {
  const unit = (geo.right - geo.gutter) / focus.total;
  const from = geo.gutter + focus.first * unit;
  const to = geo.gutter + Math.min(focus.first + 64, focus.total) * unit;
  return s("path", {
    class: "m-fan",
    d: `M${from} ${y + h + 2}L${geo.gutter} ${y + h + 8}H${geo.right}L${to} ${y + h + 2}Z`,
  });
}

/** @param {View} view @param {Geometry} geo @param {Found} vma @param {number} x */
const caption = (view, geo, vma, x) =>
  geo.lens && [
    plate(mapsLine(view, vma), x, geo.lens.top),
    s(
    "text",
    {
      class: "m-maps",
      x,
      y: geo.lens.top + 17,
      "data-testid": "machine-maps-line",
    },
    mapsLine(view, vma),
    ),
  ];

/** Behind words over the lens, whose edges may run along them. @param {string} text @param {number} x @param {number} top */
const plate = (text, x, top) =>
  s("rect", { class: "m-plate", key: "plate", x: x - text.length * 3 - 5, y: top + 6, width: text.length * 6 + 10, height: 15, rx: 3 });

/** @param {View} view @param {Geometry} geo @param {number} x */
function unmapped(view, geo, x) {
  const { inode, name } = view.focus;
  if (!inode || !geo.lens) return null;
  const kept = view.rows[inode].nrpages > 0 ? "; its pages are still in the page cache" : "";
  return s(
    "text",
    { class: "m-maps", x, y: geo.lens.top + 17 },
    `${name} is not mapped${kept}`,
  );
}
