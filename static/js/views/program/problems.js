// @ts-check
/** What does not compile, as a list: each leads to its place, where the editor says the same. */

import { h } from "../../dom.js";

/** @typedef {{line: number, column: number, message: string}} Problem */

/** @param {HTMLElement} root @param {(line: number, column: number) => void} go @param {AbortSignal} signal */
export function createProblems(root, go, signal) {
  let shown = /** @type {unknown} */ (null);

  /** @param {Problem} problem */
  const item = (problem) =>
    h(
      "li",
      { "data-testid": `program-problem-${problem.line}` },
      h(
        "button",
        { type: "button", class: "link mono", onClick: () => go(problem.line, problem.column) },
        `${problem.line}:${problem.column}`,
      ),
      " ",
      problem.message,
    );

  signal.addEventListener("abort", () => root.replaceChildren());
  return {
    /** @param {{what: string, errors?: Problem[]} | null} trouble */
    render(trouble) {
      if (trouble === shown) return;
      shown = trouble;
      root.hidden = !trouble;
      const errors = trouble?.errors ?? [];
      root.replaceChildren(...(errors.length ? errors.map(item) : trouble ? [h("li", {}, trouble.what)] : []));
    },
  };
}
