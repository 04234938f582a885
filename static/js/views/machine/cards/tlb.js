// @ts-check
/** TLB card: the entry that was looked for, then what is held, then what this stage threw out. */

import { hex } from "../decode.js";
import { s } from "../draw.js";
import { card, mono } from "./card.js";

/**
 * @typedef {import("../select.js").View} View
 * @typedef {import("../geometry.js").Geometry} Geometry
 * @typedef {{key: string, state: string, vpn: number, pfn: number | null, rights: string, changed: boolean,
 *   asid: number | null}} Entry
 */

const ASID = 0xff;

/** Whether the last look-up is the one of this access: the TLB has been asked, and not about another page.
 *  @param {View} view @returns {boolean} */
function probed({ rows, access, state: { stage } }) {
  const probe = rows.tlb?.probe;
  if (!Array.isArray(probe) || access.address === null || probe[0] !== Math.floor(access.address / 4096)) return false;
  if (access.hot === "fault") return true;
  return stage?.ctx === "hw" && !(stage.op === "call" && stage.fn === "tlb_lookup");
}

/** @param {View} view @returns {{entries: Entry[], held: number, probe: "hit" | "miss" | null}} */
export function tlbEntries(view) {
  const tlb = view.rows.tlb ?? {};
  const current = (view.rows.cpu?.CONTEXTIDR ?? 0) & ASID;
  /** Whose translation it is, if not of the address space in use: such an entry does not match now.
   *  @param {number} asid */
  const foreign = (asid) => (asid === current ? null : asid);
  const asked = probed(view) ? tlb.probe : null;
  /** @type {Entry[]} */
  const entries = [];
  for (const slot of Object.keys(tlb)
    .filter((key) => /^\d+$/.test(key) && tlb[key])
    .sort((a, b) => Number(b) - Number(a))) {
    const [vpn, pfn, rights, , asid] = tlb[slot];
    const hit = asked?.[1] === "hit" && asked[0] === vpn && foreign(asid) === null;
    entries.push({
      key: slot,
      vpn,
      pfn,
      rights,
      state: hit ? "hit" : "held",
      changed: view.changes.has("tlb", Number(slot)),
      asid: foreign(asid),
    });
  }
  const held = entries.length;
  for (const [ref, slot, before, after] of view.changes.list) {
    if (ref !== "tlb" || !Array.isArray(before) || after || slot === "probe") continue;
    entries.push({
      key: `gone${slot}`,
      vpn: before[0],
      pfn: before[1],
      rights: before[2],
      state: "flushed",
      changed: false,
      asid: foreign(before[4]),
    });
  }
  const rank = (/** @type {Entry} */ e) =>
    e.state === "hit" ? 0 : e.changed ? 1 : e.state === "flushed" ? 2 : e.asid === null ? 3 : 4;
  entries.sort((a, b) => rank(a) - rank(b));
  if (asked?.[1] === "miss") {
    entries.unshift({ key: "probe", state: "miss", vpn: asked[0], pfn: null, rights: "miss", changed: false, asid: null });
  }
  return { entries, held, probe: asked?.[1] ?? null };
}

/** @param {View} view @param {Geometry} geo */
export function tlbCard(view, geo) {
  const { tlb: box, y, h, tall } = geo.cards;
  if (!box) return null;
  const { entries, held, probe } = tlbEntries(view);
  const shown = entries.slice(0, tall ? 5 : 4);
  const heldShown = shown.filter(({ state }) => state === "hit" || state === "held").length;
  const note = probe ?? (held > heldShown ? `${heldShown} of ${held}${box.w < 140 ? "" : " shown"}` : `${held} held`);
  return card(
    { ...box, y, h },
    { name: "tlb", title: "TLB", note, tone: "pt", attrs: { "data-ref": "tlb", "data-held": held } },
    shown.map((entry, n) => row(entry, box.w, 27 + n * (tall ? 17 : 16.5))),
    shown.length === 0 && s("text", { class: "m-note", x: 10, y: 40 }, "empty"),
  );
}

/** @param {Entry} entry @param {number} width @param {number} y */
function row({ key, state, vpn, pfn, rights, changed, asid }, width, y) {
  const right =
    state === "miss" ? "miss" : asid !== null ? `ASID ${asid}` : [pfn && width > 120 ? hex(pfn, 5) : "", rights].join(" ").trim();
  return s(
    "g",
    {
      class: "m-tlb",
      key,
      "data-state": state,
      "data-vpn": hex(vpn, 5),
      "data-pfn": pfn,
      "data-changed": changed || null,
      "data-asid": asid,
    },
    asid !== null && s("title", {}, `of another address space, ASID ${asid}: it does not match now`),
    s("rect", { x: 9, y, width: width - 18, height: 15.5, rx: 2 }),
    mono(hex(vpn, 5), 14, y + 11.5),
    mono(right, width - 14, y + 11.5, { "text-anchor": "end" }),
    state === "flushed" && s("path", { class: "m-strike", d: `M13 ${y + 8}H${width - 13}` }),
  );
}
