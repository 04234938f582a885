// @ts-check
/** Both runs over the pages of the file: faults, and the pages that each read fetched; below, the faults in total. */

import { h, s } from "../../dom.js";
import { fileView } from "../../compare/figures.js";

/** @typedef {import("../../compare.js").View} View */

const GUTTER = 110;
const WIDTH = 1000;
const [FAULTS, BIOS, LANE] = [14, 30, 62];
const TOP = 22;
const CHART = 70;
const HEIGHT = TOP + 2 * LANE + CHART + 24;

/** @param {HTMLElement} root @param {{go: (k: number) => void, signal: AbortSignal}} tools */
export function create(root, { go, signal }) {
  let of = /** @type {unknown} */ (null);
  const head = s("line", { class: "cmp-head-line", y1: TOP, y2: TOP + 2 * LANE });
  const at = s("line", { class: "cmp-head-line", y1: TOP + 2 * LANE + 8, y2: HEIGHT - 16, "data-testid": "compare-playhead-line" });
  const marks = { a: s("g"), b: s("g") };
  let steps = 1;
  let pages = 1;
  root.addEventListener(
    "click",
    (event) => {
      const box = root.querySelector("svg")?.getBoundingClientRect();
      if (!box) return;
      const x = ((event.clientX - box.left) / box.width) * (GUTTER + WIDTH + 40) - GUTTER;
      const y = ((event.clientY - box.top) / box.height) * HEIGHT;
      // Above, the axis is pages; only the chart below has the steps themselves.
      if (y > TOP + 2 * LANE && x >= 0 && x <= WIDTH) go(Math.round((x / WIDTH) * (steps - 1)));
    },
    { signal },
  );

  return (/** @type {View} */ view) => {
    steps = view.alignment.steps.length;
    if (of !== view.alignment) {
      of = view.alignment;
      pages = most(view);
      root.replaceChildren(drawing(view, pages, head, at, marks));
    }
    const x = (view.k / Math.max(1, steps - 1)) * WIDTH + GUTTER;
    move(at, x);
    const page = view.a.timeline.faults.faults.findLast((fault) => fault.n <= view.n[0])?.page ?? null;
    head.setAttribute("visibility", page === null ? "hidden" : "visible");
    if (page !== null) move(head, GUTTER + ((page + 0.5) / pages) * WIDTH);
    for (const [name, n] of /** @type {["a" | "b", number][]} */ ([["a", view.n[0]], ["b", view.n[1]]]))
      for (const mark of marks[name].children) mark.setAttribute("data-past", Number(mark.getAttribute("data-stage")) <= n ? "yes" : "no");
  };
}

/** @param {SVGElement} line @param {number} x */
function move(line, x) {
  line.setAttribute("x1", String(x));
  line.setAttribute("x2", String(x));
}

/** How many pages the axis has. @param {View} view */
function most(view) {
  const sizes = [view.a, view.b].flatMap(({ timeline }) => {
    const seen = timeline.faults.faults.map((fault) => (fault.page ?? 0) + 1);
    const read = reads(timeline).map(([, , to]) => to + 1);
    return [...seen, ...read, fileView(timeline, timeline.stages.length - 1)?.pages ?? 1];
  });
  return sizes.reduce((a, b) => Math.max(a, b), 1);
}

/** Reads of the disk: stage, first and last page. @param {import("../../timeline.js").Timeline} timeline @returns {[number, number, number][]} */
const reads = (timeline) =>
  timeline.faults.requests.flatMap(({ from, label, write }) => {
    const found = /(\d+)-(\d+)/.exec(label);
    return !write && found ? [[from, Number(found[1]), Number(found[2])]] : [];
  });

/** @param {View} view @param {number} pages @param {SVGElement} head @param {SVGElement} at @param {{a: SVGElement, b: SVGElement}} marks */
function drawing(view, pages, head, at, marks) {
  const x = (/** @type {number} */ page) => GUTTER + (page / pages) * WIDTH;
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].find((one) => pages / one <= 10) ?? 50_000;
  const ticks = Array.from({ length: Math.floor(pages / every) + 1 }, (_, i) => i * every);
  for (const name of /** @type {["a", "b"]} */ (["a", "b"])) lane(marks[name], view[name].timeline, x, TOP + (name === "a" ? 0 : LANE));
  const said = /** @type {["a", "b"]} */ (["a", "b"]).map((name) => `${name.toUpperCase()}: ${view[name].timeline.faults.faults.length} faults, ${reads(view[name].timeline).length} reads`);
  const label = (/** @type {string} */ words, /** @type {number} */ y, /** @type {string} */ kind) => s("text", { x: 0, y, class: kind }, words);
  return s(
    "svg",
    { viewBox: `0 0 ${GUTTER + WIDTH + 40} ${HEIGHT}`, role: "img", "aria-label": `Faults and reads by page. ${said.join("; ")}.` },
    ...ticks.map((page) => s("g", {}, s("line", { class: "cmp-grid", x1: x(page), x2: x(page), y1: TOP - 6, y2: TOP + 2 * LANE - 8 }), s("text", { class: "cmp-tick", x: x(page), y: TOP - 10, "text-anchor": page ? "middle" : "start" }, page ? page : "page 0"))),
    ...["A", "B"].flatMap((name, i) => [label(`${name} faults`, TOP + i * LANE + FAULTS + 4, "cmp-label"), label("reads", TOP + i * LANE + BIOS + 14, "cmp-tick")]),
    marks.a,
    marks.b,
    head,
    label("Faults, total", TOP + 2 * LANE + 20, "cmp-label"),
    ...totals(view),
    at,
  );
}

/** @param {SVGElement} group @param {import("../../timeline.js").Timeline} timeline @param {(page: number) => number} x @param {number} y */
function lane(group, timeline, x, y) {
  const unit = x(1) - x(0);
  group.replaceChildren(
    ...reads(timeline).map(([n, from, to]) =>
      s("g", { "data-stage": n }, s("rect", { class: "cmp-bio", x: x(from), y: y + BIOS, width: Math.max(1, unit * (to - from + 1) - (unit > 4 ? 1 : 0)), height: 18, rx: unit * (to - from + 1) > 8 ? 3 : 0 }), unit * (to - from + 1) > 46 ? s("text", { class: "cmp-bio-text", x: x((from + to + 1) / 2), y: y + BIOS + 13, "text-anchor": "middle" }, `${from}-${to}`) : null),
    ),
    ...timeline.faults.faults
      .filter((fault) => fault.page !== null)
      .map((fault) => {
        const [cx, r] = [x((fault.page ?? 0) + 0.5), Math.max(2, Math.min(5, unit))];
        return s("path", { class: fault.major ? "cmp-major" : "cmp-minor", "data-stage": fault.n, d: `M${cx - r} ${y + FAULTS - 5}h${2 * r}l${-r} 9z` }, s("title", {}, `fault ${fault.k}, page ${fault.page}, ${fault.major ? "major" : "minor"}`));
      }),
  );
}

/** @param {View} view */
function totals(view) {
  const { steps } = view.alignment;
  const [top, bottom] = [TOP + 2 * LANE + 14, HEIGHT - 18];
  const counts = /** @type {["a", "b"]} */ (["a", "b"]).map((name) => {
    const { faults } = view[name].timeline.faults;
    let i = 0;
    return steps.map((step) => {
      while (i < faults.length && faults[i].n <= step[name].to) i += 1;
      return i;
    });
  });
  const high = Math.max(1, ...counts.map((list) => list[list.length - 1]));
  const y = (/** @type {number} */ count) => bottom - (count / high) * (bottom - top);
  const x = (/** @type {number} */ i) => GUTTER + (i / Math.max(1, steps.length - 1)) * WIDTH;
  const close = Math.abs(y(counts[0][steps.length - 1]) - y(counts[1][steps.length - 1])) < 12;
  return counts.flatMap((list, i) => [
    s("path", { class: i ? "cmp-total cmp-total-b" : "cmp-total", d: list.map((count, k) => `${k ? "H" : "M"}${x(k)}${k ? "V" : " "}${y(count)}`).join("") }),
    s("text", { class: "cmp-label", x: GUTTER + WIDTH + 4, y: y(list[list.length - 1]) + 4 + (close ? (i ? -7 : 7) : 0) }, `${i ? "B" : "A"} ${list[list.length - 1]}`),
  ]).concat(s("text", { class: "cmp-tick", x: GUTTER, y: HEIGHT - 4 }, "over the program's steps; click to go there"));
}
