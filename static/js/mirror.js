// @ts-check
/**
 * The state in short on <html>, for styles, tests and the curious:
 * data-ready, -conn, -run, -stage, -stages, -mode, -motion, -theme, -tab, -settled, and the event `pagewalk:settled`.
 */

import { attrs } from "./dom.js";
import { awaitsSources } from "./sources.js";

/** Whether anything on the page still moves; an endless animation counts as rest. */
const moving = () =>
  document
    .getAnimations()
    .filter((one) => one.playState === "running" && Number.isFinite(Number(one.effect?.getComputedTiming().endTime)));

/** @param {HTMLElement} root */
export function mirror(root) {
  let turn = 0;
  let awaited = false;

  /** @param {number} stage @param {number} mine */
  async function settle(stage, mine) {
    // Let the frame be painted first, then wait for what it set in motion.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    while (turn === mine && moving().length) await Promise.allSettled(moving().map((one) => one.finished));
    if (turn !== mine || root.dataset.settled === "1") return;
    root.dataset.settled = "1";
    root.dispatchEvent(new CustomEvent("pagewalk:settled", { detail: stage, bubbles: true }));
  }

  return (/** @type {import("./select.js").State} */ state) => {
    const { ui } = state;
    const moved = String(state.cursor) !== root.dataset.stage || (state.run?.run ?? "") !== (root.dataset.run ?? "");
    attrs(root, {
      "data-conn": state.conn,
      "data-run": state.run?.run ?? "",
      "data-stage": state.cursor,
      "data-stages": state.count,
      "data-done": state.done ? "1" : "0",
      "data-held": state.held ? "1" : null,
      "data-mode": state.rows.cpu?.mode ?? "",
      "data-motion": ui.motion,
      "data-theme": ui.theme,
      "data-tab": ui.tab,
      "data-tall": ui.tall,
      "data-detail": ui.detail,
      "data-playing": ui.playing ? "1" : "0",
      "data-ready": state.catalogue && (state.count > 0 || state.trouble) ? "1" : null,
    });
    const awaits = awaitsSources(state);
    if (moved || awaits !== awaited) {
      root.dataset.settled = "0";
      turn += 1;
      if (!awaits) settle(state.cursor, turn);
    }
    awaited = awaits;
  };
}
