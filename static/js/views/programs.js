// @ts-check
/** The list of example programs, where a lesson would stand. */

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

  return (/** @type {import("../select.js").State} */ { programs, program }) => {
    text(note, programs.length === 1 ? "1 to run" : `${programs.length} to run and change`);
    join(
      list,
      programs,
      (/** @type {any} */ one) => one.name,
      item,
      (node, one) => attr(node.firstElementChild, "aria-current", one.name === program?.name ? "true" : null),
    );
    if (program && program.name !== shown) {
      shown = program.name;
      queueMicrotask(() => list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }));
    }
  };
}
