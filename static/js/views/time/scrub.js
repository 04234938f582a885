// @ts-check
/** The pointer on the plot: dragging scrubs, a click goes to the call under it or else to that moment. */

const SLACK = 3;

/**
 * @param {HTMLElement} plot
 * @param {{stage: (x: number) => number, callAt: (x: number, y: number) => number, busy: () => boolean}} where
 *   in pixels of the plot; `busy`: another gesture has the pointer
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

  function stop() {
    if (dragging) dispatch({ type: "ui", ui: { scrubbing: false } });
    start = null;
    dragging = false;
  }

  on("pointerdown", (event) => {
    if (where.busy()) return stop();
    if (event.button !== 0 || event.shiftKey || /** @type {Element} */ (event.target).closest("button")) return;
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
    if (call >= 0) dispatch({ type: "goto", n: call });
    else if (!dragging) seek(event);
    stop();
  });
  on("pointercancel", stop);
}
