// @ts-check
/** The trail of one value: which of its writers this is, the ones before and after, and a breakpoint on the next. */

import { attr, h, icon, must, text } from "../dom.js";

/** @typedef {import("../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch }) {
  let trail = /** @type {State["trail"]} */ (null);

  /** @param {-1 | 1} way */
  const go = (way) => trail && dispatch({ type: "writer", ref: trail.ref, field: trail.field, label: trail.label, way });
  const watched = () => (trail ? `watch ${trail.ref}.${trail.field}` : "");

  /** @param {string} id @param {string} label @param {string} sign @param {() => void} act */
  const button = (id, label, sign, act) =>
    h("button", { type: "button", class: "button square quiet", "data-testid": `kernel-trail-${id}`, "aria-label": label, title: label, onClick: act }, icon(sign));

  const before = button("prev", "Who changed it before", "left", () => go(-1));
  const after = button("next", "Who changes it next", "right", () => go(1));
  const watch = button("watch", "Stop whenever it changes", "breakpoint", () => dispatch({ type: "stop", how: "toggle", text: watched() }));
  const close = button("close", "Let go of it", "close", () => dispatch({ type: "ui", ui: { trail: null } }));
  root.replaceChildren(h("p", {}, h("b"), h("span")), before, after, watch, close);

  return (/** @type {State} */ state) => {
    trail = state.trail;
    root.hidden = !trail;
    if (!trail) return;
    const { writers } = trail;
    const past = writers.filter((n) => n <= state.cursor).length;
    const here = writers[past - 1] === state.cursor;
    text(must(root, "b"), trail.label);
    text(must(root, "span"), words(past, writers.length, here, state.done));
    const set = (/** @type {any} */ one, /** @type {boolean} */ off) => (one.disabled = off);
    set(before, past - (here ? 1 : 0) <= 0);
    set(after, past >= writers.length);
    attr(watch, "aria-pressed", String(state.stops.some((one) => one.text === watched())));
  };
}

/** @param {number} past @param {number} all @param {boolean} here @param {boolean} done */
function words(past, all, here, done) {
  if (all === 0) return "never written so far";
  const of = `${all}${done ? "" : " so far"}`;
  return here ? `written here, ${past} of ${of}` : `written ${past} of ${of} times up to here`;
}
