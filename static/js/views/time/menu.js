// @ts-check
/** All that one can run to, each forwards and backwards: a menu above its button. */

import { attr, h, icon, must } from "../../dom.js";
import { toBreakpoint } from "../../keys.js";
import { markIcon } from "./mark.js";

/** @typedef {import("../../select.js").State} State */

/** @type {[type: string, what: string, name: string, key: string][]} */
const ROWS = [
  ["minor", "fault", "Fault", "f"],
  ["major", "major fault", "Major", "m"],
  ["bio", "disk request", "Io", "d"],
  ["done", "end of a disk request", "Done", ""],
  ["syscall", "system call", "Call", "y"],
  ["signal", "signal", "Signal", "u"],
  ["breakpoint", "breakpoint", "Stop", "c"],
];
const GAP = 6;

/** @param {HTMLElement} root a popover @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function createMenu(root, { dispatch, signal }) {
  let now = /** @type {State | null} */ (null);

  /** @param {string} name @param {1 | -1} way */
  function go(name, way) {
    const action = name === "Stop" && now ? toBreakpoint(now, way) : { type: "step", how: `${way > 0 ? "next" : "prev"}${name}` };
    if (action.type === "ui") root.hidePopover();
    dispatch(action);
  }

  /** @param {string} what @param {string} name @param {1 | -1} way */
  const button = (what, name, way) =>
    h(
      "button",
      {
        type: "button",
        class: "button square",
        "data-testid": `time-${way > 0 ? "next" : "prev"}-${name.toLowerCase()}`,
        "aria-label": `Run ${way > 0 ? "to the next" : "back to the previous"} ${what}`,
        onClick: () => go(name, way),
      },
      icon(way > 0 ? "right" : "left"),
    );

  /** @param {string} label @param {string} sheet @param {string} key */
  const opener = (label, sheet, key) =>
    h(
      "button",
      {
        type: "button",
        class: "button",
        "data-testid": `time-open-${sheet}`,
        onClick: () => {
          root.hidePopover();
          dispatch({ type: "ui", ui: { sheet } });
        },
      },
      label,
      h("kbd", { "aria-hidden": "true" }, key),
    );

  const rows = ROWS.map(([type, what, name, key]) =>
    h("li", {}, markIcon(type), h("span", {}, what), key ? h("kbd", { "aria-hidden": "true" }, key) : h("span"), button(what, name, -1), button(what, name, 1)),
  );
  root.replaceChildren(
    h("ul", {}, ...rows),
    h("footer", {}, opener("Breakpoints", "stops", "B"), opener("Search", "search", "/"), opener("Charts", "charts", "h")),
  );

  root.addEventListener(
    "toggle",
    () => {
      const opened = root.matches(":popover-open");
      const by = must(document, "[popovertarget=run-to]");
      attr(by, "aria-expanded", String(opened));
      if (!opened) return;
      const box = by.getBoundingClientRect();
      const left = Math.max(8, Math.min(box.left, innerWidth - root.offsetWidth - 8));
      root.style.setProperty("left", `${left}px`);
      root.style.setProperty("top", `${Math.max(8, box.top - root.offsetHeight - GAP)}px`);
    },
    { signal },
  );

  return (/** @type {State} */ state) => {
    now = state;
    for (const one of root.querySelectorAll("ul button")) attr(one, "disabled", state.count === 0);
  };
}
