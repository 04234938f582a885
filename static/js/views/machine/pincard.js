// @ts-check
/** The card of a pinned object: its name, its state in words, frame, flags and references. */

import { bytesInWords, hex } from "./decode.js";
import { vmFlagNames } from "../../flags.js";
import { ARM_FIELDS, LINUX_FIELDS, fieldWords } from "./ptebits.js";
import { flagWords, pageCell } from "./cells.js";
import { bioWords } from "./bios.js";
import { h } from "./draw.js";
import { shownEntry } from "./cards/pte.js";
import { cacheOf, filePages, number, onDisk, vmaPages } from "./rows.js";
import { pageHistory } from "./history.js";
import { taskName } from "./tasks.js";
import { who } from "./who.js";
import { mapsLine } from "./maps.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {[name: string, value: string | number, who?: string | null]} Fact who: the ref and field it stands in
 * @typedef {{title: string, state: string, facts: Fact[], index: number | null, stop?: string,
 *   history?: import("./history.js").Event[]}} Card
 */

/** @param {View} view @returns {Card | null} */
export function pinned(view) {
  const { pin } = view;
  if (pin?.kind === "page") return pageCard(view, pin.inode, pin.index);
  if (pin?.kind === "pte") return pteFacts(view);
  if (pin?.kind === "bio") return bioCard(view, pin.ref);
  if (pin?.kind === "task") return taskCard(view, pin.ref);
  return pin?.kind === "vma" ? vmaCard(view, pin.ref) : null;
}

/** @param {View} view @param {string} inode @param {number} index @returns {Card | null} */
function pageCard(view, inode, index) {
  const { rows } = view;
  if (!rows[inode]) return null;
  const cell = pageCell(rows, cacheOf(inode), index, filePages(rows[inode]), view.inFlight);
  const { row } = cell;
  /** @type {Fact[]} */
  const facts = row
    ? [
        ["struct", cell.ref, who(cacheOf(inode), index)],
        ["frame", `0x${hex(row.pfn, 5)}`, who(cell.ref, "pfn")],
        ["flags", flagWords(cell), who(cell.ref, "flags")],
        ["mapcount", row.mapcount, who(cell.ref, "mapcount")],
        ["refcount", row.refcount, who(cell.ref, "refcount")],
        ["LRU", row.lru ?? "on no list", who(cell.ref, "lru")],
      ]
    : [["struct", "none", who(cacheOf(inode), index)]];
  if (onDisk(rows[inode]) && cell.state !== "pasteof")
    facts.push(["sector", rows[inode].sector + index * 8]);
  const [title, ...words] = cell.name.split(", ");
  const file = rows[inode].name ?? inode;
  const history = row ? pageHistory(view.state.timeline, cell.ref) : [];
  return { title: `${title} of ${file}`, state: words.join(", "), facts, index, history, stop: `page ${index} of ${file}` };
}

/** @param {View} view @returns {Card | null} */
function pteFacts(view) {
  const shown = shownEntry(view);
  if (!shown) return null;
  const [linux, arm] = shown.words ?? [0, 0];
  /** @type {Fact[]} */
  const facts = [
    ["address", `0x${hex(shown.address)}`],
    ["Linux", linux ? `0x${hex(linux)}` : "none", who(shown.table, shown.index)],
  ];
  if (linux) facts.push(["", fieldWords(linux, LINUX_FIELDS)]);
  facts.push(["ARM", arm ? `0x${hex(arm)}` : "none", who(shown.table, shown.index)]);
  if (arm) facts.push(["", fieldWords(arm, ARM_FIELDS)]);
  const cell = view.cells.find(({ pte }) => pte.index === shown.page)?.pte;
  const state =
    shown.table === null ? "no page of PTEs for these 2 MiB" : (cell?.name.split(", ").slice(1).join(", ") ?? "");
  return {
    title: `PTE ${shown.index}${shown.page === null ? "" : `, page ${shown.page}`}`,
    state,
    facts,
    index: shown.page,
    stop: shown.table === null ? undefined : `watch ${shown.table}.${shown.index}`,
  };
}

/** @param {View} view @param {string} ref @returns {Card} */
function bioCard(view, ref) {
  const row = view.rows[ref];
  const us = (/** @type {number} */ ns) => `${(ns / 1000).toFixed(1)} µs`;
  /** @type {Fact[]} */
  const facts = [
    ["request", bioWords(row), who(ref, "state")],
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
      ["flags", vmFlagNames(row.vm_flags).join(" "), who(ref, "vm_flags")],
      ["vm_pgoff", row.vm_pgoff ?? 0],
      ["vm_page_prot", `0x${hex(row.vm_page_prot ?? 0, 3)}`, who(ref, "vm_page_prot")],
    ],
    index: null,
  };
}

/** @param {View} view @param {string} ref @returns {Card} */
function taskCard({ rows }, ref) {
  const row = rows[ref];
  const mm = rows[row.mm] ?? {};
  return {
    title: taskName({ ref, row }),
    state: row.waiting ? `${row.state}, waits for ${row.waiting}` : row.state,
    facts: [
      ["address space", row.mm ?? "none", who(ref, "mm")],
      ["page directory", mm.pgd ?? "none"],
      ["rss", `${(mm.rss_file ?? 0) + (mm.rss_anon ?? 0) + (mm.rss_shmem ?? 0)} pages`],
      ["maj_flt", row.maj_flt ?? 0, who(ref, "maj_flt")],
      ["min_flt", row.min_flt ?? 0, who(ref, "min_flt")],
    ],
    index: null,
  };
}

/** @param {Card} card @param {{text: string}[]} stops @returns {import("./draw.js").Drawn[]} */
export const drawCard = ({ title, state, facts, stop, history = [] }, stops) => [
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
  h("dl", {}, facts.map(drawFact)),
  history.length > 0
    ? h(
        "ol",
        { class: "m-history", "aria-label": "History" },
        history.map(({ n, words }, i) =>
          h(
            "li",
            { key: `${n} ${i}` },
            h("button", { type: "button", class: "m-goto", "data-goto": n, "data-testid": `machine-history-${i}` }, `${words} at ${n}`),
          ),
        ),
      )
    : h("span", { hidden: true }),
  h("footer", {}, stop ? stopButton(stop, stops) : null),
];

/** @param {Fact} fact @param {number} n */
const drawFact = ([name, value, asked], n) =>
  h(
    "div",
    { key: `${name}${n}` },
    h("dt", {}, name),
    h(
      "dd",
      {},
      asked
        ? h("button", { type: "button", class: "m-who", "data-who": asked, title: `Who changed ${name}?`, "data-testid": `machine-who-${name.toLowerCase()}` }, value)
        : value,
    ),
  );

/** @param {string} text @param {{text: string}[]} stops */
const stopButton = (text, stops) =>
  h(
    "button",
    {
      type: "button",
      class: "m-stop",
      "data-stop": text,
      "data-testid": "machine-stop",
      "aria-pressed": stops.some((one) => one.text === text) ? "true" : "false",
    },
    "Stop when it changes",
  );
