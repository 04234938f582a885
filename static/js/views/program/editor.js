// @ts-check
/** The editor: a text area beside its line numbers, with the lines that did not compile marked. */

import { h, join, must } from "../../dom.js";

/** @param {HTMLElement} root @param {(text: string) => void} changed @param {AbortSignal} signal */
export function createEditor(root, changed, signal) {
  /** @type {HTMLTextAreaElement} */
  const area = must(root, "textarea");
  const gutter = must(root, ".editor-gutter");

  area.addEventListener("input", () => changed(area.value), { signal });
  area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop), { signal, passive: true });

  return {
    focus: () => area.focus(),
    /** Put the caret at a place. @param {number} line @param {number} column both from 1 */
    select(line, column) {
      const lines = area.value.split("\n");
      const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, column - 1);
      area.focus();
      area.setSelectionRange(start, start);
    },
    /** @param {boolean} editing @param {string} text @param {{line: number}[]} errors */
    render(editing, text, errors) {
      root.hidden = !editing;
      if (!editing) return;
      if (area.value !== text) area.value = text;
      const wrong = new Set(errors.map((error) => error.line));
      const numbers = text.split("\n").map((_, i) => i + 1);
      join(
        gutter,
        numbers,
        (n) => n,
        (n) => h("span", { class: "num" }, n),
        (node, n) => node.classList.toggle("wrong", wrong.has(n)),
      );
    },
  };
}
