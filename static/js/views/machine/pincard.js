// @ts-check
/** The card of a pinned object: its name, its state in words, frame, flags and references. */

import { bytesInWords, hex } from "./decode.js";
import { vmFlagNames } from "../../flags.js";
import { ARM_FIELDS, LINUX_FIELDS, fieldWords } from "./ptebits.js";
import { flagWords, pageCell } from "./cells.js";
import { bioWords } from "./bios.js";
import { h } from "./draw.js";
import { shownEntry } from "./cards/pte.js";
import { cacheOf, filePages, number, vmaPages } from "./rows.js";
import { mapsLine } from "./maps.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {{title: string, state: string, facts: [string, string | number][], index: number | null}} Card
 */

/** @param {View} view @returns {Card | null} */
export function pinned(view) {
  const { pin } = view;
  if (pin?.kind === "page") return pageCard(view, pin.inode, pin.index);
  if (pin?.kind === "pte") return pteFacts(view);
  if (pin?.kind === "bio") return bioCard(view, pin.ref);
  return pin?.kind === "vma" ? vmaCard(view, pin.ref) : null;
}

/** @param {View} view @param {string} inode @param {number} index @returns {Card | null} */
function pageCard(view, inode, index) {
  const { rows } = view;
  if (!rows[inode]) return null;
  const cell = pageCell(rows, cacheOf(inode), index, filePages(rows[inode]), view.inFlight);
  const { row } = cell;
  /** @type {[string, string | number][]} */
  const facts = row
    ? [
        ["struct", cell.ref],
        ["frame", `0x${hex(row.pfn, 5)}`],
        ["flags", flagWords(cell)],
        ["mapcount", row.mapcount],
        ["refcount", row.refcount],
        ["LRU", row.lru ?? "on no list"],
      ]
    : [];
  if (typeof rows[inode].sector === "number" && cell.state !== "pasteof")
    facts.push(["sector", rows[inode].sector + index * 8]);
  const [title, ...words] = cell.name.split(", ");
  return { title: `${title} of ${rows[inode].name ?? inode}`, state: words.join(", "), facts, index };
}

/** @param {View} view @returns {Card | null} */
function pteFacts(view) {
  const shown = shownEntry(view);
  if (!shown) return null;
  const [linux, arm] = shown.words ?? [0, 0];
  /** @type {[string, string | number][]} */
  const facts = [
    ["address", `0x${hex(shown.address)}`],
    ["Linux", linux ? `0x${hex(linux)}` : "none"],
  ];
  if (linux) facts.push(["", fieldWords(linux, LINUX_FIELDS)]);
  facts.push(["ARM", arm ? `0x${hex(arm)}` : "none"]);
  if (arm) facts.push(["", fieldWords(arm, ARM_FIELDS)]);
  const cell = view.cells.find(({ pte }) => pte.index === shown.page)?.pte;
  const state =
    shown.table === null ? "no page of PTEs for these 2 MiB" : (cell?.name.split(", ").slice(1).join(", ") ?? "");
  return {
    title: `PTE ${shown.index}${shown.page === null ? "" : `, page ${shown.page}`}`,
    state,
    facts,
    index: shown.page,
  };
}

/** @param {View} view @param {string} ref @returns {Card} */
function bioCard(view, ref) {
  const row = view.rows[ref];
  const us = (/** @type {number} */ ns) => `${(ns / 1000).toFixed(1)} µs`;
  /** @type {[string, string | number][]} */
  const facts = [
    ["request", bioWords(row)],
    ["pages", `${row.pages[0]} to ${row.pages[1]}`],
    ["size", bytesInWords(row.nr_sectors * 512)],
    ["submitted", us(row.submitted)],
  ];
  if (row.due > 0) facts.push([row.state === "done" ? "was due" : "due", us(row.due)]);
  return {
    title: `Bio ${number(ref)}`,
    state: row.op === "RA" ? `${row.state}, readahead` : row.state,
    facts,
    index: row.pages[0],
  };
}

/** @param {View} view @param {string} ref @returns {Card} */
function vmaCard(view, ref) {
  const { row } = view.rows[ref] ? { row: view.rows[ref] } : { row: {} };
  return {
    title: row.name || "anonymous mapping",
    state: mapsLine(view, { ref, row }),
    facts: [
      ["pages", vmaPages(row)],
      ["flags", vmFlagNames(row.vm_flags).join(" ")],
      ["vm_pgoff", row.vm_pgoff ?? 0],
      ["vm_page_prot", `0x${hex(row.vm_page_prot ?? 0, 3)}`],
    ],
    index: null,
  };
}

/** @param {Card} card @returns {import("./draw.js").Drawn[]} */
export const drawCard = ({ title, state, facts }) => [
  h(
    "header",
    {},
    h("h3", {}, title),
    h(
      "button",
      { type: "button", class: "m-unpin", "data-testid": "machine-unpin", "aria-label": "Close and unpin" },
      "×",
    ),
  ),
  h("p", {}, state),
  h(
    "dl",
    {},
    facts.map(([name, value], n) => h("div", { key: `${name}${n}` }, h("dt", {}, name), h("dd", {}, value))),
  ),
];
