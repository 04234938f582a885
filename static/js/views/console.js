// @ts-check
/** The console pane: closed until asked for, and only then fetched. */

import { must } from "../dom.js";

/** @typedef {import("../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  let render = /** @type {((state: State, opened: boolean) => void) | null} */ (null);
  let asked = false;
  let open = false;
  let latest = /** @type {State | null} */ (null);
  const opener = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=top-console]"));
  const toggle = () => dispatch({ type: "ui", ui: { console: !open } });
  opener?.addEventListener("click", toggle, { signal });

  must(root, "[data-testid=console-close]").addEventListener("click", toggle, { signal });

  async function fetchIt() {
    asked = true;
    try {
      const { create: make } = await import("./console/open.js");
      render = make(root, { dispatch, signal });
      if (latest) render(latest, true);
    } catch (error) {
      asked = false;
      dispatch({ type: "ui", ui: { console: false } });
      dispatch({ type: "trouble", error: { what: `The console did not arrive (${/** @type {Error} */ (error).message}).`, errors: [] } });
    }
  }

  return (/** @type {State} */ state) => {
    latest = state;
    const opened = state.ui.console && !open;
    const closed = !state.ui.console && open;
    open = state.ui.console;
    root.hidden = !open;
    opener?.setAttribute("aria-pressed", String(open));
    if (open && !asked) fetchIt();
    if (open) render?.(state, opened);
    if (closed && (root.contains(document.activeElement) || document.activeElement === document.body)) opener?.focus();
  };
}
