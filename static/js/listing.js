// @ts-check
/** A listing: numbered, coloured lines in a <pre>, one of them current and in view; with breakpoints and notes beside. */

import { attr, h } from "./dom.js";
import { highlight } from "./highlight.js";

/**
 * @param {HTMLElement} pre @param {"c" | "python"} language
 * @param {(line: number) => void} [toggle] makes the numbers buttons that set and clear breakpoints
 */
export function createListing(pre, language, toggle) {
  /** @type {HTMLElement[]} */
  let lines = [];
  /** Lines that were made before, by their text: whoever goes through time sees the same functions again and again.
   *  @type {WeakMap<string[], HTMLElement[]>} */
  const made = new WeakMap();
  let first = 1;
  let current = 0;
  let noted = "";

  /** @param {number} line */
  const at = (line) => lines[line - first] ?? null;

  /** @param {number} line @param {boolean} stops whether something is recorded there to stop at */
  const number = (line, stops) =>
    toggle && stops
      ? h(
          "button",
          {
            type: "button",
            class: "num",
            tabindex: "-1",
            "aria-pressed": "false",
            "aria-label": `Breakpoint on line ${line}`,
            "data-stop": line,
            onClick: () => toggle(line),
          },
          line,
        )
      : h("span", { class: "num", "aria-hidden": "true" }, line);

  /** @param {string[]} texts @param {number} from @param {(text: string) => boolean} stops */
  const make = (texts, from, stops) =>
    highlight(texts, language).map((tokens, i) =>
      h(
        "span",
        { class: "line", "data-line": from + i },
        number(from + i, stops(texts[i])),
        h("span", { class: "body" }, h("code", {}, ...tokens.map(([kind, text]) => (kind ? h("span", { class: `k-${kind}` }, text) : text)), "\n")),
      ),
    );

  return {
    at,
    /** Show another text; `from` is the number of its first line; one may stop on lines that `stops` allows. */
    /** @param {string[]} texts @param {number} [from] @param {(text: string) => boolean} [stops] */
    show(texts, from = 1, stops = () => true) {
      this.point(0);
      this.note([]);
      first = from;
      lines = made.get(texts) ?? make(texts, from, stops);
      made.set(texts, lines);
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
    /** Which lines have a breakpoint, and whether it is on. @param {Map<number, boolean>} marks */
    mark(marks) {
      for (const button of pre.querySelectorAll("[data-stop]")) {
        const on = marks.get(Number(/** @type {HTMLElement} */ (button).dataset.stop));
        attr(button, "aria-pressed", String(on !== undefined));
        attr(button, "data-on", on === undefined ? null : on ? "yes" : "no");
      }
    },
    /** Leave lines out, by their place in the text. @param {Set<number>} out */
    hide(out) {
      lines.forEach((node, i) => (node.hidden = out.has(i)));
    },
    /** Words at the end of lines. @param {{line: number, text: string}[]} notes */
    note(notes) {
      const key = JSON.stringify(notes);
      if (key === noted) return;
      noted = key;
      for (const old of pre.querySelectorAll(".value")) old.remove();
      for (const { line, text } of notes) at(line)?.lastChild?.appendChild(h("span", { class: "value", "data-testid": `kernel-value-${line}` }, text));
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
