// @ts-check
/** Requests to the disk, as bars over the pages they carry. */

import { s } from "./draw.js";
import { clip, left } from "./geometry.js";
import { DISK_HEIGHT } from "./sizes.js";
import { number } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** Advance of a letter of 10 px JetBrains Mono. */
export const MONO = 6.1;

/** Bios, the finished ones below those in progress. @param {View} view @param {Geometry} geo @param {Block} block */
export function bios(view, geo, block) {
  const rank = (/** @type {string} */ state) => ["done", "queued", "serving"].indexOf(state);
  return [...view.bios]
    .sort((a, b) => rank(a.row.state) - rank(b.row.state))
    .map(({ ref, row }) => bio(view, geo, block, ref, row));
}

/** @param {View} view @param {Geometry} geo @param {Block} block @param {string} ref @param {any} row */
function bio(view, geo, block, ref, row) {
  const seen = clip(block, row.pages[0], row.pages[1]);
  if (!seen || block.disk === null) return null;
  const x = left(geo, block, seen.from) + 0.75;
  const y = block.disk + 2;
  const width = (seen.to - seen.from + 1) * geo.column - 1.5;
  const height = DISK_HEIGHT - 4;
  const served = row.state === "serving" ? x + width * progress(view, row) : null;
  const pinned = view.pin?.kind === "bio" && view.pin.ref === ref;
  return s(
    "g",
    {
      class: "m-bio",
      key: `${ref} ${block.first}`,
      "data-testid": `machine-bio-${number(ref)}`,
      "data-ref": ref,
      "data-state": row.op.includes("W") ? "write" : row.state,
      "data-op": row.op,
      "data-sector": row.sector,
      "data-nr": row.nr_sectors,
      "data-pages": row.pages.join("-"),
      "data-changed": view.changes.refs.has(ref) || null,
      "data-pin": ref,
      "data-pinned": pinned || null,
    },
    view.changes.refs.has(ref) &&
      s("rect", { class: "m-halo", x: x - 2, y: y - 2, width: width + 4, height: height + 4, rx: 4 }),
    s("rect", { class: "m-bar", x, y, width, height, rx: 3 }),
    served !== null &&
      s("rect", { class: "m-unserved", x: served, y: y + 1, width: x + width - served - 1, height: height - 2, rx: 2 }),
    served !== null && s("path", { class: "m-front", d: `M${served} ${y - 2}V${y + height + 2}` }),
    bioLabel(row, { x, y, width, height }, served),
  );
}

/** How far the request has come, by the clock. @param {View} view @param {any} row @returns {number} 0 to 1 */
function progress(view, row) {
  const span = row.due - row.submitted;
  const gone = (view.state.stage?.t ?? row.submitted) - row.submitted;
  return span > 0 ? Math.min(Math.max(gone / span, 0), 1) : 0;
}

/** @param {any} row @returns {string} "RA sector 20648 + 256" */
export const bioWords = (row) => `${row.op} sector ${row.sector} + ${row.nr_sectors}`;

/** @param {any} row @param {{x: number, y: number, width: number, height: number}} bar @param {number | null} front */
function bioLabel(row, { x, y, width, height }, front) {
  const done = row.state === "done";
  const long = done ? `done ${row.sector} + ${row.nr_sectors}` : bioWords(row);
  const text = [long, `${row.sector}`].find((words) => words.length * MONO + 26 < width);
  if (!text) return null;
  const span = text.length * MONO + 20;
  // The front line is not to run through the words as long as there is room behind it.
  const at = front !== null && front < x + span + 14 && front + span + 16 < x + width ? front + 4 : x + 10;
  return [
    !done && s("rect", { class: "m-label", x: at, y: y + 3.5, width: span, height: height - 7, rx: 3 }),
    s("text", { class: "m-mono", x: done ? x + 24 : at + 10, y: y + 15.5 }, text),
  ];
}
