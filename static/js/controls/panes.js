// @ts-check
/** Going from pane to pane: `g` and a letter, or F6. */

/** The panes in focus order: letter, element, tab that shows it on a small screen. @type {[string, string, string | null][]} */
const PANES = [
  ["l", "[data-pane=lesson], [data-pane=programs]", "guide"],
  ["p", "#program", "program"],
  ["m", "#machine", "machine"],
  ["k", "#kernel", "kernel"],
  ["t", "#time", null],
];

/** The letter of the pane next to the one that holds this element. @param {Element | null} element @param {1 | -1} way */
export function paneOf(element, way) {
  const here = PANES.findIndex(([, selector]) => element?.closest(selector));
  const from = here < 0 && way < 0 ? 0 : here;
  return PANES[(from + way + PANES.length) % PANES.length][0];
}

/** Focus a pane by its letter. @param {string} letter @param {(action: any) => void} dispatch @returns {boolean} */
export function goTo(letter, dispatch) {
  const pane = PANES.find(([name]) => name === letter);
  if (!pane) return false;
  const [, selector, tab] = pane;
  if (tab) dispatch({ type: "ui", ui: { tab } });
  // On a small screen the pane appears only with the next frame.
  const focus = () => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus();
  requestAnimationFrame(() => requestAnimationFrame(focus));
  return true;
}
