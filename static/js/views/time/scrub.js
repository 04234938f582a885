// @ts-check
/** The pointer on the plot: dragging scrubs, a click goes to the call under it or else to that moment. */

const SLACK = 3;

/**
 * @param {HTMLElement} plot
 * @param {{stage: (x: number) => number, callAt: (x: number, y: number) => number}} where in pixels of the plot
 * @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools
 */
export function createScrub(plot, where, { dispatch, signal }) {
  let start = /** @type {number | null} */ (null);
  let dragging = false;

  /** @param {PointerEvent} event */
  const x = (event) => event.clientX - plot.getBoundingClientRect().left;
  /** @param {PointerEvent} event */
  const seek = (event) => dispatch({ type: "seek", n: where.stage(x(event)) });
  /** @param {string} type @param {(event: PointerEvent) => void} listener */
  const on = (type, listener) => plot.addEventListener(type, /** @type {any} */ (listener), { signal });

  on("pointerdown", (event) => {
    if (event.button !== 0 || /** @type {Element} */ (event.target).closest("button")) return;
    start = event.clientX;
    plot.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    if (start === null || (!dragging && Math.abs(event.clientX - start) < SLACK)) return;
    if (!dragging) dispatch({ type: "ui", ui: { scrubbing: true } });
    dragging = true;
    seek(event);
  });
  on("pointerup", (event) => {
    if (start === null) return;
    const call = dragging ? -1 : where.callAt(event.clientX, event.clientY);
    if (dragging) dispatch({ type: "ui", ui: { scrubbing: false } });
    else if (call >= 0) dispatch({ type: "goto", n: call });
    else seek(event);
    start = null;
    dragging = false;
  });
  on("pointercancel", () => {
    if (dragging) dispatch({ type: "ui", ui: { scrubbing: false } });
    start = null;
    dragging = false;
  });
}
