// @ts-check
/** The list of example programs, where a lesson would stand: one stop of Tab, walked with the arrows. */

import { attr, h, join, must, text } from "../dom.js";

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch }) {
  const list = must(root, "[data-programs]");
  let shown = "";
  const note = must(root, "[data-programs-note]");

  /** @param {{name: string, title: string, text: string}} program */
  const item = (program) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          "data-testid": `program-choose-${program.name}`,
          onClick: () => dispatch({ type: "run", name: program.name, text: program.text }),
        },
        h("b", { class: "mono" }, program.name),
        h("span", {}, program.title),
      ),
    );

  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const there = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (there === undefined || here < 0) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[there]?.focus();
  });
  list.addEventListener("focusin", ({ target }) => {
    for (const button of list.querySelectorAll("button")) button.tabIndex = button === target ? 0 : -1;
  });

  return (/** @type {import("../select.js").State} */ { programs, program }) => {
    text(note, programs.length === 1 ? "1 to run" : `${programs.length} to run and change`);
    const named = programs.filter((/** @type {any} */ one) => one.name === program?.name);
    const chosen = named.find((/** @type {any} */ one) => one.text === program?.text) ?? named[0];
    join(
      list,
      programs,
      (/** @type {any} */ one) => one.id,
      item,
      (node, one) => attr(node.firstElementChild, "aria-current", one === chosen ? "true" : null),
    );
    if (!list.contains(document.activeElement)) {
      const stop = Math.max(0, programs.indexOf(chosen));
      list.querySelectorAll("button").forEach((button, i) => (button.tabIndex = i === stop ? 0 : -1));
    }
    if (program && program.name !== shown) {
      shown = program.name;
      queueMicrotask(() => list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }));
    }
  };
}
