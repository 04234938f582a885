// @ts-check
/** The lesson's checkpoints on the ruler: a tick where each step begins, as far as the run may be seen. */

import { attr, h, join } from "../../dom.js";
import { checkpoints } from "../../selector.js";

/** @param {Element} list @param {(action: any) => void} dispatch */
export function createTicks(list, dispatch) {
  /** @typedef {{n: number, x: number, name: string}} Tick */

  /** @param {any} state @param {import("./scale.js").Scale} scale @returns {Tick[]} */
  const ticks = (state, scale) =>
    checkpoints(state).flatMap((n, i) => {
      const x = n < 0 || n >= state.count ? -1 : scale.x(n);
      return x < 0 || x > scale.width ? [] : [{ n, x, name: `Step ${i + 1}: ${state.lesson.steps[i].checkpoint}` }];
    });

  return (/** @type {any} */ state, /** @type {import("./scale.js").Scale} */ scale) => {
    if (!state.lesson) return;
    join(
      list,
      ticks(state, scale),
      ({ n, name }) => `${n} ${name}`,
      ({ n, name }) => h("li", {}, h("button", { type: "button", tabindex: "-1", title: name, "aria-label": name, "data-testid": `time-mark-checkpoint-${n}`, onClick: () => dispatch({ type: "goto", n }) })),
      (node, { n, x }) => {
        node.style.setProperty("left", `${x.toFixed(1)}px`);
        attr(node.firstElementChild, "data-past", n <= state.cursor ? "1" : null);
      },
    );
  };
}
