// @ts-check
/** The row of buttons: stepping, running to, playing, speed, and how far one is. */

import { attr, must, text } from "../../dom.js";
import { grouped } from "../../format.js";
import { choose } from "../../controls/speed.js";
import { toBreakpoint } from "../../keys.js";
import { nextCheckpoint } from "../../selector.js";

/** @typedef {import("../../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function createTransport(root, { dispatch, signal }) {
  const all = (/** @type {string} */ selector) =>
    /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll(selector)]);
  const steps = all("[data-step]");
  const speeds = all("[data-speed]");
  const axes = all("[data-axis]");
  const walks = all("[data-history]");
  const breakpoint = /** @type {HTMLButtonElement} */ (must(root, "[data-testid=time-breakpoint]"));
  const checkpoint = root.querySelector("[data-testid=time-checkpoint]");
  const play = must(root, "[data-testid=time-play]");
  const count = must(root, "[data-testid=time-count]");
  const limit = must(root, "[data-testid=time-limit]");
  let now = /** @type {State | null} */ (null);
  let ahead = -1;

  /** @param {Element} button @param {() => any} action */
  const click = (button, action) => button.addEventListener("click", () => dispatch(action()), { signal });
  for (const button of steps) click(button, () => ({ type: "step", how: button.dataset.step }));
  for (const button of speeds)
    click(button, () => ({ type: "ui", ui: choose(/** @type {any} */ (now?.ui), button.dataset.speed ?? "1") }));
  for (const button of axes) click(button, () => ({ type: "ui", ui: { axis: button.dataset.axis, window: null } }));
  if (checkpoint) click(checkpoint, () => ({ type: "seek", n: ahead }));
  click(play, () => ({ type: "ui", ui: { playing: !now?.ui.playing } }));
  for (const button of walks) click(button, () => ({ type: "history", way: Number(button.dataset.history) }));
  breakpoint.addEventListener("click", () => now && dispatch(toBreakpoint(now, 1)), { signal });

  /** @param {State} state @param {string} how */
  function possible({ count: held, cursor, done, conn, frames, held: gated }, how) {
    if (held === 0) return false;
    if (how === "start" || how === "back") return cursor > 0;
    if (how === "out" && frames.length === 0) return false;
    // Past the last stage held there is something to wait for only while the wire is up.
    return cursor < held - 1 || (!done && !gated && conn === "open");
  }

  return (/** @type {State} */ state) => {
    now = state;
    const { ui } = state;
    const chosen = ui.motion === "instant" ? "instant" : String(ui.speed);
    for (const button of steps) button.disabled = !possible(state, button.dataset.step ?? "");
    for (const button of speeds) attr(button, "aria-pressed", String(button.dataset.speed === chosen));
    for (const button of axes) attr(button, "aria-pressed", String(button.dataset.axis === ui.axis));
    walks[0].disabled = state.history.back.length === 0;
    walks[1].disabled = state.history.forth.length === 0;
    breakpoint.disabled = state.count === 0;
    attr(breakpoint, "data-here", state.stops.some((one) => one.on && one.here));
    if (checkpoint instanceof HTMLButtonElement) {
      ahead = nextCheckpoint(state);
      checkpoint.disabled = ahead < 0;
    }
    play.disabled = !possible(state, "play") && !ui.playing;
    attr(play, "aria-pressed", String(ui.playing));
    attr(must(play, "use"), "href", ui.playing ? "#i-pause" : "#i-play");
    attr(play, "aria-label", ui.playing ? "Pause" : "Play");
    const last = grouped(state.count - 1);
    const of = state.held ? " of ?" : ` of ${last}${state.done ? "" : " so far"}`;
    count.replaceChildren("Stage ", strong(state), state.count ? of : "");
    limit.hidden = !state.ended?.limit;
    text(limit, state.ended?.limit ? state.ended.why : "");
  };
}

/** @param {State} state */
function strong({ cursor }) {
  const node = document.createElement("b");
  node.textContent = cursor < 0 ? "–" : grouped(cursor);
  return node;
}
