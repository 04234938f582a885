// @ts-check
/** Playing: the next stage after each beat, until the end or until someone takes over. */

import { CALM_BEAT, beat } from "../beats.js";

/** @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function play({ dispatch, signal }) {
  let timer = 0;
  let waitingAt = -1;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
    waitingAt = -1;
  };
  signal.addEventListener("abort", stop);

  return (/** @type {import("../select.js").State} */ state) => {
    const { ui, cursor, count, spans } = state;
    if (!ui.playing || count === 0) return stop();
    if (cursor >= count - 1) {
      stop();
      if (state.done) dispatch({ type: "ui", ui: { playing: false } });
      return;
    }
    if (ui.motion === "instant") {
      stop();
      return dispatch({ type: "step", how: "end", auto: true });
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
