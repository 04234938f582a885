// @ts-check
/** PTE card: the Linux word and the hardware word of one entry, field by field. */

import { hex } from "../decode.js";
import { ARM_FIELDS, LINUX_FIELDS, fieldBits } from "../ptebits.js";
import { s } from "../draw.js";
import { addressOf } from "../focus.js";
import { entryAt, pageAt, vmaAt } from "../rows.js";
import { drawnButton } from "../who.js";
import { card, mono } from "./card.js";

/**
 * @typedef {import("../select.js").View} View
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {import("../ptebits.js").Field} Field
 */

/** Fault status of a page permission fault: the entry is there and says no. */
const PERMISSION_FAULT = 15;

/** The address whose entry is shown: the pinned one, else that of the access. @param {View} view */
export function shownEntry(view) {
  const { pin, access } = view;
  const pinned =
    pin?.kind === "pte"
      ? pin.vpn * 4096
      : pin?.kind === "page" && pin.inode === view.focus.inode
        ? addressOf(view.focus, pin.index)
        : null;
  const address = pinned ?? access.address;
  if (address === null) return null;
  const vma = vmaAt(view.vmas, address);
  const page = vma && (vma.row.vm_file || vma.ref === view.focus.vma?.ref) ? pageAt(vma.row, address) : null;
  return { address, page, pinned: pinned !== null, ...entryAt(view.sorted, view.task.mm, address) };
}

/** @param {View} view @param {Geometry} geo */
export function pteCard(view, geo) {
  const { pte: box, y, h, tall } = geo.cards;
  if (!box) return null;
  const shown = shownEntry(view);
  if (!shown) {
    return card(
      { ...box, y, h },
      { name: "pte", title: "PTE", note: "", tone: "pt" },
      s("text", { class: "m-note", x: 10, y: 40 }, "no address looked up yet"),
    );
  }
  const [linux, arm] = shown.words ?? [0, 0];
  const empty = linux === 0 && arm === 0;
  const refused = (view.rows.cpu.DFSR & 15) === PERMISSION_FAULT;
  const hot = view.access.hot === "fault" && !shown.pinned && (arm === 0 || refused);
  const page = shown.page === null ? "" : ` · page ${shown.page}`;
  const where = `0x${hex(shown.address - (shown.address % 4096))}${page}`;
  const changed = shown.table !== null && view.changes.has(shown.table, shown.index);
  const at = tall ? { linux: 29.5, arm: 72, h: 18 } : { linux: 24, arm: 59, h: 16 };
  const words = { asked: view.access.hot !== null, changed, w: box.w, h: at.h };
  return card(
    { ...box, y, h },
    {
      name: "pte",
      title: `PTE ${shown.index}`,
      note: `${shown.pinned ? "pinned: " : ""}${where}`,
      tone: "pt",
      hot,
      attrs: {
        "data-ref": shown.table,
        "data-index": shown.index,
        "data-linux": `0x${hex(linux)}`,
        "data-hw": `0x${hex(arm)}`,
        "data-page": shown.page,
      },
    },
    word("Linux", linux, LINUX_FIELDS, { ...words, y: at.linux, absent: empty, table: shown.table, index: shown.index }),
    word("ARM", arm, ARM_FIELDS, { ...words, y: at.arm, absent: arm === 0, table: shown.table, index: shown.index }),
  );
}

/**
 * @param {string} name @param {number} value @param {Field[]} fields
 * @param {{y: number, h: number, w: number, asked: boolean, changed: boolean, absent: boolean, table: string | null, index: number}} at
 */
function word(name, value, fields, { y, h, w, asked, changed, absent, table, index }) {
  const from = w < 310 ? 60 : 70;
  const unit = (w - from - 10) / 12;
  const text = absent ? (table ? "none" : "no table") : hex(value);
  let x = from;
  return s(
    "g",
    { class: "m-word", key: name, "data-word": name, "data-changed": changed || null },
    s("text", { class: "m-note", x: 10, y: y + 15 }, name),
    mono(text, 10, y + 28, {
      class: `m-mono m-word-value${absent && asked ? " m-alarm" : ""}`,
      ...(table !== null && drawnButton(table, index, `${name} word`, text)),
    }),
    fields.map((field) => {
      const width = unit * field.width;
      const bits = absent ? "·".repeat(field.width) : fieldBits(value, field);
      const at = x;
      x += width;
      return s(
        "g",
        {
          class: "m-field",
          key: field.name,
          "data-set": (!absent && /1/.test(bits)) || null,
          "data-bits": absent ? null : bits,
        },
        s("rect", { x: at + 0.5, y: y + 0.5, width: width - 1, height: h - 1, rx: 2 }),
        mono(bits, at + width / 2, y + h - 5, { "text-anchor": "middle" }),
        s("text", { class: "m-bit-name", x: at + width / 2, y: y + h + 9.5 }, field.name),
      );
    }),
  );
}
