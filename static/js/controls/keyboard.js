// @ts-check
/** The keyboard: single letters outside the editor and inputs, function keys everywhere. keys.js has the table. */

import { LETTERS } from "../keys.js";
import { paneOf, goTo } from "./panes.js";

/** @typedef {import("../select.js").State} State */

const GO_WAITS = 1500;

const FIELDS = "textarea, input:not([type=checkbox], [type=radio]), select, dialog, [contenteditable=true], [role=menu]";
/** Where Space means play and not "press this". */
const QUIET = "body, section, pre, .scroll, .playhead, [role=gridcell]";

const SCROLLS = "pre, .scroll";

/** @param {EventTarget | null} target @param {string} selector */
const within = (target, selector) => target instanceof HTMLElement && !!target.closest(selector);
/** @param {EventTarget | null} target @param {string} selector */
const is = (target, selector) => target instanceof Element && target.matches(selector);

/** @param {{dispatch: (action: any) => void, flush: () => void, signal: AbortSignal}} tools */
export function keyboard({ dispatch, flush, signal }) {
  /** @type {State | null} */
  let state = null;
  let going = -Infinity;

  /** Keys that work everywhere. @param {KeyboardEvent} event @returns {any} an action, true when done, or null */
  function anywhere({ key, ctrlKey, metaKey, altKey, shiftKey, target }) {
    if (within(target, "dialog")) return null;
    if (altKey && !within(target, FIELDS) && (key === "ArrowLeft" || key === "ArrowRight"))
      return { type: "history", way: key === "ArrowLeft" ? -1 : 1 };
    if (key === "F9") return breakpointHere(target);
    if (key === "F6") return goTo(paneOf(document.activeElement, shiftKey ? -1 : 1), dispatch);
    if (key === "Enter" && (ctrlKey || metaKey)) return { type: "run" };
    if (key === " " && is(target, QUIET)) return { type: "ui", ui: { playing: !state?.ui.playing } };
    if (key === "Home" && !within(target, FIELDS) && !is(target, SCROLLS)) return { type: "step", how: "start" };
    return null;
  }

  /** Keys that are letters. @param {KeyboardEvent} event @returns {any} */
  function letter({ key, ctrlKey, metaKey, altKey, target, timeStamp }) {
    if (!state || !state.ui.letters || ctrlKey || metaKey || altKey || within(target, FIELDS)) return null;
    if (timeStamp - going < GO_WAITS) {
      going = -Infinity;
      const gone = goTo(key, dispatch);
      if (gone) return gone;
    }
    if (key === "g") {
      going = timeStamp;
      return true;
    }
    return LETTERS.get(key)?.(state) ?? null;
  }

  /** On the line of the model where the focus is there, else on the program's. @param {EventTarget | null} target */
  function breakpointHere(target) {
    const frame = state?.frames[state.ui.frame ?? state.frames.length - 1];
    if (frame?.line && within(target, "#kernel"))
      return { type: "stop", how: "toggle", text: `${frame.model}:${frame.line}` };
    return state?.user.line ? { type: "stop", how: "toggle", text: `line ${state.user.line}` } : null;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented) return;
      const action = anywhere(event) ?? letter(event);
      if (!action) return;
      event.preventDefault();
      if (action === true) return;
      dispatch(action);
      if (action.ui?.sheet) flush(); // the next key belongs to the sheet
    },
    { signal },
  );

  return (/** @type {State} */ next) => {
    state = next;
  };
}
