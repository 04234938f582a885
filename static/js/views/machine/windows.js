// @ts-check
/** The two windows, never confused: fault-around hangs over the PTEs, readahead over the cache pages. */

import { bracket } from "./bracket.js";
import { range } from "./decode.js";
import { s } from "./draw.js";
import { clip } from "./geometry.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** What fault-around did, in words. @param {View} view @param {boolean} [short] @returns {string} */
export function aroundWords(view, short = false) {
  const [first, last] = view.fault.around;
  const { mapped } = view.fault;
  const label = `fault-around ${range(first, last)}`;
  const trying = (view.state.frames ?? []).some(
    (/** @type {{fn: string}} */ frame) => frame.fn === "filemap_map_pages",
  );
  if (trying && view.state.stage?.kind !== "map_pages") return `${label}: ${mapped > 0 ? "mapping" : "looking"}`;
  if (mapped > 0) return `${label}: ${mapped} set`;
  const set = view.cells.some(({ pte }) => pte.index >= first && pte.index <= last && pte.state !== "none");
  return `${label}: ${set ? "nothing new" : short ? "nothing" : "nothing to map"}`;
}

/** @param {View} view @param {Geometry} geo @param {Block} block */
export function aroundWindow(view, geo, block) {
  const around = view.fault?.active ? view.fault.around : null;
  const seen = around && view.access.page !== null && clip(block, around[0], around[1]);
  if (!seen) return null;
  const attrs = {
    "data-testid": "machine-window-fault-around",
    "data-ref": "fault",
    "data-start": around[0],
    "data-size": around[1] - around[0] + 1,
    "data-mapped": view.fault.mapped ?? 0,
  };
  return bracket(geo, block, seen, {
    kind: "fault-around",
    y: block.bracket + 7,
    text: aroundWords(view, geo.phone),
    attrs,
  });
}

/** The last window of the open file, and what it was before this stage.
 *  @param {View} view @param {Geometry} geo @param {Block} block */
export function readaheadWindows(view, geo, block) {
  if (!view.ra) return [];
  const { row, ref } = view.ra;
  const was = previous(view, ref, row);
  const apart = was && (was.start + was.size <= row.start || row.start + row.size <= was.start);
  return [
    was && was.size > 0 && window(geo, block, was, { kind: "previous", ref, words: apart ? "was start" : "" }),
    row.size > 0 &&
      (window(geo, block, row, { kind: "readahead", ref, words: "readahead start" }) ??
        elsewhere(view, geo, block, row, ref)),
  ];
}

/** @param {View} view @param {string} ref @param {any} row @returns {any} the window before this stage, if it moved */
function previous(view, ref, row) {
  const fields = ["start", "size", "async_size"].filter((field) => view.changes.has(ref, field));
  if (fields.length === 0) return null;
  return { ...row, ...Object.fromEntries(fields.map((field) => [field, view.changes.before(ref, field)])) };
}

/** @param {Geometry} geo @param {Block} block @param {any} ra
 *  @param {{kind: string, ref: string, words: string}} how */
function window(geo, block, ra, { kind, ref, words }) {
  const seen = clip(block, ra.start, ra.start + ra.size - 1);
  if (!seen) return null;
  return bracket(geo, block, seen, {
    kind,
    y: block.window + 7,
    text: words && `${words} ${ra.start} · size ${ra.size} · async ${ra.async_size}`,
    tick: ra.async_size > 0 && ra.async_size < ra.size ? ra.start + ra.size - ra.async_size : undefined,
    attrs: {
      "data-testid": `machine-window-${kind}`,
      "data-ref": ref,
      "data-start": ra.start,
      "data-size": ra.size,
      "data-async": ra.async_size,
    },
  });
}

/** A window that lies outside the columns keeps its name at the edge.
 *  @param {View} view @param {Geometry} geo @param {Block} block @param {any} ra @param {string} ref */
function elsewhere(view, geo, block, ra, ref) {
  const ahead = ra.start >= block.first + block.count;
  if (geo.phone && (ahead ? block !== geo.blocks.at(-1) : block !== geo.blocks[0])) return null;
  const where = ra.start >= view.focus.end ? "past the end of the file" : ahead ? "further on" : "further back";
  const text = `readahead start ${ra.start} · size ${ra.size} · async ${ra.async_size}, ${where}`;
  return s(
    "g",
    {
      class: "m-window",
      key: `readahead ${ref}`,
      "data-state": "readahead",
      "data-testid": "machine-window-readahead",
      "data-ref": ref,
      "data-start": ra.start,
      "data-size": ra.size,
      "data-async": ra.async_size,
      "data-outside": true,
    },
    s(
      "text",
      {
        class: "m-loose",
        x: ahead ? geo.right : block.x,
        y: block.window + 10.5,
        "text-anchor": ahead ? "end" : "start",
      },
      text,
    ),
  );
}
