// @ts-check
/** The tabs that choose a pane where the window does not hold them all. */

import { attr } from "../dom.js";

/** Whether the console stands where the panes of the tabs do. */
const covered = () => matchMedia("(max-width: 1023.98px)").matches;

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const buttons = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-tab]")]);
  for (const button of buttons)
    button.addEventListener("click", () => dispatch({ type: "ui", ui: covered() ? { tab: button.dataset.tab, console: false } : { tab: button.dataset.tab } }), { signal });

  let shown = "";
  addEventListener("resize", () => mark(shown), { signal });

  /** @param {string} tab */
  function mark(tab) {
    shown = tab;
    // Where the pane asked for is always in view, its tab is not there and the program has the room.
    const chosen = buttons.find((button) => button.dataset.tab === tab && button.offsetParent);
    const current = chosen?.dataset.tab ?? "program";
    for (const button of buttons) attr(button, "aria-current", button.dataset.tab === current ? "true" : null);
  }

  return (/** @type {import("../select.js").State} */ { ui }) => {
    if (ui.tab !== shown) mark(ui.tab);
  };
}
