// @ts-check
/** The state key: every sign of the machine, at the size it has there and enlarged. */

import { h, s } from "../../views/machine/draw.js";
import { defs } from "../../views/machine/defs.js";
import { box, halo, pageMarks, pteMarks, ring } from "../../views/machine/glyphs.js";

/** @typedef {{state: string, flags?: string[], hot?: string, changed?: boolean, name: string, means: string, tabs?: number}} Sign */

/** @type {Sign[]} */
const PAGES = [
  { state: "absent", name: "Absent", means: "not in memory, or not touched yet" },
  { state: "allocated", name: "Allocated", means: "in the cache and locked, but nothing has been read into it yet" },
  { state: "inflight", name: "Read in flight", means: "a request that carries this page is with the disk" },
  { state: "uptodate", name: "Up to date", means: "holds what the file holds; no PTE points to it" },
  { state: "uptodate", flags: ["mapped"], name: "Mapped", means: "a PTE points to it: one tab for each, up to three" },
  { state: "uptodate", flags: ["mapped"], tabs: 2, name: "Mapped twice", means: "two PTEs point to the same page" },
  { state: "uptodate", flags: ["readahead"], name: "PG_readahead", means: "the marker: touching this page starts the next readahead" },
  { state: "uptodate", flags: ["mapped", "referenced"], name: "Referenced", means: "used once since reclaim last looked" },
  { state: "uptodate", flags: ["mapped", "active"], name: "Active", means: "on the active list" },
  { state: "uptodate", flags: ["mapped", "dirty"], name: "Dirty", means: "changed in memory; the disk does not know yet" },
  { state: "uptodate", flags: ["mapped", "writeback"], name: "Writeback", means: "being written to the disk" },
  { state: "uptodate", flags: ["locked"], name: "Locked, no I/O", means: "somebody holds the page lock" },
  { state: "uptodate", flags: ["mapped", "mlocked"], name: "Unevictable", means: "must stay in memory, for example by mlock" },
  { state: "evicted", name: "Evicted, shadow kept", means: "reclaimed; the slot remembers when, to recognise a refault" },
  { state: "error", name: "Read error", means: "the disk could not read it" },
  { state: "pasteof", name: "Past end of file", means: "mapped, but the file has no such page: SIGBUS" },
  { state: "zero", name: "Zero page", means: "memory that was only read: all share one page of zeros" },
  { state: "uptodate", hot: "fault", name: "Faulting now", means: "the access that is being served" },
  { state: "uptodate", changed: true, name: "Changed in this stage", means: "see “What changed”" },
];

/** @type {Sign[]} */
const PTES = [
  { state: "none", name: "None", means: "no entry: an access faults" },
  { state: "ro", name: "Read-only, young", means: "may be read; the mapping allows no stores" },
  { state: "old", name: "Old", means: "Linux keeps the entry, but the hardware entry is 0: the next access faults and makes it young" },
  { state: "rw-dirty", name: "Writable, dirty", means: "stores go through" },
  { state: "wp", name: "Write-protected", means: "the mapping allows stores, but the first one faults" },
  { state: "cow", name: "Private copy", means: "points to a page of the process’s own, not to the page of the file" },
  { state: "protnone", name: "PROT_NONE", means: "no access at all" },
];

const SMALL = { x: 4, y: 6, w: 12, h: 32 };

/** @param {"page" | "pte"} kind @param {Sign} sign */
function sign(kind, { state, flags = [], hot = undefined, changed = false, tabs = 1 }) {
  const place = kind === "page" ? SMALL : { ...SMALL, w: 11, h: 18, y: 13 };
  const shape = () => s(
    "g",
    { class: `m-cell m-${kind}`, "data-state": state, "data-flags": flags.join(" "), "data-hot": hot, "data-changed": changed || null },
    halo(place, changed),
    box(place),
    kind === "page" ? pageMarks(place, state, flags, tabs) : pteMarks(place, state),
    ring(place, hot ?? null),
  );
  return h(
    "span",
    { class: "key-signs", "aria-hidden": "true" },
    [1, 2].map((scale) =>
      s("svg", { class: "m-svg key-sign", key: scale, width: 20 * scale, height: 42 * scale, viewBox: "0 0 20 42" }, shape()),
    ),
  );
}

/** @param {string} caption @param {"page" | "pte"} kind @param {Sign[]} signs */
const table = (caption, kind, signs) =>
  h(
    "section",
    { class: "key-table", key: caption },
    h("h3", {}, caption),
    h(
      "dl",
      { class: "key" },
      signs.map((one) =>
        h(
          "div",
          { key: one.name, "data-testid": `reference-${kind}-${one.name.toLowerCase().replace(/[^a-z]+/g, "-")}` },
          h("dt", {}, sign(kind, one), one.name),
          h("dd", {}, one.means),
        ),
      ),
    ),
  );

/** The rest of the vocabulary, drawn small. @type {[string, string, import("../../views/machine/draw.js").Drawn][]} */
const OTHERS = [
  ["Fault-around", "the PTEs that one fault tries to set, aligned in virtual memory", bracket("fault-around", null)],
  ["Readahead", "the pages read ahead, in file order; the tick is where the marker goes", bracket("readahead", 66)],
  ["Previous window", "the readahead window before this stage", bracket("previous", null)],
  ["Bio, queued", "a request to the disk that waits its turn", bio("queued")],
  ["Bio, being served", "the front line shows how far the disk has come", bio("serving")],
  ["Bio, done", "over; its pages are up to date", bio("done")],
  ["Bio, write", "pages on their way to the disk", bio("write")],
  ["File, private", "a mapping of a file; stores go to private copies", vma("file-private")],
  ["File, shared", "a mapping of a file; stores go to the file", vma("file-shared")],
  ["Anonymous", "memory without a file", vma("anon")],
  ["RND, SEQ, LCK", "advised by madvise: random, sequential; locked by mlock", vma("file-private", "RND")],
];

/** @param {string} kind @param {number | null} tick */
function bracket(kind, tick) {
  return s(
    "g",
    { class: "m-window", "data-state": kind },
    s("path", { class: "m-bracket", d: "M2 14V6H94V14" }),
    tick !== null && s("path", { class: "m-tick", d: `M${tick} 6v8` }),
  );
}

/** @param {string} state */
function bio(state) {
  return s(
    "g",
    { class: "m-bio", "data-state": state },
    s("rect", { class: "m-bar", x: 2, y: 2, width: 92, height: 16, rx: 3 }),
    state === "serving" && s("rect", { class: "m-unserved", x: 50, y: 3, width: 43, height: 14, rx: 2 }),
    state === "serving" && s("path", { class: "m-front", d: "M50 0V20" }),
    state === "write" && s("path", { class: "m-chevron", d: "M43 6l5 4l5-4M43 10l5 4l5-4" }),
  );
}

/** @param {string} state @param {string} [hint] */
function vma(state, hint) {
  return s(
    "g",
    { class: "m-vma", "data-state": state },
    s("rect", { class: "m-box", x: 2, y: 1, width: 92, height: 18, rx: 2 }),
    state === "file-shared" && s("rect", { class: "m-inner", x: 5, y: 4, width: 86, height: 12, rx: 1 }),
    hint && s("g", { class: "m-hint" }, s("rect", { x: 58, y: 3, width: 29, height: 14, rx: 3 }), s("text", { x: 72.5, y: 13.5 }, hint)),
  );
}

/** @returns {import("../../views/machine/draw.js").Drawn[]} */
export const keyTables = () => [
  s("svg", { key: "defs", width: 0, height: 0, class: "key-defs", "aria-hidden": "true" }, defs),
  table("Page", "page", PAGES),
  table("Page table entry", "pte", PTES),
  h(
    "section",
    { class: "key-table", key: "others" },
    h("h3", {}, "Windows, requests, mappings"),
    h(
      "dl",
      { class: "key wide" },
      OTHERS.map(([name, means, shape]) =>
        h(
          "div",
          { key: name },
          h("dt", {}, s("svg", { class: "m-svg key-sign", width: 96, height: 20, "aria-hidden": "true" }, shape), name),
          h("dd", {}, means),
        ),
      ),
    ),
  ),
];
