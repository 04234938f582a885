// @ts-check
/** Help: the keyboard table, and the switch that turns single letters off. */

import { h, must } from "../dom.js";
import { KEYS } from "../keys.js";
import { sheet } from "./sheet.js";

/** "Shift+f" as two caps. @param {string} key */
const caps = (key) =>
  key.split(/([+ ])/).map((part) => (part === "+" || part === " " || part === "then" ? part : h("kbd", {}, part)));

/** @param {boolean} lesson */
const table = (lesson) =>
  KEYS.flatMap(([title, rows]) => [
    h("tr", {}, h("th", { scope: "rowgroup", colspan: 2 }, title)),
    ...rows
      .filter((row) => lesson || !row.lesson)
      .map(({ keys, does }) =>
        h("tr", {}, h("td", {}, ...keys.flatMap((key, i) => [i ? " " : "", ...(key.length > 1 ? caps(key) : [h("kbd", {}, key)])])), h("td", {}, does)),
      ),
  ]);

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const letters = must(root, "[data-testid=help-letters]");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  letters.addEventListener("change", () => dispatch({ type: "ui", ui: { letters: letters.checked } }), { signal });

  let filled = false;
  return (/** @type {import("../select.js").State} */ { ui, lesson }) => {
    if (!filled) must(root, "tbody").replaceChildren(...table(!!lesson));
    filled = true;
    letters.checked = ui.letters;
    show(ui.sheet === "help");
  };
}
