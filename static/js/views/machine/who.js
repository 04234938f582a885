// @ts-check
/** Values that lead to who wrote them: whatever carries `data-who="ref field"`; and page cards that set breakpoints. */

import { valueName } from "../../changes.js";

/** The attribute of a value; null for one that is not there. @param {string | null | undefined} ref @param {string | number} field */
export const who = (ref, field) => (ref ? `${ref} ${field}` : null);

/** For a value that is drawn: what makes it a button. */
/** @param {string} ref @param {string | number} field @param {string} name @param {string} value */
export const drawnButton = (ref, field, name, value) => ({
  "data-who": who(ref, field),
  role: "button",
  tabindex: 0,
  "aria-label": `${name} ${value}: who changed it?`,
});

/**
 * @param {HTMLElement} root @param {() => any} state
 * @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools
 */
export function asking(root, state, { dispatch, signal }) {
  /** @param {Event} event */
  function act(event) {
    const target = /** @type {Element} */ (event.target);
    const value = /** @type {HTMLElement | null} */ (target.closest("[data-who]"));
    const stop = /** @type {HTMLElement | null} */ (target.closest("button[data-stop]"));
    const leap = /** @type {HTMLElement | null} */ (target.closest("button[data-goto]"));
    if (leap) dispatch({ type: "goto", n: Number(leap.dataset.goto) });
    if (stop) dispatch({ type: "stop", how: "toggle", text: stop.dataset.stop });
    if (!value) return !!stop;
    const [ref, field] = (value.dataset.who ?? "").split(" ");
    dispatch({ type: "writer", ref, field, label: valueName(ref, field, state()?.rows ?? {}), way: 0 });
    return true;
  }

  root.addEventListener("click", act, { signal });
  root.addEventListener(
    "keydown",
    (event) => {
      const target = /** @type {Element} */ (event.target);
      // Real buttons click by themselves; what is drawn does not.
      if ((event.key !== "Enter" && event.key !== " ") || !(target instanceof SVGElement) || !target.closest("[data-who]")) return;
      event.preventDefault();
      event.stopPropagation();
      act(event);
    },
    { signal },
  );
}
