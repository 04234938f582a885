// @ts-check
/** Zooming and panning by hand: the wheel, two fingers, Shift or the middle button and a drag, and three buttons. */

import { anchor, panned, zoomed } from "./zoom.js";

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./scale.js").Window} Window */

const STEP = 2;
/** How much of the wheel doubles the width, in pixels. */
const WHEEL = 240;
const LINE = 16;

/** @param {WheelEvent} event */
const pixels = ({ deltaX, deltaY, deltaMode }) => [deltaX, deltaY].map((one) => one * (deltaMode === 0 ? 1 : LINE));

/**
 * @param {HTMLElement} root the dock @param {HTMLElement} plot
 * @param {() => {scale: Scale, cursor: number} | null} now
 * @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools
 */
export function createZoomer(root, plot, now, { dispatch, signal }) {
  /** Fingers on the plot, and the dragging button. @type {Map<number, number>} */
  const down = new Map();
  let dragging = /** @type {number | null} */ (null);
  const show = (/** @type {Window | null} */ window) => dispatch({ type: "ui", ui: { window } });
  const left = () => plot.getBoundingClientRect().left;

  /** @param {string} type @param {(event: any, at: {scale: Scale, cursor: number}) => void} act @param {AddEventListenerOptions} [options] */
  function on(type, act, options = {}) {
    const listener = (/** @type {Event} */ event) => {
      const at = now();
      if (at) act(event, at);
    };
    plot.addEventListener(type, listener, { signal, ...options });
  }

  on(
    "wheel",
    (/** @type {WheelEvent} */ event, { scale, cursor }) => {
      event.preventDefault();
      const [dx, dy] = pixels(event);
      const sideways = event.shiftKey ? dx + dy : dx;
      if (!event.ctrlKey && Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : dy)) show(panned(scale, sideways, cursor));
      else show(zoomed(scale, 2 ** (-(event.ctrlKey ? dy * 4 : dy) / WHEEL), event.clientX - left(), cursor));
    },
    { passive: false },
  );

  on("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.pointerType === "touch") down.set(event.pointerId, event.clientX);
    else if (event.button === 1 || (event.button === 0 && event.shiftKey)) {
      dragging = event.clientX;
      plot.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
  });
  on("pointermove", (/** @type {PointerEvent} */ event, { scale, cursor }) => {
    if (dragging !== null) {
      show(panned(scale, dragging - event.clientX, cursor));
      dragging = event.clientX;
    } else if (down.size === 2 && down.has(event.pointerId)) pinch(event, scale, cursor);
  });
  for (const type of ["pointerup", "pointercancel"])
    on(type, (/** @type {PointerEvent} */ event) => {
      down.delete(event.pointerId);
      dragging = null;
    });

  /** @param {PointerEvent} event @param {Scale} scale @param {number} cursor */
  function pinch(event, scale, cursor) {
    const [a, b] = down.values();
    const before = Math.max(8, Math.abs(a - b));
    down.set(event.pointerId, event.clientX);
    const [c, d] = down.values();
    show(zoomed(scale, Math.max(8, Math.abs(c - d)) / before, (c + d) / 2 - left(), cursor));
  }

  for (const button of root.querySelectorAll("[data-zoom]"))
    button.addEventListener(
      "click",
      () => {
        const action = keyZoom(/** @type {HTMLElement} */ (button).dataset.zoom ?? "", now());
        if (action) dispatch(action);
      },
      { signal },
    );

  return { /** Whether two fingers are down: then one of them does not scrub. */ busy: () => down.size > 1 || dragging !== null };
}

/** What `+`, `-`, `0` and the arrows with Shift do. @param {string} key @param {{scale: Scale, cursor: number} | null} at */
export function keyZoom(key, at) {
  if (!at) return null;
  const { scale, cursor } = at;
  const to = (/** @type {Window | null} */ window) => ({ type: "ui", ui: { window } });
  if (key === "+" || key === "=") return to(zoomed(scale, STEP, anchor(scale, cursor), cursor));
  if (key === "-") return to(zoomed(scale, 1 / STEP, anchor(scale, cursor), cursor));
  if (key === "0") return to(null);
  if (key === "left" || key === "right") return to(panned(scale, ((key === "left" ? -1 : 1) * scale.width) / 4, cursor));
  return null;
}
