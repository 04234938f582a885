// @ts-check
/** The address space, not to scale: every VMA in order, gaps dotted, the kernel at the right end. */

import { bytesInWords, hex, permissions } from "./decode.js";
import { s } from "./draw.js";
import { gutter } from "./glyphs.js";
import { inodeOf, number } from "./rows.js";

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

/** @param {Found[]} vmas @param {Found} found @returns {string} a name short enough for the strip */
export function shortName(vmas, { row, ref }) {
  if (row.name === "prog") {
    if (row.vm_flags & 4) return "prog";
    return row.vm_flags & 2 ? "data" : "";
  }
  if (row.name === "[sigpage]") return "[sig]";
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
    } else list.push(segment("vma", row.vm_start, row.vm_end, [found], shortName(view.vmas, found)));
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
  const widestGap = list.filter((part) => part.kind === "gap").sort((a, b) => (b.end - b.start) - (a.end - a.start))[0];
  const needs = new Map(list.map((part) => [part, need(part, part === widestGap)]));
  const weights = files.map((part) => (part.vmas.some(({ ref }) => ref === view.focus.vma?.ref) ? 3 : 1));
  const all = weights.reduce((a, b) => a + b, 0);
  const fixed = list.filter((part) => !files.includes(part));
  const least = Math.max(files.length * 72, files.length ? Math.min(210, room * 0.22) : 0);
  for (const [name, small] of /** @type {[string, number][]} */ ([["gap", 52], ["kernel", 50], ["gap", 30]])) {
    const over = sum(fixed, needs) - (room - least);
    if (over <= 0) break;
    for (const part of fixed) if (part.kind === name) needs.set(part, Math.max(small, (needs.get(part) ?? 0) - over));
  }
  const squeeze = Math.min(1, (room - least) / sum(fixed, needs));
  for (const part of fixed) part.w = (needs.get(part) ?? 0) * Math.max(squeeze, 0.1);
  const rest = room - fixed.reduce((sum, part) => sum + part.w, 0);
  files.forEach((part, n) => { part.w = (rest * weights[n]) / all; });
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

/** @param {View} view @param {Geometry} geo @param {Segment[]} list */
export function strip(view, geo, list) {
  if (!geo.strip) return null;
  const { y, h } = geo.strip;
  return s("g", { class: "m-strip", key: "strip" },
    gutter({ y: y + 11, tone: "", name: "Address space", note: geo.gutter > 80 ? "4 GiB, not to scale" : "not to scale" }),
    list.map((part) => draw(view, part, y, h)),
    tick(view, list, y, h));
}

/** @param {View} view @param {Segment} part @param {number} y @param {number} h */
function draw(view, part, y, h) {
  const centre = part.x + part.w / 2;
  if (part.kind === "gap") return gap(part, y + h / 2);
  const [found] = part.vmas;
  const label = part.kind === "kernel" && part.label.length * 5.3 > part.w - 4 ? "kernel" : part.label;
  const shown = label.length * 5.3 < part.w - 4;
  const place = { x: part.x + 0.5, y: y + 0.5, width: Math.max(part.w - 1, 1), height: h - 1, rx: 2 };
  if (part.kind !== "vma") {
    return s("g", { class: "m-vma", key: `${part.kind}${part.start}`, "data-state": part.kind === "kernel" ? "kernel" : "anon" },
      s("rect", { class: "m-box", ...place }),
      shown && s("text", { class: "m-vma-name", x: centre, y: y + 17, "text-anchor": "middle" }, label));
  }
  const { row, ref } = found;
  const file = inodeOf(view.rows, row) !== null;
  const size = `${permissions(row.vm_flags)} · ${bytesInWords(row.vm_end - row.vm_start)}`;
  const roomy = file && part.w > label.length * 6 + size.length * 6.1 + 20;
  const hint = hintOf(row.vm_flags);
  const x = file && shown ? part.x + 8 : centre + (row.vm_flags & 4 ? 2 : 0);
  return s("g", {
    class: "m-vma", key: ref, role: "button", tabindex: "0", "data-testid": `machine-vma-${hex(row.vm_start)}`, "data-ref": ref,
    "data-state": file ? (row.vm_flags & 8 ? "file-shared" : "file-private") : "anon", "data-exec": (row.vm_flags & 4) !== 0 || null,
    "data-hint": hint, "data-start": row.vm_start, "data-end": row.vm_end, "data-pin": ref,
    "data-changed": view.changes.refs.has(ref) || null, "data-pinned": (view.pin?.kind === "vma" && view.pin.ref === ref) || null,
    "aria-label": `${row.name || "anonymous"}, ${hex(row.vm_start)} to ${hex(row.vm_end)}, ${size}`,
  },
    view.changes.refs.has(ref) && s("rect", { class: "m-halo", x: part.x - 2, y: y - 2, width: part.w + 4, height: h + 4, rx: 4 }),
    s("rect", { class: "m-box", ...place }),
    file && row.vm_flags & 8 && s("rect", { class: "m-inner", x: part.x + 3, y: y + 3, width: Math.max(part.w - 6, 1), height: h - 6, rx: 1 }),
    row.vm_flags & 4 && s("rect", { class: "m-exec", x: part.x + 1, y: y + 1, width: 3, height: h - 2 }),
    shown && s("text", { class: file ? "m-file-name" : "m-vma-name", x, y: y + 17, "text-anchor": file ? "start" : "middle" }, label),
    roomy && s("text", { class: "m-vma-size", x: part.x + part.w - 8 - (hint ? 34 : 0), y: y + 17, "text-anchor": "end" }, size),
    hint && part.w > 60 && hintTag(part, y, hint));
}

/** @param {Segment} part @param {number} middle */
function gap(part, middle) {
  const words = `${part.label} unmapped`;
  const shown = part.w > words.length * 6 + 40;
  const half = shown ? (words.length * 6) / 2 + 4 : 0;
  const centre = part.x + part.w / 2;
  return s("g", { class: "m-vma", key: `gap${part.start}`, "data-state": "gap", role: "img", "aria-label": words },
    s("path", { class: "m-gap", d: shown
      ? `M${part.x} ${middle}H${centre - half}M${centre + half} ${middle}H${part.x + part.w}`
      : `M${part.x} ${middle}H${part.x + part.w}` }),
    shown && s("text", { class: "m-vma-name", x: centre, y: middle + 4, "text-anchor": "middle" }, words));
}

/** @param {number} flags @returns {string | null} */
const hintOf = (flags) => (flags & 0x10000 ? "rnd" : flags & 0x8000 ? "seq" : flags & 0x2000 ? "locked" : null);

/** @param {Segment} part @param {number} y @param {string} hint */
function hintTag(part, y, hint) {
  const x = part.x + part.w - 35;
  return s("g", { class: "m-hint" },
    s("rect", { x, y: y + 6, width: 29, height: 14, rx: 3 }),
    s("text", { x: x + 14.5, y: y + 16.5 }, { rnd: "RND", seq: "SEQ", locked: "LCK" }[hint] ?? ""));
}

/** @param {View} view @param {Segment[]} list @param {number} y @param {number} h */
function tick(view, list, y, h) {
  const { address, hot } = view.access;
  const x = address === null || !hot ? null : tickX(list, address);
  if (x === null) return null;
  return s("path", { class: "m-strip-tick", key: "tick", "data-hot": hot, d: `M${x} ${y}V${y + h}` });
}

/** The line of /proc/self/maps for a VMA. @param {View} view @param {Found} found @returns {string} */
export function mapsLine(view, { row }) {
  const inode = inodeOf(view.rows, row);
  const offset = inode ? (row.vm_pgoff ?? 0) * 4096 : 0;
  const name = row.name ?? "";
  const range = `${hex(row.vm_start)}-${hex(row.vm_end)} ${permissions(row.vm_flags)} ${hex(offset)}`;
  return inode ? `${range} ${view.rows[inode].i_ino ?? number(inode)} ${name}` : `${range} ${name}`.trimEnd();
}
