// @ts-check
/** Playing: the next stage after each beat, until a breakpoint, the end, or until someone takes over. */

import { CALM_BEAT, beat } from "../beats.js";

/** @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function play({ dispatch, signal }) {
  let timer = 0;
  let waitingAt = -1;
  let startedAt = -1;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    waitingAt = -1;
  };
  signal.addEventListener("abort", stop);

  return (/** @type {import("../select.js").State} */ state) => {
    const { ui, cursor, count, spans, stops } = state;
    if (!ui.playing || count === 0) {
      startedAt = -1;
      return stop();
    }
    if (startedAt < 0) startedAt = cursor;
    if (cursor !== startedAt && stops.some((one) => one.on && one.here)) {
      stop();
      return dispatch({ type: "ui", ui: { playing: false } });
    }
    if (cursor >= count - 1) {
      stop();
      if (state.done || state.held) dispatch({ type: "ui", ui: { playing: false } });
      return;
    }
    if (ui.motion === "instant") {
      stop();
      return dispatch({ type: "step", how: "run", auto: true });
    }
    if (waitingAt === cursor) return;
    stop();
    waitingAt = cursor;
    const wait = ui.motion === "reduced" ? CALM_BEAT : beat(spans.stages, cursor) / ui.speed;
    timer = window.setTimeout(() => {
      waitingAt = -1;
      dispatch({ type: "step", how: "into", auto: true });
    }, wait);
  };
}
