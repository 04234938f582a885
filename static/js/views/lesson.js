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
import { createClaims } from "./lesson/claims.js";
import { createFinish, drawLanguages } from "./lesson/finish.js";
import { createHints } from "./lesson/hints.js";
import { build, textNodes } from "./lesson/parts.js";
import { createPicks } from "./lesson/picks.js";
import { cardKey, createCard } from "./lesson/tasks.js";
import { isDone } from "../learn.js";

/** @typedef {import("./lesson/course.js").Place} Place */

const NOT_YET = "The run has not come here yet.";
const NEVER = "This run never comes here. Has the program changed?";
const FIELDS = "textarea, input, select, dialog, [contenteditable]";

/** @param {Element} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const parts = build(root);
  const lights = createLights(parts.lights, signal);
  const claims = createClaims(parts.text, parts.proof, signal);
  const hints = createHints(parts.hints, dispatch);
  const finish = createFinish(parts.finish);
  const picks = createPicks(signal, () => lit());
  /** @type {import("./lesson/tasks.js").Card | null} */
  let card = null;
  let cardOf = "";
  /** @type {any} */
  let state = null;
  /** @type {Place | null} */
  let place = null;
  /** The step that the reader turned to although the run is not there, and the cursor when they did. */
  let reading = { step: /** @type {number | null} */ (null), cursor: -1 };
  let written = -1;
  /** The step to come back to, and its stage, until the machine is there; `undefined` before the lesson is known. */
  /** @type {{step: string, stage: number} | null | undefined} */
  let back;
  /** The exercise under way: its step stays on show, since its runs are not the lesson's. @type {string | null} */
  let exercise = null;

  /** Turn to a step: the machine goes there too, if the run does. @param {number} index */
  function turnTo(index) {
    if (!place || index < 0 || index >= place.at.length) return;
    const n = exercise ? -1 : place.at[index];
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
    const { steps } = state.lesson;
    if (exercise && !state.learning.exercise) back = { step: exercise, stage: state.learning.from };
    exercise = state.learning.exercise;
    if (reading.cursor !== state.cursor) {
      const kept = steps.findIndex((/** @type {any} */ step) => step.id === exercise);
      reading = { step: kept < 0 ? null : kept, cursor: state.cursor };
    }
    const at = checkpoints(state);
    comeBack(steps, at);
    place = placeOf(at, state.cursor, reading.step);
    const step = steps[place.shown];
    text(parts.count, `Step ${place.shown + 1} of ${steps.length}`);
    drawPills(parts.pills, state.lesson, place, turnTo);
    drawStep(step);
    drawTask(step);
    hints(state, step);
    finish(state.lesson, place.shown);
    drawLanguages(parts.languages, state.lesson);
    dispatchStand(step);
    drawCheckpoint(steps, place);
    parts.prev.disabled = place.shown === 0;
    parts.next.disabled = place.shown === steps.length - 1 || !!steps[place.shown + 1].held;
    lit();
  }

  /** A step without a place in the run is only read: turn to it once the machine stands where it was left. */
  /** @param {any[]} steps @param {number[]} at */
  function comeBack(steps, at) {
    if (back === undefined) back = state.lesson.place ? { step: state.lesson.place, stage: state.lesson.stage ?? 0 } : null;
    if (!back || state.cursor < 0 || state.cursor < back.stage) return;
    const { step } = back;
    const index = steps.findIndex(({ id }) => id === step);
    if (index >= 0 && at[index] < 0 && !steps[index].at) reading = { step: index, cursor: state.cursor };
    back = null;
  }

  /** What the step lights up where it happens, and the pages that are picked. */
  function lit() {
    if (!place) return;
    const step = state.lesson.steps[place.shown];
    const named = place.at[place.shown] === state.cursor ? step.light ?? [] : [];
    lights.step([...named, ...picks.lights()]);
  }

  let stood = "";
  /** @param {any} step */
  function dispatchStand(step) {
    if (!state.lesson.answers || step.id === stood || state.cursor < 0) return;
    stood = step.id;
    // After this frame: a view does not dispatch while the state is being drawn.
    setTimeout(() => dispatch({ type: "stand", step: step.id }));
  }

  /** The step's task. @param {any} step */
  function drawTask(step) {
    const key = step.task ? cardKey(state.lesson, step) : "";
    if (key !== cardOf) {
      const focused = parts.task.contains(document.activeElement);
      const answered = cardOf.startsWith(`${step.id}/`);
      cardOf = key;
      card = key ? createCard(state.lesson, step, dispatch) : null;
      parts.task.replaceChildren(...(card?.nodes ?? []));
      picks.watch(card?.pages ?? null, card?.file ?? "");
      if (answered) reveal(focused);
    }
    card?.say(state);
    document.documentElement.toggleAttribute("data-question", !!step.task && step.kind !== "do");
  }

  /** An answer came back: say so, and keep the focus where the student is. @param {boolean} focused */
  function reveal(focused) {
    const result = parts.task.querySelector(".question-result");
    text(parts.news, result?.textContent ?? "");
    const next = /** @type {HTMLElement | null} */ (parts.task.querySelector("input:not(:disabled), textarea"));
    if (focused) (next ?? parts.scroller).focus({ preventScroll: true });
    result?.scrollIntoView({ block: "nearest" });
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
    claims(state.lesson, step);
    parts.scroller.scrollTop = 0;
    lights.mark(null);
  }

  /** @param {any[]} steps @param {Place} where */
  function drawCheckpoint(steps, where) {
    const shown = steps[where.shown];
    const coming = shown.task && !isDone(state.lesson, shown) && shown.kind !== "do" ? null : steps[where.coming];
    parts.card.hidden = !coming?.at;
    if (!coming?.at) return;
    text(parts.name, `Checkpoint: ${coming.checkpoint}`);
    parts.run.disabled = where.next < 0;
    const { watch } = steps[where.shown];
    text(parts.watch, where.next < 0 ? (state.done ? NEVER : NOT_YET) : where.coming === where.shown ? "" : watch);
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
    if (/^[1-9]$|^Enter$/.test(key)) return answerKey(event);
    if (key !== "k" || event.defaultPrevented || ctrlKey || metaKey || altKey || state?.ui?.letters === false) return;
    if (!state?.lesson || (target instanceof Element && target.closest(FIELDS))) return;
    event.preventDefault();
    runToCheckpoint();
  }, { signal });

  /** A digit chooses, Enter commits. @param {KeyboardEvent} event */
  function answerKey(event) {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || !card || state.ui.letters === false) return;
    const inCard = target instanceof Element && parts.task.contains(target);
    const typing = target instanceof Element && target.closest("textarea, input:not([type=radio], [type=checkbox]), select, dialog, [contenteditable=true]");
    if (typing) return;
    if (key === "Enter") {
      const elsewhere = target instanceof Element && target.closest("button, a, summary, [role=gridcell], [role=slider], [role=option]");
      if (elsewhere || !card.submit || !(inCard || target === document.body)) return;
      event.preventDefault();
      card.submit();
    } else if (card.choose?.(Number(key))) event.preventDefault();
  }

  return render;
}

/** @type {Record<string, string>} */
const KINDS = { predict: "prediction", play: "you are the kernel", do: "exercise", quiz: "quiz", reflect: "looking back" };

/** Bars for text, rings for questions. */
/** @param {HTMLElement} pills @param {any} lesson @param {Place} place @param {(index: number) => void} turnTo */
function drawPills(pills, lesson, place, turnTo) {
  join(pills, lesson.steps, (step) => step.id,
    (step, index) => h("li", {}, h("button", {
      type: "button", class: "lesson-pill", "data-testid": `lesson-pill-${step.id}`,
      "data-kind": step.kind === "explain" ? null : "task", onClick: () => turnTo(index),
    })),
    (item, step, index) => {
      const pill = item.firstElementChild;
      const given = lesson.answers?.[step.id];
      const look = pillState(place, index);
      const words = step.held ? `${KINDS[step.kind] ?? "text"}, behind an open question` : step.title;
      attr(pill, "title", words);
      attr(pill, "aria-label", `Step ${index + 1}: ${words}`);
      pill.disabled = !!step.held;
      attr(pill, "data-answer", isDone(lesson, step) ? (given.right || given.credit === 1 ? "right" : "wrong") : null);
      attr(pill, "data-state", look);
      attr(pill, "aria-current", look === "current" ? "step" : null);
    });
}
