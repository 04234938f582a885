// @ts-check
/**
 * What a screen reader hears: the stage in a sentence, at most one per 700 ms while stepping, only faults, finished
 * reads and signals while playing; and at once when the connection is lost or a program does not compile.
 */

import { text } from "./dom.js";
import { sentence } from "./format.js";

const PAUSE = 700;
const WORTH_SAYING = new Set(["abort", "io-done", "signal", "exit"]);

/** @param {HTMLElement} polite @param {HTMLElement} assertive @param {AbortSignal} signal */
export function announce(polite, assertive, signal) {
  let spoken = -1;
  let next = 0;
  let timer = 0;
  signal.addEventListener("abort", () => clearTimeout(timer));

  /** @param {import("./select.js").State} state */
  function speak(state) {
    next = performance.now() + PAUSE;
    const stop = state.stops.find((one) => one.on && one.here);
    const hit = stop ? ` Breakpoint ${stop.text}.` : "";
    text(polite, `Stage ${state.cursor}.${hit} ${sentence(state.stage, state.functions)}`);
  }

  return (/** @type {import("./select.js").State} */ state) => {
    const outage =
      state.conn === "lost" && state.outage ? "Connection lost. You can still step through what has arrived." : "";
    text(assertive, outage || (state.trouble ? state.trouble.what : ""));
    if (!state.stage || state.cursor === spoken) return;
    spoken = state.cursor;
    const stopped = state.stops.some((one) => one.on && one.here);
    if (state.ui.playing && !stopped && !WORTH_SAYING.has(state.stage.kind)) return;
    clearTimeout(timer);
    timer = window.setTimeout(speak, Math.max(0, next - performance.now()), state);
  };
}
