// @ts-check
/** Who gets how much of the address space strip: names first, the files in the columns share the rest. */

import { bytesInWords } from "./decode.js";
import { inodeOf } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./rows.js").Found} Found
 * @typedef {{kind: "vma" | "gap" | "kernel" | "many", x: number, w: number, start: number, end: number,
 *   vmas: Found[], label: string}} Segment
 */

const KERNEL = 0xc0000000;
const WIDE_GAP = 0x100000;
const MOST = 22;

/** @param {string} text */
const textWidth = (text) => text.length * 5.5 + 8;

/** @param {Found} found @returns {string} a name short enough for the strip */
export function shortName({ row, ref }) {
  if (row.name === "prog") {
    if (row.vm_flags & 4) return "prog";
    return row.vm_flags & 2 ? "data" : "";
  }
  if (row.name === "[sigpage]") return "[sig]";
  if (row.name === "/dev/zero (deleted)") return "/dev/zero"; // shared memory without a file of its own
  return row.name || (row.vm_file ? ref : "anon");
}

/** @param {View} view @returns {Segment[]} in address order, without widths */
function sequence(view) {
  /** @type {Segment[]} */
  const list = [];
  let at = 0;
  const mine = new Set(view.focus.maps.map(({ ref }) => ref));
  for (const found of view.vmas) {
    const { row, ref } = found;
    const gap = row.vm_start - at;
    if (list.length > 0 && gap >= WIDE_GAP) list.push(segment("gap", at, row.vm_start, [], bytesInWords(gap)));
    const last = list.at(-1);
    const crowded = view.vmas.length > MOST && !mine.has(ref);
    if (crowded && last && (last.kind === "many" || last.kind === "vma") && !last.vmas.some((v) => mine.has(v.ref))) {
      last.kind = "many";
      last.vmas.push(found);
      last.end = row.vm_end;
      last.label = `${last.vmas.length} mappings`;
    } else list.push(segment("vma", row.vm_start, row.vm_end, [found], shortName(found)));
    at = row.vm_end;
  }
  list.push(segment("kernel", KERNEL, 2 ** 32, [], "kernel, 0xc0000000 and up"));
  return list;
}

/** @param {Segment["kind"]} kind @param {number} start @param {number} end @param {Found[]} vmas @param {string} label
 *  @returns {Segment} */
const segment = (kind, start, end, vmas, label) => ({ kind, start, end, vmas, label, x: 0, w: 0 });

/**
 * Fixed parts take what their names need, the files in the columns share the rest.
 * @param {View} view @param {Geometry} geo @returns {Segment[]}
 */
export function segments(view, geo) {
  const list = sequence(view);
  const room = geo.right - geo.gutter - 3 - 3 * (list.length - 1);
  const files = list.filter((part) => part.vmas.some(({ row }) => inodeOf(view.rows, row)));
  const widestGap = list.filter((part) => part.kind === "gap").sort((a, b) => b.end - b.start - (a.end - a.start))[0];
  const needs = new Map(list.map((part) => [part, need(part, part === widestGap)]));
  const weights = files.map((part) => (part.vmas.some(({ ref }) => ref === view.focus.vma?.ref) ? 3 : 1));
  const all = weights.reduce((a, b) => a + b, 0);
  const fixed = list.filter((part) => !files.includes(part));
  const least = Math.max(files.length * 76, files.length ? Math.min(210, room * 0.22) : 0);
  for (const [name, small] of /** @type {[string, number][]} */ ([
    ["gap", 52],
    ["kernel", 50],
    ["gap", 30],
  ])) {
    const over = sum(fixed, needs) - (room - least);
    if (over <= 0) break;
    for (const part of fixed) if (part.kind === name) needs.set(part, Math.max(small, (needs.get(part) ?? 0) - over));
  }
  const squeeze = Math.min(1, (room - least) / sum(fixed, needs));
  for (const part of fixed) part.w = (needs.get(part) ?? 0) * Math.max(squeeze, 0.1);
  const rest = room - fixed.reduce((sum, part) => sum + part.w, 0);
  const base = Math.min(76, rest / Math.max(files.length, 1));
  files.forEach((part, n) => {
    part.w = base + ((rest - base * files.length) * weights[n]) / all;
  });
  if (files.length === 0 && widestGap && rest > 0) widestGap.w += rest;
  let x = geo.gutter;
  for (const part of list) {
    part.x = Math.round(x);
    part.w = Math.round(part.w);
    x += part.w + 3;
  }
  return list;
}

/** @param {Segment[]} parts @param {Map<Segment, number>} needs */
const sum = (parts, needs) => parts.reduce((total, part) => total + (needs.get(part) ?? 0), 0);

/** @param {Segment} part @param {boolean} widest @returns {number} */
function need(part, widest) {
  if (part.kind === "gap") return widest ? 148 : 48;
  const exec = part.vmas.some(({ row }) => row.vm_flags & 4) ? 6 : 0;
  return part.label === "" ? 17 : Math.max(textWidth(part.label) + exec, part.label === "prog" ? 56 : 26);
}

/** @param {Segment[]} list @param {number} address @returns {number | null} where in the strip an address lies */
export function tickX(list, address) {
  const part = list.find(({ start, end }) => address >= start && address < end);
  if (!part) return null;
  return part.x + 1 + (part.w - 2) * ((address - part.start) / (part.end - part.start));
}
