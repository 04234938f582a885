// @ts-check
/** CPU card: the fault registers, the address cut into its three indices, the status in words. */

import { decodeFaultStatus, hex, splitAddress } from "../decode.js";
import { s } from "../draw.js";
import { drawnButton } from "../who.js";
import { card, mono } from "./card.js";

/**
 * @typedef {import("../select.js").View} View
 * @typedef {import("../geometry.js").Geometry} Geometry
 */

/** @param {View} view @returns {{label: string, address: number, note: string, alarm: boolean}} */
export function reading(view) {
  const { cpu } = view.rows;
  const { access, fault, state } = view;
  if (access.hot === "next" && access.address !== null) {
    const still = fault ? `DFAR still 0x${hex(cpu.DFAR)}, the last fault` : "no fault so far";
    const label = state.stage.ctx === "user" ? "Next" : "VA";
    return { label, address: access.address, note: still, alarm: false };
  }
  if (!fault && access.hot !== "fault")
    return { label: "DFAR", address: cpu.DFAR ?? 0, note: "no fault so far", alarm: false };
  const status = decodeFaultStatus(cpu.DFSR);
  const alarm = access.hot === "fault";
  const note = alarm ? status.words : `last: ${status.name} · ${status.write ? "write" : "read"}`;
  return { label: "DFAR", address: cpu.DFAR, note, alarm };
}

/** @param {View} view @param {Geometry} geo */
export function cpuCard(view, geo) {
  const { DFSR = 0 } = view.rows.cpu;
  const { label, address, note, alarm } = reading(view);
  const { cpu, y, h, tall } = geo.cards;
  const rows = geo.phone
    ? { regs: 21, bits: 30, note: 68 }
    : tall
      ? { regs: 40, bits: 50, note: 102 }
      : { regs: 34, bits: 42, note: 88 };
  const title = geo.phone ? "" : "CPU";
  const fsr = geo.phone ? Math.round(cpu.w * 0.55) : Math.round(cpu.w * 0.535);
  const narrow = cpu.w < 245;
  return card(
    { ...cpu, y, h },
    {
      name: "cpu",
      title,
      tone: "ink",
      hot: alarm,
      note: geo.phone || !alarm ? "" : "fault registers",
      attrs: {
        "data-ref": "cpu",
        "data-dfar": hex(view.rows.cpu.DFAR ?? 0),
        "data-dfsr": hex(DFSR, 3),
        "aria-label": `CPU, ${note}`,
        "data-narrow": narrow || null,
      },
    },
    s("text", { class: "m-note", x: 10, y: rows.regs }, label),
    mono(`0x${hex(address)}`, narrow ? 42 : 48, rows.regs, {
      class: "m-register",
      "data-changed": view.changes.has("cpu", "DFAR") || null,
      ...(label === "DFAR" && drawnButton("cpu", "DFAR", "DFAR", `0x${hex(address)}`)),
    }),
    s("text", { class: "m-note", x: fsr, y: rows.regs }, "DFSR"),
    mono(`0x${hex(DFSR, 3)}`, fsr + (narrow ? 34 : 38), rows.regs, {
      class: "m-register",
      "data-changed": view.changes.has("cpu", "DFSR") || null,
      ...drawnButton("cpu", "DFSR", "DFSR", `0x${hex(DFSR, 3)}`),
    }),
    geo.phone ? plainSplit(address, cpu.w, rows.bits) : split(address, cpu.w, rows.bits, tall),
    s(
      "text",
      { class: alarm ? "m-decode m-alarm" : "m-decode", x: 10, y: rows.note, "data-testid": "machine-dfsr-words" },
      narrow ? note.replace(/ · domain \d+/, "") : note,
    ),
  );
}

/**
 * The 32 bits as 11, 9 and 12.
 * @param {number} address @param {number} width @param {number} y @param {boolean} tall
 */
function split(address, width, y, tall) {
  const { pgd, pte, offset, bits } = splitAddress(address);
  const unit = (width - 20 - 18) / 32;
  const names = [`pgd ${pgd}`, `pte ${pte}`, `offset ${offset}`];
  const height = tall ? 19 : 17;
  let x = 10;
  return s(
    "g",
    { class: "m-split", key: "split" },
    bits.map((text, n) => {
      const w = text.length * unit + 6;
      const at = x;
      x += w;
      return s(
        "g",
        { key: n, "data-part": ["pgd", "pte", "offset"][n] },
        s("rect", { x: at + 0.5, y: y + 0.5, width: w - 1, height: height - 1, rx: 2 }),
        mono(text, at + w / 2, y + height - 5.5, { "text-anchor": "middle" }),
        s("text", { class: "m-note", x: at + w / 2, y: y + height + 11.5, "text-anchor": "middle" }, names[n]),
      );
    }),
  );
}

/**
 * A phone has no room for the bits, only for what they say.
 * @param {number} address @param {number} width @param {number} y
 */
function plainSplit(address, width, y) {
  const { pgd, pte, offset } = splitAddress(address);
  const names = [`pgd ${pgd}`, `pte ${pte}`, `offset ${offset}`];
  let x = 12;
  return s(
    "g",
    { class: "m-split", key: "split" },
    [0.36, 0.3, 0.34].map((share, n) => {
      const w = (width - 24) * share;
      const at = x;
      x += w;
      return s(
        "g",
        { key: n, "data-part": ["pgd", "pte", "offset"][n] },
        s("rect", { x: at + 0.5, y: y + 0.5, width: w - 1, height: 19, rx: 2 }),
        mono(names[n], at + w / 2, y + 14, { "text-anchor": "middle" }),
      );
    }),
  );
}
