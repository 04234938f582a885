// @ts-check
/**
 * The list of example programs, where a lesson would stand: by topic, one stop of Tab, walked with the arrows; and a
 * box for a few words that a program must have.
 */

import { attr, h, join, must, text } from "../dom.js";
import { matching, topics } from "../programs.js";

/** @typedef {import("../programs.js").Program} Program */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch }) {
  const list = must(root, "[data-programs]");
  const note = must(root, "[data-programs-note]");
  const filter = must(root, "[data-testid=programs-filter]");
  const none = must(root, "[data-testid=programs-none]");
  let shown = "";
  /** @type {import("../select.js").State | null} */
  let latest = null;

  /** @param {Program} program */
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

  /** @param {[string, Program[]]} group */
  const group = ([topic]) =>
    h("li", {}, h("h3", {}, topic), h("ul", { "aria-label": topic }));

  /** @param {import("../select.js").State} state */
  function draw({ programs, program }) {
    const found = matching(programs, filter.value);
    const all = `${programs.length} to run${programs.length > 1 ? " and change" : ""}`;
    text(note, found.length === programs.length ? all : `${found.length} of ${programs.length}`);
    text(none, found.length > 0 ? "" : `No program has “${filter.value.trim()}” in its name, its title or its text.`);
    const named = programs.filter((/** @type {Program} */ one) => one.name === program?.name);
    const chosen = named.find((/** @type {Program} */ one) => one.text === program?.text) ?? named[0];
    join(list, topics(found), ([topic]) => topic, group, (node, [, own]) =>
      join(
        node.lastElementChild,
        own,
        (/** @type {Program} */ one) => one.id,
        item,
        (entry, one) => attr(entry.firstElementChild, "aria-current", one === chosen ? "true" : null),
      ),
    );
    if (!list.contains(document.activeElement)) {
      const stop = Math.max(0, found.indexOf(/** @type {Program} */ (chosen)));
      list.querySelectorAll("button").forEach((button, i) => (button.tabIndex = i === stop ? 0 : -1));
    }
  }

  filter.addEventListener("input", () => {
    if (latest) draw(latest);
    list.scrollTop = 0;
  });
  filter.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      list.querySelector("button")?.focus();
    }
  });
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

  return (/** @type {import("../select.js").State} */ state) => {
    if (state.programs !== latest?.programs || state.program !== latest?.program) draw(state);
    latest = state;
    if (state.program && state.program.name !== shown) {
      shown = state.program.name;
      queueMicrotask(() => list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" }));
    }
  };
}
