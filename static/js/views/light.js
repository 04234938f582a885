// @ts-check
/**
 * One thing, lit everywhere: what the pointer or the focus is on, wherever the page draws it.
 *
 * Panes say what they draw by `data-ref`, `data-fn`, `data-pin` and `data-place`; nobody has to know of another pane.
 * The marks are laid on after all views have drawn, and only while something is pointed at.
 */

import { placeOf } from "./light/place.js";
import { related } from "./light/related.js";

const TELLING = "[data-place], [data-pin], [data-ref], [data-fn], mark[data-light]";

/** @typedef {import("../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  let pointed = /** @type {string | null} */ (null);
  let lit = /** @type {Element[]} */ ([]);
  /** @type {State | null} */
  let last = null;

  /** @param {EventTarget | null} target */
  function point(target) {
    const element = target instanceof Element ? target.closest(TELLING) : null;
    const place = element && last ? placeOf(element, last.rows) : null;
    if (place === pointed) return;
    pointed = place;
    dispatch({ type: "ui", ui: { hover: place } });
  }

  root.addEventListener("pointerover", (event) => point(event.target), { signal });
  root.addEventListener("pointerleave", () => point(null), { signal });
  root.addEventListener("focusin", (event) => point(event.target), { signal });
  root.addEventListener("focusout", () => point(null), { signal });

  return (/** @type {State} */ state) => {
    last = state;
    const { hover } = state.ui;
    if (!hover && lit.length === 0) return;
    const wanted = hover ? elements(root, related(hover, state)) : new Set();
    for (const element of lit) if (!wanted.has(element)) element.removeAttribute("data-lit");
    for (const element of wanted) element.setAttribute("data-lit", "");
    lit = [...wanted];
  };
}

/** @param {ParentNode} root @param {Set<string>} names @returns {Set<Element>} */
function elements(root, names) {
  /** @type {Set<Element>} */
  const found = new Set();
  for (const element of root.querySelectorAll(TELLING)) {
    const { place, pin, ref, fn, light, field } = /** @type {HTMLElement} */ (element).dataset;
    const said = [place, pin, ref, fn && `fn/${fn}`, light && `light/${light}`, ref && field && `${ref} ${field}`];
    if (said.some((name) => name && names.has(name))) found.add(element);
  }
  for (const name of names) {
    if (name.startsWith("mark/")) for (const mark of root.querySelectorAll(`[data-testid="time-mark-${name.slice(5)}"]`)) found.add(mark);
  }
  return found;
}
