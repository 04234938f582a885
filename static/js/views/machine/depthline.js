// @ts-check
/** How deep this access went: one line from the address space through the column to the row that had the answer. */

import { s } from "./draw.js";
import { blockOf, middle } from "./geometry.js";
import { tickX } from "./segments.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {"strip" | "pte" | "cache" | "disk"} Depth
 */

/**
 * The page under the fault is being read, or was read for this fault: disk. filemap_fault() runs, or has run
 * (only it asks for a second attempt): cache. Otherwise the fault has not got past the page table.
 * @param {View} view @returns {Depth | null} null when no fault is being handled
 */
export function depth(view) {
  const { access, fault } = view;
  if (!fault || access.hot !== "fault") return null;
  if (!fault.active) return "strip";
  if (access.page === null) return "strip";
  const page = view.cells.find(({ page: cell }) => cell.index === access.page)?.page;
  if (page?.state === "inflight") return "disk";
  if (readHere(view, access.page)) return "disk";
  const inside = (view.state.frames ?? []).some((/** @type {{fn: string}} */ frame) => frame.fn === "filemap_fault");
  return inside || fault.attempt > 1 ? "cache" : "pte";
}

/** Whether a request made since this fault began carries the page. @param {View} view @param {number} page */
function readHere({ state, fault, bios }, page) {
  const began = state.faults?.find((/** @type {any} */ one) => one.k === fault.n)?.t;
  return (
    began !== undefined &&
    bios.some(({ row }) => row.submitted >= began && page >= row.pages[0] && page <= row.pages[1])
  );
}

/** @param {View} view @param {Geometry} geo @param {import("./segments.js").Segment[]} segments */
export function depthLine(view, geo, segments) {
  const deep = depth(view);
  const { page, address } = view.access;
  if (!deep || address === null || page === null || deep === "strip") return null;
  const block = blockOf(geo, page);
  if (!block) return null;
  const x = middle(geo, block, page);
  const foot = { pte: block.pte, cache: block.page, disk: (block.disk ?? block.page) - 1 }[deep];
  const tail = deep === "disk" ? foot - 8 : foot;
  const whole = geo.overview && geo.lens ? overviewX(view, geo, page) : null;
  const via = whole === null || !geo.lens ? "" : `L${whole} ${geo.lens.bottom}v${10}`;
  return s(
    "g",
    { class: "m-depth", key: "depth", "data-testid": "machine-depth", "data-depth": deep, "data-index": page },
    s("path", {
      class: "m-depth-line",
      d: `${start(view, geo, segments, address)}${via}L${x} ${entry(geo, block)}V${tail}`,
    }),
    deep === "disk" && s("path", { class: "m-depth-head", d: `M${x - 6.5} ${foot - 12}h13L${x} ${foot}Z` }),
  );
}

/** Where the line enters the columns: the foot of the lens, or on a phone right under the CPU card.
 *  @param {Geometry} geo @param {import("./geometry.js").Block} block */
const entry = (geo, block) => (geo.lens ? geo.lens.top + 44 : Math.min(block.bracket, geo.cards.h + 1));

/** Where a page stands in the strip of the whole file. @param {View} view @param {Geometry} geo @param {number} page */
const overviewX = (view, geo, page) =>
  Math.round(geo.gutter + ((page + 0.5) / view.focus.total) * (geo.right - geo.gutter));

/**
 * @param {View} view @param {Geometry} geo @param {import("./segments.js").Segment[]} segments
 * @param {number} address
 */
function start(view, geo, segments, address) {
  if (!geo.strip || !geo.lens) {
    const block = blockOf(geo, view.access.page ?? 0);
    return block ? `M${middle(geo, block, view.access.page ?? 0)} ${geo.cards.h}` : "M0 0";
  }
  const x = tickX(segments, address) ?? 0;
  return `M${x} ${geo.strip.y + 1}V${geo.strip.y + geo.strip.h}`;
}
