// @ts-check
/**
 * The machine pane: what the CPU, the page tables, the page cache and the disk hold at one stage.
 *
 * Everything drawn follows from the state; only which cell has the focus is remembered here. Animations are
 * laid over the finished picture and leave nothing behind.
 */

import { createBand } from "./machine/band.js";
import { h } from "./machine/draw.js";
import { build, show, size } from "./machine/frame.js";
import { emptyMachine } from "./machine/empty.js";
import { unfolded } from "./machine/folded.js";
import { geometry } from "./machine/geometry.js";
import { header } from "./machine/header.js";
import { keyboard } from "./machine/keyboard.js";
import { createMotion } from "./machine/motion.js";
import { drawCard, pinned } from "./machine/pincard.js";
import { placeCard } from "./machine/place.js";
import { pointer } from "./machine/pointer.js";
import { scene } from "./machine/scene.js";
import { memory, steady } from "./machine/memory.js";
import { hasMachine, select } from "./machine/select.js";
import { asText } from "./machine/text.js";
import { asking } from "./machine/who.js";
import { pointedWords } from "./machine/words.js";

const SHORT = "(max-height: 859.98px)";

/**
 * @param {HTMLElement} root the section of the pane
 * @param {{dispatch: (action: any) => void, signal: AbortSignal}} app
 * @returns {(state: any) => void}
 */
export function create(root, { dispatch, signal }) {
  const parts = build(root);
  const short = matchMedia(SHORT);
  const held = { remember: memory(), steadily: steady() };
  const motion = createMotion(parts.svg, parts.overlay);
  /** @type {import("./machine/grid.js").Stop | null} */
  let stop = null;
  /** @type {any} */
  let last = null;
  // Kept by the observer: asking for it while drawing would make the browser lay out twice.
  let pane = root.clientWidth;
  const pin = (/** @type {string | null} */ ref) => dispatch({ type: "ui", ui: { pin: ref } });
  const band = createBand(parts.overview, { hold: (held) => dispatch({ type: "ui", ui: { band: held } }), signal });

  /** @param {any} state */
  function render(state) {
    last = state;
    if (pane === 0) return;
    const shown = hasMachine(state);
    root.dataset.compiling = state.ui?.compiling ? "yes" : "no";
    root.dataset.empty = shown ? "no" : "yes";
    if (shown) draw(state);
    else drawEmpty();
  }

  /** @param {any} state */
  function draw(state) {
    const view = select(state);
    const { first, total } = view.focus;
    const cols = { first, count: 64, total };
    const geo = geometry({ pane, short: short.matches, cols, open: unfolded(view) });
    root.dataset.layout = geo.phone ? "phone" : geo.tight ? "tight" : "desk";
    const text = Boolean(state.ui?.machineText);
    size(parts.svg, geo);
    size(parts.overlay, geo);
    show(parts.head, header(view, text, geo));
    show(parts.svg, scene(view, geo, stop, held));
    band(view, geo);
    const words = pointedWords(view);
    parts.words.hidden = words === "";
    parts.words.textContent = words;
    parts.text.hidden = !text;
    show(parts.text, text ? asText(view) : []);
    const card = pinned(view);
    parts.card.hidden = !card;
    show(parts.card, card ? drawCard(card, state.stops ?? []) : []);
    placeCard(parts.card, geo, card);
    motion(state, view, geo);
  }

  function drawEmpty() {
    const geo = geometry({ pane, short: short.matches, cols: { first: 0, count: 64, total: 64 }, open: [0] });
    root.dataset.layout = geo.phone ? "phone" : geo.tight ? "tight" : "desk";
    size(parts.svg, geo);
    show(parts.head, [h("h2", { class: "m-title" }, "Machine")]);
    show(parts.svg, emptyMachine(geo));
    parts.text.hidden = parts.card.hidden = parts.overview.hidden = parts.words.hidden = true;
  }

  const again = () => last && render(last);
  const observer = new ResizeObserver(() => {
    pane = root.clientWidth;
    again();
  });
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());
  short.addEventListener("change", again, { signal });
  keyboard(parts.svg, {
    pin,
    focused: (at) => {
      stop = at;
      again();
    },
    signal,
  });
  asking(root, () => last, { dispatch, signal });
  pointer(parts, { pin, signal });
  parts.head.addEventListener(
    "click",
    (event) => {
      if (!(/** @type {Element} */ (event.target).closest(".m-text-toggle"))) return;
      dispatch({ type: "ui", ui: { machineText: !last?.ui?.machineText } });
    },
    { signal },
  );
  parts.run.addEventListener("click", () => dispatch({ type: "run" }), { signal });
  return render;
}
