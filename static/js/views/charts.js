// @ts-check
/** The charts of the run: faults, pages in the cache and readahead windows over one time axis; a click goes there. */

import { blocks, catchUp, createCharts, filesOf } from "../charts.js";
import { attr, attrs, h, join, must, s, text } from "../dom.js";
import { grouped, moment } from "../format.js";
import { ranges } from "../ranges.js";
import { words } from "./time/axis.js";
import { ticks } from "./time/scale.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../select.js").State} State */
/** @typedef {ReturnType<typeof scaleOf>} Scale */

const PADDING = 20;
const GUTTER = 52;
const TALL = 150;
const LOW = 96;
const FOOT = 18;

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const body = must(root, "[data-testid=charts-body]");
  const said = must(root, "[data-testid=charts-said]");
  const choose = /** @type {HTMLSelectElement} */ (must(root, "[data-testid=charts-file]"));
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  let charts = createCharts();
  let run = "";
  let drawn = "";
  let latest = /** @type {State | null} */ (null);
  let scale = /** @type {Scale | null} */ (null);

  /** The stage under the pointer. @param {MouseEvent} event */
  function stageAt(event) {
    if (!scale) return -1;
    const { left } = body.getBoundingClientRect();
    return scale.stage(event.clientX - left - PADDING - GUTTER);
  }

  body.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const n = stageAt(event);
    if (n >= 0) dispatch({ type: "goto", n });
  }, { signal });
  body.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    const n = stageAt(event);
    if (n >= 0 && latest) text(said, about(latest, chosen(), n));
  }, { signal });
  choose.addEventListener("change", () => latest && render(latest), { signal });
  must(document, "[data-testid=time-charts]").addEventListener("click", () => dispatch({ type: "ui", ui: { sheet: "charts" } }), { signal });
  addEventListener("resize", () => latest?.ui.sheet === "charts" && render(latest), { signal });

  const chosen = () => filesOf(charts).find(({ name }) => name === choose.value) ?? filesOf(charts)[0];

  /** @param {State} state */
  function render(state) {
    latest = state;
    const open = state.ui.sheet === "charts";
    show(open);
    if (!open) return;
    if (state.run?.run !== run) [charts, run] = [createCharts(), state.run?.run ?? ""];
    catchUp(charts, state.spans.stages);
    const files = filesOf(charts);
    join(choose, files, ({ name }) => name, ({ name }) => h("option", { value: name }, name));
    must(root, "[data-part=file]").hidden = files.length < 2;
    scale = scaleOf(state, body.clientWidth - 2 * PADDING);
    const key = [run, state.count, body.clientWidth, choose.value, state.ui.axis, state.ui.theme].join();
    if (key !== drawn) draw(state, scale, chosen());
    drawn = key;
    for (const line of body.querySelectorAll(".chart-now")) attrs(line, { x1: scale.x(state.cursor), x2: scale.x(state.cursor) });
    if (!body.matches(":hover")) text(said, about(state, chosen(), state.cursor));
  }

  /** @param {State} state @param {Scale} at @param {import("../charts.js").FileChart | undefined} file */
  function draw(state, at, file) {
    const pages = Math.max(1, ...(file?.stays.map(({ page }) => page + 1) ?? []), ...(file?.windows.map(({ start, size }) => start + size) ?? []));
    body.replaceChildren(
      chart("Faults so far", faultWords(state), LOW, at, faultLines(state, at)),
      chart(file ? `Pages of ${file.name} in the page cache` : "Pages in the page cache", file ? cacheWords(file) : "No page of a file was in the cache.", TALL, at, file ? residency(file, at, pages) : []),
      chart("Readahead window", file ? windowWords(file) : "There was no window.", TALL, at, file ? windowBoxes(file, at, pages) : []),
    );
  }

  return render;
}

/** The axis: virtual time or stages, over the width that is left. @param {State} state @param {number} width */
function scaleOf({ spans, count, ui }, width) {
  const room = Math.max(100, width - GUTTER);
  const value = ui.axis === "stages" ? (/** @type {number} */ n) => n : (/** @type {number} */ n) => spans.time.at[n];
  const last = Math.max(0, count - 1);
  const [from, to] = [value(0), Math.max(value(last), value(0) + 1)];
  const x = (/** @type {number} */ n) => Math.round((((value(Math.min(n, last)) - from) / (to - from)) * room) * 2) / 2;
  return {
    width: room, from, to, axis: ui.axis, x,
    place: (/** @type {number} */ at) => ((at - from) / (to - from)) * room,
    /** @param {number} px */
    stage(px) {
      let [low, high] = [0, last];
      while (low < high) {
        const mid = (low + high) >> 1;
        if (x(mid) < px) low = mid + 1;
        else high = mid;
      }
      return low;
    },
  };
}

/** @param {string} title @param {string} said @param {number} height @param {Scale} at @param {Element[]} drawing */
function chart(title, said, height, at, drawing) {
  const steps = ticks(/** @type {any} */ (at)).map((/** @type {number} */ each) =>
    s("g", { class: "chart-tick", transform: `translate(${at.place(each).toFixed(1)} 0)` }, s("line", { y1: 0, y2: height }), s("text", { x: 3, y: height + 13 }, words(each, /** @type {any} */ (at)))));
  return h("figure", { class: "chart" }, h("figcaption", {}, h("b", {}, title), " ", h("span", { class: "note" }, said)),
    s("svg", { width: "100%", height: height + FOOT, role: "img", "aria-label": `${title}. ${said}` },
      s("g", { transform: `translate(${GUTTER} 0)` }, ...steps, ...drawing, s("line", { class: "chart-base", x1: 0, x2: at.width, y1: height, y2: height }),
        s("line", { class: "chart-now", y1: 0, y2: height }))));
}

/** A value beside the axis. @param {number} y @param {string} words */
const side = (y, words) => s("text", { class: "chart-side", x: -6, y, "text-anchor": "end" }, words);

/** Two stairs: all faults, and of them the major ones. @param {State} state @param {Scale} at */
function faultLines({ faults }, at) {
  const most = Math.max(1, faults.length);
  const y = (/** @type {number} */ k) => LOW - (k / most) * (LOW - 8);
  const stairs = (/** @type {import("../faults.js").Fault[]} */ some) =>
    `M0 ${LOW}${some.map((fault, i) => `H${at.x(fault.n)}V${y(i + 1)}`).join("")}H${at.width}`;
  return [
    s("path", { class: "chart-all", d: stairs(faults) }),
    s("path", { class: "chart-major", d: stairs(faults.filter(({ major }) => major)) }),
    side(y(most) + 4, grouped(faults.length)), side(LOW, "0"),
  ];
}

/** @param {import("../charts.js").FileChart} file @param {Scale} at @param {number} pages */
function residency(file, at, pages) {
  const tall = TALL / pages;
  return [
    ...blocks(file.stays, at.x, at.width).map(({ first, last, from, to }) =>
      s("rect", { class: "chart-stay", x: from, width: Math.max(1, to - from), y: first * tall, height: Math.max(0.5, (last - first + 1) * tall) })),
    side(9, "page 0"), side(TALL, grouped(pages - 1)),
  ];
}

/** Each window until the next; its last part, behind the marker, is hatched. @param {import("../charts.js").FileChart} file @param {Scale} at @param {number} pages */
function windowBoxes(file, at, pages) {
  const tall = TALL / pages;
  return [
    ...file.windows.flatMap(({ n, start, size, async_size }, i) => {
      const x = at.x(n);
      const width = Math.max(1.5, at.x(file.windows[i + 1]?.n ?? Infinity) - x);
      const split = start + size - async_size;
      return [
        s("rect", { class: "chart-window", x, width, y: start * tall, height: Math.max(1, (split - start) * tall) }),
        s("rect", { class: "chart-async", x, width, y: split * tall, height: Math.max(1, async_size * tall) }),
      ];
    }),
    side(9, "page 0"), side(TALL, grouped(pages - 1)),
  ];
}

/** @param {State} state */
const faultWords = ({ faults }) => {
  const major = faults.filter((fault) => fault.major).length;
  return `${grouped(faults.length)} in the run, ${grouped(major)} of them major`;
};

/** @param {import("../charts.js").FileChart} file */
function cacheWords({ stays, here }) {
  const left = stays.length - here.size;
  return `${grouped(stays.length)} came${left ? `, ${grouped(left)} left` : ""}; at the end ${grouped(here.size)}`;
}

/** @param {import("../charts.js").FileChart} file */
const windowWords = ({ windows }) =>
  windows.length ? `${grouped(windows.length)} ${windows.length === 1 ? "window" : "windows"}; light: behind the marker` : "no window was opened";

/** The three charts at one stage, in words. @param {State} state @param {import("../charts.js").FileChart | undefined} file @param {number} n */
function about({ faults, spans }, file, n) {
  if (n < 0) return "";
  const so = faults.filter((fault) => fault.n <= n);
  const here = (file?.stays ?? []).filter(({ from, to }) => from <= n && (to < 0 || to > n)).map(({ page }) => page).sort((a, b) => a - b);
  const window = file?.windows.findLast((each) => each.n <= n);
  const cached = file ? `${file.name}: ${here.length ? `pages ${shorten(ranges(here))}` : "no page"} cached` : "";
  const ahead = window ? `window ${window.start}-${window.start + window.size - 1}` : "";
  return [`${moment(spans.time.at[n])}, stage ${grouped(n)}`, `${so.length} faults`, cached, ahead].filter(Boolean).join(" · ");
}

/** @param {string} list */
const shorten = (list) => (list.length > 48 ? `${list.slice(0, 46)}…` : list);
