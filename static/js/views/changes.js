// @ts-check
/** What changed in this stage, before and after; then the function's own docstring. */

import { describe } from "../changes.js";
import { attrs, h, join, must, text } from "../dom.js";
import { argsText, sentence } from "../format.js";
import { prose } from "../prose.js";

/** @typedef {import("../select.js").State} State */
/** @typedef {import("../changes.js").Line} Line */

const SHOWN = 4;

/** @param {HTMLElement} node @param {Line} line */
function update(node, line) {
  const who = must(node, "dt button");
  text(who, line.label);
  who.disabled = line.field === "";
  attrs(who, { "data-ref": line.ref, "data-field": line.field, title: line.field ? `Who changed ${line.label} before?` : null });
  text(must(node, "s"), line.before);
  text(must(node, "b"), line.after);
}

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const note = must(root, "[data-testid=kernel-stage]");
  const said = must(root, "[data-testid=kernel-sentence]");
  const args = must(root, "[data-testid=kernel-args]");
  const list = must(root, "[data-testid=kernel-changes]");
  const more = must(root, "[data-testid=kernel-more]");
  const doc = must(root, "[data-testid=kernel-doc]");
  const box = must(root, ".scroll");
  let shown = /** @type {State | null} */ (null);
  let wide = false;
  let drawnWide = false;
  let explained = /** @type {unknown} */ (null);
  let scrolled = false;

  /** @param {Line} line @param {number} i */
  const item = (line, i) =>
    h(
      "div",
      { class: "change", "data-testid": `kernel-change-${i}`, "data-ref": line.ref },
      h("dt", {}, h("button", { type: "button", class: "who", onClick: ask })),
      h(
        "dd",
        {},
        h("s", { class: "mono" }),
        h("span", { class: "arrow", role: "img", "aria-label": "becomes" }, "→"),
        h("b", { class: "mono" }),
      ),
    );

  /** Who wrote the value that this stage replaced? @param {Event} event */
  function ask(event) {
    const { dataset, textContent } = /** @type {HTMLElement} */ (event.currentTarget);
    dispatch({ type: "writer", ref: dataset.ref, field: dataset.field, label: textContent, way: -1 });
  }

  /** Setting the position makes the browser lay the page out at once, so only where it is not at the top. */
  function toTop() {
    if (scrolled) box.scrollTop = 0;
    scrolled = false;
  }

  box.addEventListener("scroll", () => (scrolled = true), { signal, passive: true });
  more.addEventListener(
    "click",
    () => {
      wide = true;
      if (shown) render(shown);
    },
    { signal },
  );

  /** @param {State} state */
  function render(state) {
    const moved = state.stage !== shown?.stage;
    // Stages that arrive further on change nothing here.
    if (!moved && state.functions === shown?.functions && state.ui.frame === shown.ui.frame && wide === drawnWide)
      return;
    if (moved) {
      wide = false;
      queueMicrotask(toTop);
    }
    drawnWide = wide;
    shown = state;
    const { stage, rows, changes, functions, frames, ui } = state;
    const lines = describe(changes, rows);
    text(note, stage ? `stage ${state.cursor}` : "");
    text(said, sentence(stage, functions));
    text(args, argsText(stage));
    join(list, wide ? lines.slice(0, 200) : lines.slice(0, SHOWN), (line, i) => `${i} ${line.ref}`, item, update);
    more.hidden = wide || lines.length <= SHOWN;
    text(more, `and ${lines.length - SHOWN} more`);
    const entry = functions[frames[ui.frame ?? frames.length - 1]?.fn ?? ""];
    if (entry !== explained) doc.replaceChildren(...prose(entry?.doc ?? ""));
    explained = entry;
  }
  return render;
}
