// @ts-check
/** The playhead: a slider over the stages, moved by pointer or keys. */

import { attrs, must, text } from "../../dom.js";
import { moment, sentence } from "../../format.js";

/** @typedef {import("../../select.js").State} State */
/** @typedef {import("./scale.js").Scale} Scale */

const MOST_ZOOM = 4096;

/** "3.446 ms, stage 203, filemap_fault, fault 4 on page 24" @param {State} state */
function valueText({ stage, cursor, frames, functions, faults }) {
  if (!stage) return "no stage yet";
  const fault = faults.findLast((one) => one.n <= cursor && (one.end < 0 || one.end >= cursor));
  const where = frames.at(-1)?.fn ?? sentence(stage, functions);
  const during = fault ? `, fault ${fault.k}${fault.page === null ? "" : ` on page ${fault.page}`}` : "";
  return `${moment(stage.t)}, stage ${cursor}, ${where}${during}`;
}

/** What a key does on the slider: an action, or null. @param {KeyboardEvent} event @param {State} state */
function keyAction({ key, ctrlKey, metaKey, altKey }, { ui }) {
  if (ctrlKey || metaKey || altKey) return null;
  const zoom = ui.zoom ?? 1;
  if (key === "ArrowRight" || key === "ArrowUp") return { type: "step", how: "into" };
  if (key === "ArrowLeft" || key === "ArrowDown") return { type: "step", how: "back" };
  if (key === "PageUp") return { type: "step", how: "nextFault" };
  if (key === "PageDown") return { type: "step", how: "prevFault" };
  if (key === "Home") return { type: "step", how: "start" };
  if (key === "End") return { type: "step", how: "end" };
  if (key === "+" || key === "=") return { type: "ui", ui: { zoom: Math.min(MOST_ZOOM, zoom * 2) } };
  if (key === "-") return { type: "ui", ui: { zoom: Math.max(1, zoom / 2) } };
  if (key === "0") return { type: "ui", ui: { zoom: null } };
  return null;
}

/** @param {HTMLElement} node @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function createPlayhead(node, { dispatch, signal }) {
  const label = must(node, ".playhead-label");
  /** @type {State | null} */
  let now = null;

  node.addEventListener(
    "keydown",
    (event) => {
      const action = now && now.count ? keyAction(event, now) : null;
      if (!action) return;
      event.preventDefault();
      dispatch(action);
    },
    { signal },
  );

  return (/** @type {State} */ state, /** @type {Scale} */ scale) => {
    now = state;
    const { cursor, count, stage, ui } = state;
    const x = cursor < 0 ? 0 : Math.max(0, Math.min(scale.width, scale.x(cursor)));
    node.style.setProperty("left", `${x.toFixed(1)}px`);
    attrs(node, {
      "aria-valuemax": Math.max(0, count - 1),
      "aria-valuenow": Math.max(0, cursor),
      "aria-valuetext": valueText(state),
      "data-side": x < 40 ? "left" : x > scale.width - 40 ? "right" : null,
    });
    text(label, !stage ? "" : ui.axis === "stages" ? `stage ${cursor}` : moment(stage.t));
    return x;
  };
}
