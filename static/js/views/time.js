// @ts-check
/** The time dock: stepping, the ruler with its marks, the flame graph, and the playhead through all of it. */

import { must } from "../dom.js";
import { createAxis } from "./time/axis.js";
import { createFlame } from "./time/flame.js";
import { createMarks } from "./time/marks.js";
import { createPlayhead } from "./time/playhead.js";
import { createScale } from "./time/scale.js";
import { createScrub } from "./time/scrub.js";
import { createTransport } from "./time/transport.js";

/** @typedef {import("../select.js").State} State */

const WHILE_ARRIVING = 200;

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, tools) {
  const plot = must(root, ".plot");
  const veil = must(root, ".veil");
  const flameRoot = must(root, ".flame");
  const transport = createTransport(root, tools);
  const axis = createAxis(must(root, "svg.axis"));
  const flame = createFlame(flameRoot);
  const marks = createMarks(must(root, "ol.marks"), tools.dispatch);
  const playhead = createPlayhead(must(root, ".playhead"), tools);
  /** @type {State | null} */
  let now = null;
  let drawn = "";
  let drawnAt = 0;
  let timer = 0;
  const size = { width: plot.clientWidth, height: flameRoot.clientHeight };

  createScrub(
    plot,
    {
      stage: (x) => (now ? createScale(now, size.width).stage(x) : 0),
      callAt(x, y) {
        const box = flameRoot.getBoundingClientRect();
        return y < box.top ? -1 : flame.callAt(x - box.left, y - box.top);
      },
    },
    tools,
  );

  /** @param {State} state */
  function render(state) {
    now = state;
    const scale = createScale(state, size.width);
    transport(state);
    const x = playhead(state, scale);
    veil.style.setProperty("left", `${x.toFixed(1)}px`);
    marks(state, scale);
    const key = [
      state.run?.run,
      state.count,
      scale.from,
      scale.to,
      scale.width,
      scale.axis,
      size.height,
      !!state.catalogue,
      state.ui.theme,
    ].join();
    if (key === drawn) return;
    clearTimeout(timer);
    // While stages pour in, the graph is drawn a few times a second and once more at the end.
    const wait = state.done ? 0 : drawnAt + WHILE_ARRIVING - performance.now();
    if (wait > 0) {
      timer = window.setTimeout(() => now && render(now), wait);
      return;
    }
    drawn = key;
    drawnAt = performance.now();
    axis(scale, state.count === 0);
    flame.draw(state, scale, size.height);
  }

  const resized = new ResizeObserver(() => {
    size.width = plot.clientWidth;
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
