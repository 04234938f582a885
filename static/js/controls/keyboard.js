// @ts-check
/** The keyboard table: single letters outside the editor and inputs, function keys everywhere. */

import { paneOf, goTo } from "./panes.js";
import { faster, slower, toggleInstant } from "./speed.js";

/** @typedef {import("../select.js").State} State */

/** @type {Record<string, string>} */
const STEPS = { s: "into", n: "over", N: "backOver", o: "out", b: "back", f: "nextFault", F: "prevFault" };
/** @type {Record<string, (ui: any) => Record<string, any>>} */
const CHOICES = {
  "[": slower,
  "]": faster,
  i: toggleInstant,
  L: (ui) => ({ tall: !ui.tall }),
  "?": () => ({ sheet: "help" }),
  ",": () => ({ sheet: "settings" }),
  e: () => ({ sheet: "share" }),
};
const GO_WAITS = 1500;

const FIELDS = "textarea, input:not([type=checkbox], [type=radio]), select, dialog, [contenteditable=true], [role=menu]";
/** Where Space means play and not "press this". */
const QUIET = "body, section, pre, .scroll, .playhead, [role=gridcell]";

const SCROLLS = "pre, .scroll";

/** @param {EventTarget | null} target @param {string} selector */
const within = (target, selector) => target instanceof HTMLElement && !!target.closest(selector);
/** @param {EventTarget | null} target @param {string} selector */
const is = (target, selector) => target instanceof Element && target.matches(selector);

/** @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function keyboard({ dispatch, signal }) {
  /** @type {State | null} */
  let state = null;
  let going = -Infinity;

  /** Keys that work everywhere. @param {KeyboardEvent} event @returns {any} an action, true when done, or null */
  function anywhere({ key, ctrlKey, metaKey, shiftKey, target }) {
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
    if (STEPS[key]) return { type: "step", how: STEPS[key] };
    return CHOICES[key] ? { type: "ui", ui: CHOICES[key](state.ui) } : null;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented) return;
      const action = anywhere(event) ?? letter(event);
      if (!action) return;
      event.preventDefault();
      if (action !== true) dispatch(action);
    },
    { signal },
  );

  return (/** @type {State} */ next) => {
    state = next;
  };
}
