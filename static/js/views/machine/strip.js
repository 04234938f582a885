// @ts-check
/** The address space, not to scale: every VMA in order, gaps dotted, the kernel at the right end. */

import { bytesInWords, hex } from "./decode.js";
import { permissions } from "../../flags.js";
import { s } from "./draw.js";
import { gutter } from "./glyphs.js";
import { inodeOf } from "./rows.js";
import { tickX } from "./segments.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./segments.js").Segment} Segment
 */

/** @param {View} view @param {Geometry} geo @param {Segment[]} list */
export function strip(view, geo, list) {
  if (!geo.strip) return null;
  const { y, h } = geo.strip;
  return s(
    "g",
    { class: "m-strip", key: "strip" },
    gutter({
      y: y + 11,
      tone: "",
      name: "Address space",
      note: geo.tight ? "not to scale" : "4 GiB, not to scale",
    }),
    list.map((part) => draw(view, part, y, h)),
    tick(view, list, y, h),
  );
}

/** @param {View} view @param {Segment} part */
const isFile = (view, part) => part.kind === "vma" && inodeOf(view.rows, part.vmas[0].row) !== null;

/** @param {View} view @param {Segment} part @param {number} y @param {number} h */
function draw(view, part, y, h) {
  const centre = part.x + part.w / 2;
  if (part.kind === "gap") return gap(part, y + h / 2);
  const [found] = part.vmas;
  const label = part.kind === "kernel" && part.label.length * 5.3 > part.w - 4 ? "kernel" : part.label;
  const shown = label.length * (isFile(view, part) ? 6.2 : 5.3) < part.w - (isFile(view, part) ? 11 : 4);
  const place = { x: part.x + 0.5, y: y + 0.5, width: Math.max(part.w - 1, 1), height: h - 1, rx: 2 };
  if (part.kind !== "vma") {
    return s(
      "g",
      { class: "m-vma", key: `${part.kind}${part.start}`, "data-state": part.kind === "kernel" ? "kernel" : "anon" },
      s("rect", { class: "m-box", ...place }),
      shown && s("text", { class: "m-vma-name", x: centre, y: y + 17, "text-anchor": "middle" }, label),
    );
  }
  const { row, ref } = found;
  const file = inodeOf(view.rows, row) !== null;
  const size = `${permissions(row.vm_flags)} · ${bytesInWords(row.vm_end - row.vm_start)}`;
  const roomy = file && part.w > label.length * 6 + size.length * 6.1 + 20;
  const hints = hintsOf(row.vm_flags);
  const x = file && shown ? part.x + 8 : centre + (row.vm_flags & 4 ? 2 : 0);
  return s(
    "g",
    {
      class: "m-vma",
      key: ref,
      role: "button",
      tabindex: "0",
      "data-testid": `machine-vma-${hex(row.vm_start)}`,
      "data-ref": ref,
      "data-state": file ? (row.vm_flags & 0x88 ? "file-shared" : "file-private") : "anon",
      "data-exec": (row.vm_flags & 4) !== 0 || null,
      "data-hint": hints.join(" ") || null,
      "data-start": row.vm_start,
      "data-end": row.vm_end,
      "data-pin": ref,
      "data-changed": view.changes.refs.has(ref) || null,
      "data-pinned": (view.pin?.kind === "vma" && view.pin.ref === ref) || null,
      "aria-label": `${row.name || "anonymous"}, ${hex(row.vm_start)} to ${hex(row.vm_end)}, ${size}`,
    },
    view.changes.refs.has(ref) &&
      s("rect", { class: "m-halo", x: part.x - 2, y: y - 2, width: part.w + 4, height: h + 4, rx: 4 }),
    s("rect", { class: "m-box", ...place }),
    file &&
      row.vm_flags & 0x88 &&
      s("rect", { class: "m-inner", x: part.x + 3, y: y + 3, width: Math.max(part.w - 6, 1), height: h - 6, rx: 1 }),
    row.vm_flags & 4 && s("rect", { class: "m-exec", x: part.x + 1, y: y + 1, width: 3, height: h - 2 }),
    shown &&
      s(
        "text",
        { class: file ? "m-file-name" : "m-vma-name", x, y: y + 17, "text-anchor": file ? "start" : "middle" },
        label,
      ),
    roomy &&
      s(
        "text",
        { class: "m-vma-size", x: part.x + part.w - 8 - hints.length * 34, y: y + 17, "text-anchor": "end" },
        size,
      ),
    hints.map((hint, n) =>
      part.w > (shown ? label.length * 6.2 + 16 : 4) + 34 * hints.length ? hintTag(part, y, hint, n) : hintEdge(part, y, h, n),
    ),
  );
}

/** @param {Segment} part @param {number} middle */
function gap(part, middle) {
  const words = `${part.label} unmapped`;
  const shown = part.w > words.length * 6 + 40;
  const half = shown ? (words.length * 6) / 2 + 4 : 0;
  const centre = part.x + part.w / 2;
  return s(
    "g",
    { class: "m-vma", key: `gap${part.start}`, "data-state": "gap", role: "img", "aria-label": words },
    s("path", {
      class: "m-gap",
      d: shown
        ? `M${part.x} ${middle}H${centre - half}M${centre + half} ${middle}H${part.x + part.w}`
        : `M${part.x} ${middle}H${part.x + part.w}`,
    }),
    shown && s("text", { class: "m-vma-name", x: centre, y: middle + 4, "text-anchor": "middle" }, words),
  );
}

/** What was said about a mapping: how it will be read, that it must stay. @param {number} flags @returns {string[]} */
const hintsOf = (flags) =>
  /** @type {[number, string][]} */ ([
    [0x2000, "locked"],
    [0x10000, "rnd"],
    [0x8000, "seq"],
  ])
    .filter(([bit]) => flags & bit)
    .map(([, hint]) => hint);

/** @param {Segment} part @param {number} y @param {string} hint @param {number} n from the right */
function hintTag(part, y, hint, n) {
  const x = part.x + part.w - 35 - n * 34;
  return s(
    "g",
    { class: "m-hint", key: hint },
    s("rect", { x, y: y + 6, width: 29, height: 14, rx: 3 }),
    s("text", { x: x + 14.5, y: y + 16.5 }, { rnd: "RND", seq: "SEQ", locked: "LCK" }[hint] ?? ""),
  );
}

/** The same where there is no room for the word. @param {Segment} part @param {number} y @param {number} h
 *  @param {number} n */
const hintEdge = (part, y, h, n) =>
  s("g", { class: "m-hint", key: `edge${n}` }, s("rect", { x: part.x + part.w - 6 - n * 6, y: y + 1, width: 4, height: h - 2, rx: 1 }));

/** @param {View} view @param {Segment[]} list @param {number} y @param {number} h */
function tick(view, list, y, h) {
  const { address, hot } = view.access;
  const x = address === null || !hot ? null : tickX(list, address);
  if (x === null) return null;
  return s("path", { class: "m-strip-tick", key: "tick", "data-hot": hot, d: `M${x} ${y}V${y + h}` });
}
