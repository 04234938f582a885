// @ts-check
/** All of the run in a thin strip, while only a part of it is on show: where the faults are, and the part to drag. */

import { attr, attrs, must } from "../../dom.js";
import { centred, panned } from "./zoom.js";

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("../../select.js").State} State */

/** @param {HTMLElement} node @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function createMinimap(node, { dispatch, signal }) {
  const canvas = /** @type {HTMLCanvasElement} */ (must(node, "canvas"));
  const part = must(node, ".minimap-part");
  const here = must(node, ".minimap-here");
  let now = /** @type {{scale: Scale, cursor: number} | null} */ (null);
  let drawn = "";
  let dragging = false;

  /** @param {PointerEvent} event */
  function drag(event) {
    if (!now) return;
    const box = node.getBoundingClientRect();
    dispatch({ type: "ui", ui: { window: centred(now.scale, (event.clientX - box.left) / box.width, now.cursor) } });
  }

  /** @param {string} type @param {(event: any) => void} act */
  const on = (type, act) => node.addEventListener(type, act, { signal });
  on("pointerdown", (event) => {
    event.stopPropagation();
    if (event.button !== 0) return;
    dragging = true;
    node.setPointerCapture(event.pointerId);
    drag(event);
  });
  on("pointermove", (event) => dragging && drag(event));
  for (const type of ["pointerup", "pointercancel"])
    on(type, (event) => {
      event.stopPropagation();
      dragging = false;
    });
  on("keydown", (/** @type {KeyboardEvent} */ event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1, PageUp: -4, PageDown: 4, Home: -1e9, End: 1e9 }[event.key];
    if (!way || !now || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch({ type: "ui", ui: { window: panned(now.scale, (way * now.scale.width) / 4, now.cursor) } });
  });

  return (/** @type {State} */ state, /** @type {Scale} */ scale) => {
    now = { scale, cursor: state.cursor };
    const { first, whole, from, to, width } = scale;
    attr(node, "hidden", to - from >= whole);
    if (node.hidden) return;
    const at = (/** @type {number} */ value) => (value - first) / whole;
    part.style.setProperty("left", `${(at(from) * 100).toFixed(3)}%`);
    part.style.setProperty("width", `${(at(to) * 100 - at(from) * 100).toFixed(3)}%`);
    const value = scale.axis === "time" ? (state.spans.time.at[state.cursor] ?? first) : state.cursor;
    here.style.setProperty("left", `${(at(value) * 100).toFixed(3)}%`);
    const room = 1 - (to - from) / whole;
    attrs(node, {
      "aria-valuenow": Math.round((at(from) / room) * 100),
      "aria-valuetext": `${(at(from) * 100).toFixed(1)} to ${(at(to) * 100).toFixed(1)} % of the run`,
    });
    const key = [state.run?.run, state.count, scale.axis, width, state.ui.theme].join();
    if (key !== drawn) paint(canvas, state, scale);
    drawn = key;
  };
}

/** @param {HTMLCanvasElement} canvas @param {State} state @param {Scale} scale */
function paint(canvas, { spans, faults, count }, { first, whole, axis, width }) {
  const ratio = devicePixelRatio || 1;
  const height = 10;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const token = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const time = spans.time.at;
  const x = (/** @type {number} */ n) => (((axis === "time" ? time[n] : n) - first) / whole) * width;
  const bar = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ y, /** @type {number} */ h) =>
    pen.fillRect(x(from), y, Math.max(0.6, x(to < 0 ? count - 1 : to) - x(from)), h);
  pen.fillStyle = token("--frame-other");
  // A call that stands in no other; those inside it are passed over.
  for (let i = 0; i < spans.calls.length; i += 1) {
    const call = spans.calls.at[i];
    const end = spans.pair.at[call] >= 0 ? spans.pair.at[call] : count - 1;
    if (spans.stages[call].ctx !== "hw") bar(call, end, 6, 3);
    i = Math.max(i, spans.before.at[end] - 1);
  }
  for (const fault of faults) {
    pen.fillStyle = token(fault.major ? "--fault-major" : "--fault-minor");
    bar(fault.n, fault.n, 1, 4);
  }
}
