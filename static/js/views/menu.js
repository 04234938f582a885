// @ts-check
/** A button that opens a menu below it: arrows move, Escape and a click elsewhere close it, the focus comes back. */

import { attr } from "../dom.js";

/** @param {HTMLElement} button @param {HTMLElement} list role=menu, with buttons of role=menuitem @param {AbortSignal} signal */
export function menu(button, list, signal) {
  /** @returns {HTMLElement[]} */
  const items = () => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=menuitem]:not(:disabled)"))];

  /** @param {boolean} open @param {boolean} [back] whether the focus returns to the button */
  function show(open, back = true) {
    list.hidden = !open;
    attr(button, "aria-expanded", String(open));
    if (open) items()[0]?.focus();
    else if (back) button.focus();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const all = items();
    const here = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowDown: here + 1, ArrowUp: here - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined) all[next % all.length].focus();
    else if (event.key === "Escape") show(false);
    else if (event.key === "Tab") return show(false, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  attr(button, "aria-expanded", "false");
  button.addEventListener("click", () => show(list.hidden !== false), { signal });
  list.addEventListener("keydown", key, { signal });
  list.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[role=menuitem]")) show(false);
  }, { signal, capture: true });
  document.addEventListener(
    "pointerdown",
    (event) => {
      const outside = event.target instanceof Node && !list.contains(event.target) && !button.contains(event.target);
      if (!list.hidden && outside) show(false, false);
    },
    { signal },
  );
}
