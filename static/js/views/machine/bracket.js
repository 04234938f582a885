// @ts-check
/** A bracket over some columns, with its name on the line or beside it. */

import { s } from "./draw.js";
import { left } from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Block} Block
 */

/** Rough widths of 10.5 px Inter; a label only has to fit its box. @param {string} text */
const textWidth = (text) => text.length * 5.5;

/**
 * @param {Geometry} geo @param {Block} block
 * @param {{from: number, to: number, cutLeft: boolean, cutRight: boolean}} seen
 * @param {{kind: string, y: number, text: string, tick?: number, attrs: Record<string, string | number>}} what
 */
export function bracket(geo, block, seen, { kind, y, text, tick, attrs }) {
  const from = left(geo, block, seen.from) + 1;
  const to = left(geo, block, seen.to) + geo.column - 1;
  const foot = kind === "fault-around" ? 6 : 9;
  const start = seen.cutLeft ? `M${from} ${y}` : `M${from} ${y + foot}V${y}`;
  const d = `${start}H${to}${seen.cutRight ? "" : `V${y + foot}`}`;
  const at = tick !== undefined && tick >= seen.from && tick <= seen.to ? left(geo, block, tick) : null;
  return s(
    "g",
    { class: "m-window", key: `${kind} ${attrs["data-ref"]}`, "data-state": kind, ...attrs },
    s("path", { class: "m-bracket", d }),
    at !== null && s("path", { class: "m-tick", d: `M${at} ${y}V${y + foot}` }),
    label(geo, { kind, y, text, from, to }),
  );
}

/** On the line when it fits, else beside it. @param {Geometry} geo
 *  @param {{kind: string, y: number, text: string, from: number, to: number}} what */
function label(geo, { kind, y, text, from, to }) {
  const width = textWidth(text) + 16;
  if (text === "" || (kind === "previous" && (geo.phone || to - from < width + 11))) return null;
  const fits = to + width - 8 < geo.right;
  if (to - from < width + 11 && (fits || from - width > 0)) {
    const x = fits ? to + 8 : from - 8;
    return s("text", { class: "m-loose", x, y: y + 3.5, "text-anchor": fits ? "start" : "end" }, text);
  }
  return [
    s("rect", { class: "m-label", x: from + 9, y: y - 7, width, height: 14, rx: 4 }),
    s("text", { class: "m-label-text", x: from + 9 + width / 2, y: y + 3.5 }, text),
  ];
}
