// @ts-check
/** A listing: numbered, coloured lines in a <pre>, one of them current and in view. */

import { attr, h } from "./dom.js";
import { highlight } from "./highlight.js";

/** @param {HTMLElement} pre @param {"c" | "python"} language */
export function createListing(pre, language) {
  /** @type {HTMLElement[]} */
  let lines = [];
  let first = 1;
  let current = 0;

  /** @param {number} line */
  const at = (line) => lines[line - first] ?? null;

  return {
    at,
    /** Show another text; `from` is the number of its first line. @param {string[]} texts @param {number} [from] */
    show(texts, from = 1) {
      first = from;
      current = 0;
      lines = highlight(texts, language).map((tokens, i) =>
        h(
          "span",
          { class: "line", "data-line": from + i },
          h("span", { class: "num", "aria-hidden": "true" }, from + i),
          h("code", {}, ...tokens.map(([kind, text]) => (kind ? h("span", { class: `k-${kind}` }, text) : text)), "\n"),
        ),
      );
      pre.replaceChildren(...lines);
      queueMicrotask(() => (pre.scrollLeft = 0));
    },
    /** Make a line the current one; 0 for none. @param {number} line */
    point(line) {
      if (line === current) return;
      const before = at(current);
      if (before) attr(before, "aria-current", null);
      current = line;
      const node = at(line);
      if (!node) return;
      attr(node, "aria-current", "step");
      // Once all views have written: reading the layout between writes would compute it over and over.
      queueMicrotask(() => reveal(pre, node));
    },
  };
}

/** Scroll only the box, and only when the line is not well inside it. @param {HTMLElement} box @param {HTMLElement} node */
function reveal(box, node) {
  const top = node.offsetTop;
  const margin = Math.min(2 * node.offsetHeight, box.clientHeight / 4);
  if (top - margin >= box.scrollTop && top + node.offsetHeight + margin <= box.scrollTop + box.clientHeight) return;
  box.scrollTop = top - (box.clientHeight - node.offsetHeight) / 2;
}
