// @ts-check
/** Help: the keyboard table, and the switch that turns single letters off. */

import { must } from "../dom.js";
import { sheet } from "./sheet.js";

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const letters = must(root, "[data-testid=help-letters]");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  letters.addEventListener("change", () => dispatch({ type: "ui", ui: { letters: letters.checked } }), { signal });

  return (/** @type {import("../select.js").State} */ { ui }) => {
    letters.checked = ui.letters;
    show(ui.sheet === "help");
  };
}
