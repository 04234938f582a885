// @ts-check
/** One side's state: which run, its page table and page cache over the pages of the file, and its last fault in words. */

import { attr, h, must, s, text } from "../../dom.js";
import { fileView, runs, words } from "../../compare/figures.js";

/** @typedef {import("../../compare.js").View} View */

const NOTHING = "Nothing of a file is mapped yet.";

/** @param {HTMLElement} root @param {"a" | "b"} name */
export function create(root, name) {
  const bars = h("div", { class: "cmp-bars" });
  root.replaceChildren(
    h("header", { class: "cmp-head" }, h("span", { class: "cmp-letter", "aria-hidden": "true" }, name.toUpperCase()), h("h2", { "data-part": "name" })),
    h("p", { class: "note", "data-part": "about" }),
    bars,
    h("p", { class: "cmp-said", "data-testid": `compare-said-${name}` }),
  );

  return (/** @type {View} */ view) => {
    const side = view[name];
    const other = view[name === "a" ? "b" : "a"];
    const n = view.n[name === "a" ? 0 : 1];
    const stage = side.timeline.stages[n];
    text(must(root, "[data-part=name]"), side.share.name);
    text(must(root, "[data-part=about]"), `${own(side.machine, other.machine)}after stage ${n}${stage?.at && stage.ctx === "user" ? `, line ${stage.at}` : ""}`);
    const file = fileView(side.timeline, n);
    const beside = fileView(other.timeline, view.n[name === "a" ? 1 : 0]);
    attr(root, "data-stage", n);
    if (file) draw(bars, file, page(side, n), Math.max(file.pages, beside?.pages ?? 0, 1));
    else bars.replaceChildren(h("p", { class: "note" }, NOTHING));
    text(must(root, ".cmp-said"), lastFault(side, n));
  };
}

/** The settings that are this side's own. @param {Record<string, any>} mine @param {Record<string, any>} other */
const own = (mine, other) =>
  Object.keys(mine)
    .filter((key) => mine[key] !== other[key])
    .map((key) => `${key} ${mine[key]}, `)
    .join("");

/** @param {import("../../compare/side.js").Side} side @param {number} n */
const page = (side, n) => side.timeline.faults.faults.findLast((fault) => fault.n <= n)?.page ?? null;

/** @param {import("../../compare/side.js").Side} side @param {number} n */
function lastFault(side, n) {
  const { faults } = side.timeline.faults;
  const fault = faults.findLast((one) => one.n <= n);
  if (!fault) return "No fault so far.";
  const where = fault.page === null ? `The address 0x${fault.address.toString(16)}` : `Page ${fault.page}`;
  const kind = fault.end < 0 || fault.end > n || fault.major === null ? "is being served" : `was a ${fault.major ? "major" : "minor"} one, served in ${fault.attempts === 1 ? "one attempt" : `${fault.attempts} attempts`}`;
  const set = fault.set.length ? ` It mapped pages ${words(fault.set)}.` : "";
  const read = fault.read ? ` ${fault.read} pages were asked of the disk.` : "";
  return `${where} had the last fault, number ${fault.k}, which ${kind}.${set}${read}`;
}

/**
 * @param {HTMLElement} root @param {NonNullable<ReturnType<typeof fileView>>} file @param {number | null} at
 * @param {number} pages that both sides have room for: a page stands at the same place in both
 */
function draw(root, file, at, pages) {
  const total = file.covered ? file.covered[1] - file.covered[0] : 0;
  const { ra } = file;
  const window = ra ? `, window start ${ra.start}, size ${ra.size}, async ${ra.async_size}` : "";
  root.replaceChildren(
    ...bar("Page table", total ? `${file.mapped.length} of ${total} set` : "not mapped", file, { pages, extent: file.covered, layers: [["mapped", file.mapped]], at }),
    ...bar("Page cache", `${file.cached.length} cached${file.reading.length ? `, ${file.reading.length} being read` : ""}${window}`, file, { pages, extent: [0, file.pages], layers: [["cached", file.cached], ["reading", file.reading]], at, ra }),
  );
}

/**
 * @param {string} title @param {string} note @param {any} file
 * @param {{pages: number, extent: number[] | null, layers: [string, number[]][], at: number | null, ra?: any}} drawn
 */
function bar(title, note, file, { pages, extent, layers, at, ra }) {
  const said = layers.map(([kind, list]) => `${kind} ${words(list)}`).join("; ");
  const drawing = s(
    "svg",
    { viewBox: `0 0 ${pages} 10`, preserveAspectRatio: "none", role: "img", "aria-label": `${title} of ${file.name}: ${said}` },
    extent && s("rect", { class: "cmp-extent", x: extent[0], y: 0, width: Math.max(0, extent[1] - extent[0]), height: 10 }),
    ...layers.flatMap(([kind, list]) => runs(list).map(([x, width]) => s("rect", { class: `cmp-${kind}`, x, y: 0, width, height: 10 }))),
    ra && s("rect", { class: "cmp-window", x: ra.start, y: 8.6, width: ra.size, height: 1.4 }),
    at !== null && s("line", { class: "cmp-at", x1: at + 0.5, x2: at + 0.5, y1: 0, y2: 10 }),
  );
  return [h("p", { class: "cmp-bar-head" }, h("b", {}, title), h("span", { class: "note" }, `${file.name}: ${note}`)), drawing];
}
