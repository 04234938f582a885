// @ts-check
/** The playhead: a slider over the stages, moved by pointer or keys. */

import { attrs, must, text } from "../../dom.js";
import { moment, sentence } from "../../format.js";
import { words } from "./axis.js";
import { keyZoom } from "./zoomer.js";

/** @typedef {import("../../select.js").State} State */
/** @typedef {import("./scale.js").Scale} Scale */

/** "3.446 ms, stage 203, filemap_fault, fault 4 on page 24" @param {State} state */
function valueText({ stage, cursor, frames, functions, faults }) {
  if (!stage) return "no stage yet";
  const fault = faults.findLast((one) => one.n <= cursor && (one.end < 0 || one.end >= cursor));
  const where = frames.at(-1)?.fn ?? sentence(stage, functions);
  const during = fault ? `, fault ${fault.k}${fault.page === null ? "" : ` on page ${fault.page}`}` : "";
  return `${moment(stage.t)}, stage ${cursor}, ${where}${during}`;
}

/** What a key does on the slider: an action, or null. @param {KeyboardEvent} event @param {State} state @param {Scale} scale */
function keyAction({ key, ctrlKey, metaKey, altKey, shiftKey }, { cursor }, scale) {
  if (ctrlKey || metaKey || altKey) return null;
  const at = { scale, cursor };
  if (shiftKey && key === "ArrowRight") return keyZoom("right", at);
  if (shiftKey && key === "ArrowLeft") return keyZoom("left", at);
  if (key === "ArrowRight" || key === "ArrowUp") return { type: "step", how: "into" };
  if (key === "ArrowLeft" || key === "ArrowDown") return { type: "step", how: "back" };
  if (key === "PageUp") return { type: "step", how: "nextFault" };
  if (key === "PageDown") return { type: "step", how: "prevFault" };
  if (key === "Home") return { type: "step", how: "start" };
  if (key === "End") return { type: "step", how: "end" };
  return keyZoom(key, at);
}

/** @param {HTMLElement} node @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function createPlayhead(node, { dispatch, signal }) {
  const label = must(node, ".playhead-label");
  /** @type {State | null} */
  let now = null;
  let shown = /** @type {Scale | null} */ (null);

  node.addEventListener(
    "keydown",
    (event) => {
      const action = now && shown && now.count ? keyAction(event, now, shown) : null;
      if (!action) return;
      event.preventDefault();
      dispatch(action);
    },
    { signal },
  );

  return (/** @type {State} */ state, /** @type {Scale} */ scale) => {
    now = state;
    shown = scale;
    const { cursor, count, stage, ui } = state;
    const exact = cursor < 0 ? 0 : scale.x(cursor);
    const x = Math.max(0, Math.min(scale.width, exact));
    node.style.setProperty("left", `${x.toFixed(1)}px`);
    attrs(node, {
      "aria-valuemax": Math.max(0, count - 1),
      "aria-valuenow": Math.max(0, cursor),
      "aria-valuetext": valueText(state),
      "data-beyond": exact < -0.5 ? "left" : exact > scale.width + 0.5 ? "right" : null,
      "data-side": x < 40 ? "left" : x > scale.width - 40 ? "right" : null,
    });
    text(label, !stage ? "" : ui.axis === "stages" ? `stage ${cursor}` : words(stage.t, scale, 2));
    return x;
  };
}
