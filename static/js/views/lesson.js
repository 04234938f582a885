// @ts-check
/**
 * The lesson pane: the step that the machine has reached, in words, and the way to the next one.
 *
 * The step follows the cursor, forwards and backwards.  A step that this run never reaches can still be read.
 */

import { attr, h, join, text } from "../dom.js";
import { checkpoints } from "../selector.js";
import { pillState, placeOf } from "./lesson/course.js";
import { createLights } from "./lesson/lights.js";
import { build, textNodes } from "./lesson/parts.js";

/** @typedef {import("./lesson/course.js").Place} Place */

const NOT_YET = "The run has not come here yet.";
const NEVER = "This run never comes here. Has the program changed?";
const FIELDS = "textarea, input, select, dialog, [contenteditable]";

/** @param {Element} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const parts = build(root);
  const lights = createLights(parts.lights, signal);
  /** @type {any} */
  let state = null;
  /** @type {Place | null} */
  let place = null;
  /** The step that the reader turned to although the run is not there, and the cursor when they did. */
  let reading = { step: /** @type {number | null} */ (null), cursor: -1 };
  let written = -1;

  /** Turn to a step: the machine goes there too, if the run does. @param {number} index */
  function turnTo(index) {
    if (!place || index < 0 || index >= place.at.length) return;
    const n = place.at[index];
    reading = { step: n < 0 ? index : null, cursor: state.cursor };
    if (n < 0) render(state);
    else dispatch({ type: "seek", n });
  }

  function runToCheckpoint() {
    if (place && place.next >= 0) dispatch({ type: "seek", n: place.next });
  }

  /** @param {any} next */
  function render(next) {
    state = next;
    if (!state.lesson) return;
    if (reading.cursor !== state.cursor) reading.step = null;
    place = placeOf(checkpoints(state), state.cursor, reading.step);
    const { steps } = state.lesson;
    const step = steps[place.shown];
    text(parts.count, `Step ${place.shown + 1} of ${steps.length}`);
    drawPills(parts.pills, steps, place, turnTo);
    drawStep(step);
    drawCheckpoint(steps, place);
    parts.prev.disabled = place.shown === 0;
    parts.next.disabled = place.shown === steps.length - 1;
    lights.step(place.at[place.shown] === state.cursor ? step.light : []);
  }

  /** @param {any} step */
  function drawStep(step) {
    const index = place?.shown ?? 0;
    attr(parts.step, "data-step", step.id);
    attr(parts.step, "data-index", index);
    if (index === written) return;
    written = index;
    text(parts.title, step.title);
    parts.text.replaceChildren(...textNodes(step.html));
    parts.scroller.scrollTop = 0;
    lights.mark(null);
  }

  /** @param {any[]} steps @param {Place} where */
  function drawCheckpoint(steps, where) {
    const coming = steps[where.coming];
    parts.card.hidden = !coming?.at;
    if (!coming?.at) return;
    text(parts.name, `Checkpoint: ${coming.checkpoint}`);
    parts.run.disabled = where.next < 0;
    const { watch } = steps[where.shown];
    text(parts.watch, where.next >= 0 ? watch : state.done ? NEVER : NOT_YET);
    parts.watch.hidden = parts.watch.textContent === "";
  }

  parts.run.addEventListener("click", runToCheckpoint, { signal });
  parts.prev.addEventListener("click", () => turnTo((place?.shown ?? 0) - 1), { signal });
  parts.next.addEventListener("click", () => turnTo((place?.shown ?? 0) + 1), { signal });
  for (const [begin, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    parts.text.addEventListener(begin, (event) => {
      const mark = event.target instanceof Element ? event.target.closest("mark") : null;
      if (mark) lights.mark(mark.dataset.light ?? null, mark.dataset.hue);
    }, { signal });
    parts.text.addEventListener(end, () => lights.mark(null), { signal });
  }
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (key !== "k" || event.defaultPrevented || ctrlKey || metaKey || altKey || state?.ui?.letters === false) return;
    if (!state?.lesson || (target instanceof Element && target.closest(FIELDS))) return;
    event.preventDefault();
    runToCheckpoint();
  }, { signal });

  return render;
}

/** @param {HTMLElement} pills @param {any[]} steps @param {Place} place @param {(index: number) => void} turnTo */
function drawPills(pills, steps, place, turnTo) {
  join(pills, steps, (step) => step.id,
    (step, index) => h("li", {}, h("button", {
      type: "button", class: "lesson-pill", title: step.title, "data-testid": `lesson-pill-${step.id}`,
      "aria-label": `Step ${index + 1}: ${step.title}`, onClick: () => turnTo(index),
    })),
    (item, _, index) => {
      const pill = item.firstElementChild;
      const look = pillState(place, index);
      attr(pill, "data-state", look);
      attr(pill, "aria-current", look === "current" ? "step" : null);
    });
}
