// @ts-check
/** Line numbers of the listing as buttons: each sets a breakpoint or takes it away; up and down go from one to the next. */

import { attrs, h } from "../../dom.js";

/** @param {HTMLElement} code the listing's box @param {(line: number) => void} toggle @param {AbortSignal} signal */
export function createGutter(code, toggle, signal) {
  /** @type {HTMLElement[]} */
  let buttons = [];
  let shown = "";

  /** @param {EventTarget | null} target */
  const lineOf = (target) => (target instanceof Element ? buttons.indexOf(/** @type {any} */ (target.closest(".num"))) : -1) + 1;

  /** @param {number} line */
  function focus(line) {
    const next = buttons[Math.max(1, Math.min(buttons.length, line)) - 1];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next?.focus();
  }

  code.addEventListener(
    "click",
    (event) => {
      const line = lineOf(event.target);
      if (line) toggle(line);
    },
    { signal },
  );
  code.addEventListener(
    "keydown",
    (event) => {
      const line = lineOf(event.target);
      const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!line || !way) return;
      event.preventDefault();
      focus(line + way);
    },
    { signal },
  );

  return {
    /** The listing shows another text. */
    renew() {
      shown = "";
      buttons = [...code.querySelectorAll(".num")].map((number, i) =>
        h("button", { type: "button", class: "num", tabindex: i ? -1 : 0, "data-testid": `program-line-${i + 1}` }, i + 1),
      );
      code.querySelectorAll(".num").forEach((number, i) => number.replaceWith(buttons[i]));
    },
    /** @param {number[]} stops lines with a breakpoint */
    render(stops) {
      if (shown === `${stops}.`) return;
      shown = `${stops}.`;
      buttons.forEach((button, i) => {
        const set = stops.includes(i + 1);
        attrs(button, { "aria-pressed": String(set), "aria-label": `Breakpoint on line ${i + 1}` });
      });
    },
  };
}
