// @ts-check
/** What moves at which kind of stage. Each entry gets the finished picture and moves into it. */

import { carry, draw, drop, fade, run, sink, sweep, travel } from "./effects.js";

/**
 * @typedef {import("./effects.js").Stage} Stage
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {(at: {stage: Stage, svg: SVGSVGElement, view: View, geo: Geometry}) => void} Scene
 */

/** @param {SVGSVGElement} svg @param {string} selector @returns {SVGGraphicsElement[]} */
const all = (svg, selector) => /** @type {any} */ ([...svg.querySelectorAll(selector)]);

/** @param {SVGSVGElement} svg @param {string} selector @returns {SVGPathElement | null} */
const path = (svg, selector) => svg.querySelector(selector);

/** @type {Scene} */
const access = ({ stage, geo }) =>
  travel(
    stage,
    [
      [-16, geo.cards.h / 2],
      [10, geo.cards.h / 2],
    ],
    300,
  );

/** The dot of the walk: slot, half of the pair, PTE card. @type {Scene} */
const walk = ({ stage, svg, view, geo }) => {
  const { pgd, pte, h } = geo.cards;
  const half = svg.querySelector(".m-descriptor[data-hot]")?.querySelector("rect");
  if (!pgd || !pte || !half) return;
  const middle = pgd.x + Number(half.getAttribute("x")) + Number(half.getAttribute("width")) / 2;
  const y = Number(half.getAttribute("y")) + Number(half.getAttribute("height")) / 2;
  const level = view.state.stage.args?.level;
  if (level === 2)
    travel(
      stage,
      [
        [middle, y],
        [pte.x + 8, h / 2],
        [pte.x + 70, h / 2],
      ],
      180,
    );
  else
    travel(
      stage,
      [
        [pgd.x - 12, 34],
        [middle, 34],
        [middle, y],
      ],
      180,
    );
};

/** PTEs that were set, and the tabs that they drop on their pages. @type {Scene} */
const mapped = ({ stage, svg }) => {
  drop(stage, all(svg, ".m-pte[data-changed] .m-box"), { ms: 140, gap: 20, px: 6 });
  drop(stage, all(svg, ".m-page[data-changed] .m-tab"), { ms: 140, gap: 20, px: 26 });
};

/** The page that the stage is about, if it stands in the columns. @param {View} view @param {SVGSVGElement} svg */
function pageOf(view, svg) {
  const { page, inode, index } = view.state.stage.args ?? {};
  const drawn = svg.querySelector(`.m-page[data-ref="${page}"]`);
  if (drawn || inode !== view.focus.inode) return drawn;
  return svg.querySelector(`.m-page[data-index="${index}"]`);
}

/** @param {Element | null} cell @returns {SVGGraphicsElement[]} */
const boxes = (cell) => (cell ? /** @type {any} */ ([...cell.querySelectorAll(".m-box")]) : []);

/** What came to another list. @type {Scene} */
const listed = ({ stage, svg }) => drop(stage, all(svg, ".m-mini[data-changed]"), { ms: 160, gap: 12, px: 10 });

/** A page is copied: the copy is for a PTE if it says for which address, else it goes to the program or comes from it.
 *  @type {Scene} */
const copy = ({ stage, svg, view }) => {
  const from = svg.querySelector(`.m-page[data-index="${view.access.page}"] .m-box`);
  const to = svg.querySelector(`.m-pte[data-index="${view.access.page}"] .m-box`);
  if (view.state.stage.args?.address !== undefined) carry(stage, /** @type {any} */ (from), /** @type {any} */ (to), 400);
  else fade(stage, boxes(pageOf(view, svg)), { ms: 240, from: 0.25 });
};

/** The page goes under, or stays where reclaim puts it. @type {Scene} */
const reclaim = (at) => {
  if (at.view.state.stage.args?.fate === "freed") sink(at.stage, boxes(pageOf(at.view, at.svg)), { ms: 260 });
  listed(at);
};

/** @type {Record<string, Scene>} */
export const SCENES = {
  "user-load": access,
  "user-store": access,
  "va-split": ({ stage, svg }) => drop(stage, all(svg, ".m-split > g"), { ms: 220, gap: 60, px: 14 }),
  tlb: ({ stage, svg }) => fade(stage, all(svg, ".m-tlb"), { ms: 160, gap: 40, from: 0.25 }),
  walk,
  abort: ({ stage, svg }) => fade(stage, all(svg, ".m-register[data-changed], .m-decode"), { ms: 240 }),
  map_pages: (at) => {
    draw(at.stage, path(at.svg, ".m-window[data-state=fault-around] .m-bracket"), { ms: 200 });
    fade(at.stage, all(at.svg, ".m-window[data-state=fault-around] :is(.m-label, .m-label-text, .m-loose)"), {
      ms: 200,
    });
    const { around } = at.view.fault ?? {};
    const tried = around
      ? all(at.svg, ".m-pte").filter(
          ({ dataset: { index } }) => Number(index) >= around[0] && Number(index) <= around[1],
        )
      : [];
    fade(
      at.stage,
      tried.map((cell) => cell.querySelector(".m-box") ?? cell),
      { ms: 90, gap: 12, from: 0.3 },
    );
    mapped(at);
  },
  "ra-window": ({ stage, svg }) => {
    draw(stage, path(svg, ".m-window[data-state=readahead] .m-bracket"), { ms: 300 });
    drop(stage, all(svg, ".m-window[data-state=readahead] .m-tick"), { ms: 160, px: 6, after: 260 });
    fade(stage, all(svg, ".m-window[data-state=readahead] :is(.m-label, .m-label-text, .m-loose)"), { ms: 300 });
  },
  "add-to-cache": ({ stage, svg }) => {
    fade(stage, all(svg, ".m-page[data-changed] .m-box"), { ms: 200, gap: 24 });
    drop(stage, all(svg, ".m-page[data-changed] .m-pennant"), { ms: 200, px: 10 });
  },
  "submit-bio": ({ stage, svg, geo }) => {
    const [block] = geo.blocks;
    const fall = (block.disk ?? block.page) - block.page;
    drop(stage, all(svg, ".m-bio[data-changed]"), { ms: 350, px: fall });
    fade(stage, all(svg, ".m-page[data-state=inflight] .m-box"), { ms: 200, from: 0.4 });
  },
  "io-done": ({ stage, svg, view }) => {
    for (const bar of all(svg, `.m-bio[data-ref="${view.state.stage.args?.bio}"] .m-bar`)) {
      sweep(stage, bar.getBBox(), "m-sweep", 600);
    }
    fade(stage, all(svg, ".m-page[data-changed] .m-box"), { ms: 200, gap: 12, from: 0.15 });
  },
  "set-pte": (at) => {
    fade(at.stage, all(at.svg, ".m-word[data-changed] .m-field"), { ms: 120, gap: 30 });
    mapped(at);
  },
  copy,
  dirty: ({ stage, svg, view }) => {
    drop(stage, [...(pageOf(view, svg)?.querySelectorAll(".m-dirty") ?? [])], { ms: 220, px: 12 });
  },
  writeback: ({ stage, svg, view }) => {
    const page = pageOf(view, svg);
    drop(stage, [...(page?.querySelectorAll(".m-writeback") ?? [])], { ms: 240, px: 14 });
    if (!page?.querySelector(".m-writeback")) fade(stage, boxes(page), { ms: 240, from: 0.3 });
  },
  isolate: listed,
  deactivate: listed,
  reclaim,
  refault: ({ stage, svg, view }) => fade(stage, boxes(pageOf(view, svg)), { ms: 300, from: 0.1 }),
  slab: ({ stage, svg }) => fade(stage, all(svg, ".m-cached .m-mini"), { ms: 200, gap: 20, from: 0.2 }),
  memcg: ({ stage, svg }) => fade(stage, all(svg, ".m-gauge .m-filled"), { ms: 300, from: 0.1 }),
  oom: ({ stage, svg }) => fade(stage, all(svg, ".m-gauge .m-filled"), { ms: 500, from: 0.1 }),
  task: ({ stage, svg, view }) =>
    drop(stage, all(svg, `.m-task-tab[data-ref="${view.state.stage.args?.task}"]`), { ms: 300, px: 14 }),
  "switch-mm": ({ stage, svg }) => {
    fade(stage, all(svg, ".m-task-tab[data-on] rect, .m-runs"), { ms: 240, from: 0.2 });
    fade(stage, all(svg, ".m-descriptor, .m-tlb"), { ms: 240, gap: 30, from: 0.2 });
  },
  "clear-pte": ({ stage, svg }) => fade(stage, all(svg, ".m-pte[data-changed] .m-box"), { ms: 160 }),
  "tlb-flush": ({ stage, svg }) => fade(stage, all(svg, ".m-tlb[data-state=flushed]"), { ms: 240, gap: 40 }),
  vma: ({ stage, svg }) => {
    for (const part of all(svg, ".m-vma[data-changed] .m-box")) {
      run(
        stage,
        part,
        [
          { opacity: 0, transform: "scaleX(.2)", transformOrigin: "left", transformBox: "fill-box" },
          { opacity: 1, transform: "none", transformOrigin: "left", transformBox: "fill-box" },
        ],
        { ms: 250 },
      );
    }
    fade(stage, all(svg, ".m-lens-fill, .m-lens-edge"), { ms: 300 });
  },
};
