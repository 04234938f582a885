// @ts-check
/** Page directory card: 2048 slots, and the pair of first-level descriptors of the slot in question. */

import { hex } from "../decode.js";
import { s } from "../draw.js";
import { card, mono } from "./card.js";

/**
 * @typedef {import("../select.js").View} View
 * @typedef {import("../geometry.js").Geometry} Geometry
 */

const SLOTS = 2048;
/** TASK_SIZE, 0xbf000000, and PAGE_OFFSET, 0xc0000000, as slots: modules lie between the two. */
const USER_SLOTS = 1528;
const KERNEL_SLOT = 1536;

/** @param {View} view @param {Geometry} geo */
export function pgdCard(view, geo) {
  const { pgd: box, y, h, tall } = geo.cards;
  if (!box) return null;
  const ref = view.rows[view.task.mm]?.pgd ?? "pgd/1";
  const table = view.rows[ref] ?? {};
  const { address, hot } = view.access;
  const slot = address === null ? null : Math.floor(address / 0x200000);
  const width = box.w - 20;
  const at = (/** @type {number} */ n) => 10 + (n / SLOTS) * width;
  const lines = tall
    ? { strip: 28, words: 52, pair: 57, text: [92, 106] }
    : { strip: 24, words: 45, pair: 48, text: [78, 90] };
  return card(
    { ...box, y, h },
    {
      name: "pgd",
      title: "Page directory",
      note: box.w > 184 ? "2048 pairs" : "",
      tone: "pt",
      attrs: { "data-ref": ref, "data-narrow": box.w < 190 || null },
    },
    s("rect", { class: "m-slots", x: 10.5, y: lines.strip + 0.5, width: width - 1, height: 11 }),
    s("rect", { class: "m-kernel-slots", x: at(KERNEL_SLOT), y: lines.strip + 0.5, width: width * 0.25, height: 11 }),
    s("path", { class: "m-slot-set", d: ticks(table, at, lines.strip) }),
    slot !== null && slotMark(at(slot), lines, hot, box.w),
    s("text", { class: "m-note", x: 10, y: lines.words }, "user"),
    s("text", { class: "m-note", x: box.w - 10, y: lines.words, "text-anchor": "end" }, "kernel"),
    slot === null
      ? s("text", { class: "m-note", x: 10, y: lines.text[0] }, "no address looked up yet")
      : pair(view, { table, slot, ref, lines, width, address: address ?? 0, tall }),
  );
}

/** @param {any} table @param {(slot: number) => number} at @param {number} y */
function ticks(table, at, y) {
  let d = "";
  for (const key in table) {
    if (Array.isArray(table[key]) && Number(key) < USER_SLOTS) d += `M${at(Number(key)).toFixed(1)} ${y}v12`;
  }
  return d;
}

/** @param {number} x @param {{strip: number, pair: number}} lines @param {string | null} hot @param {number} width */
const slotMark = (x, lines, hot, width) =>
  s("path", {
    class: "m-slot-mark",
    key: "mark",
    "data-hot": hot,
    d: `M${x} ${lines.strip}V${lines.pair}`,
    "data-edge": x > width - 12 || null,
  });

/** @param {View} view @param {{table: any, slot: number, ref: string, width: number, address: number, tall: boolean,
 *  lines: {pair: number, text: number[]}}} what */
function pair(view, { table, slot, ref, lines, width, address, tall }) {
  const words = table[slot];
  const half = Math.floor(address / 0x100000) & 1;
  const height = tall ? 20 : 17;
  const changed = view.changes.has(ref, slot);
  const boxes = [0, 1].map((n) => {
    const word = words?.[n] ?? 0;
    const x = 10 + (n * width) / 2;
    const text = `${hex(slot * 2 + n, 3)} ${word ? hex(word) : "none"}`;
    return s(
      "g",
      {
        key: n,
        class: "m-descriptor",
        "data-set": word !== 0 || null,
        "data-half": n,
        "data-hot": n === half ? (view.access.hot ?? "last") : null,
        "data-word": hex(word),
        "data-changed": changed || null,
      },
      s("rect", { x: x + 0.75, y: lines.pair + 0.75, width: width / 2 - 1.5, height: height - 1.5, rx: 2 }),
      mono(text, x + width / 4, lines.pair + height - 6, { "text-anchor": "middle" }),
    );
  });
  const set = words && (words[0] || words[1]);
  const text =
    slot >= USER_SLOTS
      ? [`pgd[${slot}] belongs to the kernel,`, "a copy of it in every process"]
      : set
        ? [`pgd[${slot}] = two 1 MiB entries,`, "8 bytes, one page of PTEs"]
        : [`pgd[${slot}] is empty:`, "no page of PTEs for these 2 MiB"];
  return s(
    "g",
    { key: "pair", "data-testid": "machine-pgd-pair", "data-slot": slot },
    [...boxes].sort((a, b) => Number(a.attrs["data-half"] === half) - Number(b.attrs["data-half"] === half)),
    text.map((line, n) => s("text", { class: "m-body", key: `t${n}`, x: 10, y: lines.text[n] }, line)),
  );
}
