// @ts-check
/** The ladder of hints: the open rungs in order, and the way to the next. */

import { h } from "../../dom.js";
import { isDone } from "../../learn.js";
import { textNodes } from "./parts.js";

/** @param {HTMLElement} root @param {(action: any) => void} dispatch */
export function createHints(root, dispatch) {
  let drawn = "";

  return (/** @type {any} */ state, /** @type {any} */ step) => {
    const open = state.lesson.opened?.[step.id] ?? [];
    const over = isDone(state.lesson, step) && step.kind !== "do";
    const key = JSON.stringify([step.id, open, over, state.learning?.busy]);
    root.hidden = !step.hints || over;
    if (key === drawn) return;
    drawn = key;
    const left = (step.hints ?? 0) - open.length;
    root.replaceChildren(
      h("ol", { "aria-label": "Hints" }, ...open.map((/** @type {any} */ [, html]) => h("li", {}, ...textNodes(html)))),
      left > 0
        ? h("button", {
            type: "button", class: "link", "data-testid": "lesson-hint", disabled: !!state.learning?.busy,
            onClick: () => dispatch({ type: "hint", step: step.id }),
          }, open.length ? `Another hint (${left} left)` : `A hint (${left} left)`)
        : "",
    );
  };
}
