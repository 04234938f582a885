// @ts-check
/** The kernel pane's frame: the model source of the chosen frame, and which of its parts are on show. */

import { attr, must, text } from "../dom.js";
import { createListing } from "../listing.js";

/** @typedef {import("../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const title = must(root, "[data-testid=kernel-function]");
  const file = must(root, "[data-testid=kernel-file]");
  const code = must(root, "[data-testid=kernel-source]");
  const tabs = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("button[data-detail]")]);
  const faults = must(root, "[data-part=faults]");
  const listing = createListing(code, "python");
  let shown = /** @type {unknown} */ (null);

  for (const tab of tabs)
    tab.addEventListener("click", () => dispatch({ type: "ui", ui: { detail: tab.dataset.detail } }), { signal });

  return (/** @type {State} */ { frames, functions, ui, count }) => {
    const idle = frames.length === 0;
    attr(root, "data-idle", idle);
    faults.hidden = !idle || count === 0;
    for (const tab of tabs) attr(tab, "aria-pressed", String(tab.dataset.detail === ui.detail));
    const frame = frames[ui.frame ?? frames.length - 1];
    const entry = frame ? functions[frame.fn] : null;
    text(title, frame ? frame.fn : "");
    text(file, entry ? (entry.hardware ? `${entry.model}, silicon` : `${entry.file}, as modelled`) : "");
    if (entry !== shown) {
      shown = entry;
      listing.show(entry?.source ?? [], entry?.line ?? 1);
    }
    listing.point(frame ? frame.line : 0);
  };
}
