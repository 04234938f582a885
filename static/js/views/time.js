// @ts-check
/** The time dock: stepping, the ruler with its marks, the flame graph, and the playhead through all of it. */

import { must } from "../dom.js";
import { createAxis } from "./time/axis.js";
import { createFlame } from "./time/flame.js";
import { createGate } from "./time/gate.js";
import { createLanes } from "./time/lanes.js";
import { createMarks } from "./time/marks.js";
import { createTicks } from "./time/ticks.js";
import { createMenu } from "./time/menu.js";
import { createMinimap } from "./time/minimap.js";
import { createPlayhead } from "./time/playhead.js";
import { createRequests } from "./time/requests.js";
import { createScale } from "./time/scale.js";
import { createScrub } from "./time/scrub.js";
import { createTransport } from "./time/transport.js";
import { createZoomer } from "./time/zoomer.js";

/** @typedef {import("../select.js").State} State */

const WHILE_ARRIVING = 300; // ms

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, tools) {
  const plot = must(root, ".plot");
  const veil = must(root, ".veil");
  const gate = createGate(must(root, ".gate"));
  const flameRoot = must(root, ".flame");
  const transport = createTransport(root, tools);
  const menu = createMenu(must(root, "#run-to"), tools);
  const ruler = createAxis(must(root, "svg.axis"));
  const requests = createRequests(must(root, "svg.requests"));
  const flame = createFlame(flameRoot);
  const lanes = createLanes(must(root, "[data-testid=time-lanes]"));
  const minimap = createMinimap(must(root, ".minimap"), tools);
  const marks = createMarks(must(root, "ol.marks"), tools.dispatch);
  const ticks = createTicks(must(root, "ol.ticks"), tools.dispatch);
  const playhead = createPlayhead(must(root, ".playhead"), tools);
  /** @type {State | null} */
  let now = null;
  let drawn = "";
  let drawnAt = 0;
  let ran = /** @type {State["run"]} */ (null);
  let upto = 0;
  let timer = 0;
  // Asking the plot itself would make the browser lay out all that was drawn so far.
  let plotWidth = plot.clientWidth;
  const size = { width: plotWidth, height: flameRoot.clientHeight };

  const zoomer = createZoomer(root, plot, () => (now?.count ? { scale: scaleNow(now), cursor: now.cursor } : null), tools);

  /** @param {State} state */
  const scaleNow = (state) => createScale({ ...state, count: upto }, size.width);

  createScrub(
    plot,
    {
      busy: zoomer.busy,
      stage: (x) => (now ? scaleNow(now).stage(x) : 0),
      callAt(x, y) {
        const box = flameRoot.getBoundingClientRect();
        return y < box.top ? -1 : flame.callAt(x - box.left, y - box.top);
      },
    },
    tools,
  );

  flameRoot.addEventListener(
    "pointermove",
    (/** @type {PointerEvent} */ event) => {
      const box = flameRoot.getBoundingClientRect();
      flame.point(event.clientX - box.left, event.clientY - box.top);
    },
    { signal: tools.signal },
  );

  /**
   * While stages pour in, the scale stands still and moves on a few times a second, and once more at the end.
   * @param {State} state @returns {number} how many stages it covers
   */
  function covered({ run, count, cursor, done }) {
    if (run !== ran) [ran, upto] = [run, 0];
    const wait = drawnAt + WHILE_ARRIVING - performance.now();
    clearTimeout(timer);
    if (!done && count > upto && cursor < upto && wait > 0) timer = window.setTimeout(() => now && render(now), wait);
    else upto = count;
    return upto;
  }

  /** @param {State} state */
  function render(state) {
    now = state;
    transport(state);
    menu(state);
    size.width = plotWidth - gate(state, plotWidth);
    const count = covered(state);
    const shown = { ...state, count };
    const scale = createScale(shown, size.width);
    const x = playhead(shown, scale);
    veil.style.setProperty("left", `${x.toFixed(1)}px`);
    veil.style.setProperty("right", `${state.held ? plotWidth - size.width : -24}px`);
    marks(shown, scale);
    ticks(shown, scale);
    minimap(shown, scale);
    draw(shown, scale);
    ruler.clear(x);
  }

  /** What moves only with the scale. @param {State} state @param {import("./time/scale.js").Scale} scale */
  function draw(state, scale) {
    const { run, catalogue, ui, count } = state;
    const { from, to, width, axis } = scale;
    const key = [run?.run, count, from, to, width, axis, size.height, !!catalogue, ui.theme].join();
    if (key === drawn) return;
    drawn = key;
    drawnAt = performance.now();
    ruler.draw(scale, count === 0);
    requests(state, scale);
    lanes(state, flame.draw(state, scale, size.height));
  }

  const resized = new ResizeObserver(() => {
    plotWidth = plot.clientWidth;
    size.height = flameRoot.clientHeight;
    if (now) render(now);
  });
  resized.observe(plot);
  tools.signal.addEventListener("abort", () => {
    resized.disconnect();
    clearTimeout(timer);
  });
  return render;
}
