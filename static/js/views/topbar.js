// @ts-check
/** The top bar: which program, which machine, theme, help; and the strip that tells of a lost connection. */

import { attr, attrs, h, join, must, text } from "../dom.js";
import { chips } from "../settings.js";

/** @typedef {import("../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const program = root.querySelector("[data-testid=top-program]");
  const chipList = must(root, "[data-testid=top-chips]");
  const theme = must(root, "[data-testid=top-theme]");
  const strip = must(root, "[data-testid=top-strip]");
  const stripText = must(strip, "p");
  const retry = must(strip, "[data-testid=top-retry]");
  let dark = false;
  let back = 0;

  /** @param {Element} button @param {() => any} action */
  const click = (button, action) => button.addEventListener("click", () => dispatch(action()), { signal });
  click(theme, () => ({ type: "ui", ui: { theme: dark ? "light" : "dark" } }));
  click(must(root, "[data-testid=top-machine]"), () => ({ type: "ui", ui: { sheet: "settings" } }));
  click(must(root, "[data-testid=top-share]"), () => ({ type: "ui", ui: { sheet: "share" } }));
  click(must(root, "[data-testid=top-search]"), () => ({ type: "ui", ui: { sheet: "search" } }));
  click(must(root, "[data-testid=top-help]"), () => ({ type: "ui", ui: { sheet: "help" } }));
  click(retry, () => ({ type: "retry" }));

  /** @param {Pick<State, "conn" | "outage">} state */
  function renderStrip({ conn, outage }) {
    clearTimeout(back);
    strip.hidden = !outage;
    if (!outage) return;
    const again = conn === "open";
    strip.dataset.state = again ? "back" : conn;
    retry.hidden = conn !== "lost";
    if (again) {
      text(stripText, "Connected again");
      back = window.setTimeout(() => dispatch({ type: "conn", conn: "open", outage: null }), 3000);
      return;
    }
    const since = new Date(outage.since).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const left = Math.max(0, Math.ceil((outage.next - Date.now()) / 1000));
    const trying = conn === "retry" ? "Trying again now." : `Trying again in ${left} s.`;
    text(stripText, `Connection lost at ${since}. You can still step through what has arrived. ${trying}`);
    if (conn === "lost" && left > 0) back = window.setTimeout(() => renderStrip({ conn, outage }), 500);
  }
  signal.addEventListener("abort", () => clearTimeout(back));

  let shownConn = /** @type {unknown} */ (null);
  return (/** @type {State} */ state) => {
    if (program) text(program, state.program?.name ?? "");
    join(
      chipList,
      chips(state.run?.machine ?? {}, state.catalogue),
      (chip) => chip.name,
      (chip) =>
        h("li", { class: "chip", "data-testid": `top-chip-${chip.name}` }, h("span", {}, chip.label), " ", h("b")),
      (node, chip) => {
        text(node.querySelector("b"), chip.value);
        attr(node, "data-changed", chip.changed);
      },
    );
    if (dark !== (state.ui.theme === "dark")) {
      dark = !dark;
      attrs(theme, { "aria-pressed": String(dark) });
      attr(must(theme, "use"), "href", dark ? "#i-sun" : "#i-moon");
    }
    const key = `${state.conn} ${state.outage?.since} ${state.outage?.next}`;
    if (key !== shownConn) renderStrip(state);
    shownConn = key;
  };
}
