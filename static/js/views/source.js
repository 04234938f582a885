// @ts-check
/** The kernel pane's frame: the model source of the chosen frame with its values, and which parts are on show. */

import { recordingLines } from "../bare.js";
import { attr, attrs, must, text } from "../dom.js";
import { notesOf } from "../inline.js";
import { createListing } from "../listing.js";

/** @typedef {import("../select.js").State} State */

/** The sources that the model is made after, to be read beside it; nothing is loaded from there. */
const KERNEL = "https://elixir.bootlin.com/linux/v5.10.223/source/";
const CALL = /(?:^|[^\w.])([A-Za-z_]\w*)\(/g;
const STAGE = /\bk\.(?:silicon_)?stage\(/;

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const title = must(root, "[data-testid=kernel-function]");
  const file = must(root, "[data-testid=kernel-file]");
  const link = must(root, "[data-testid=kernel-link]");
  const bare = must(root, "[data-testid=kernel-bare]");
  const stop = must(root, "[data-testid=kernel-stop]");
  const tabs = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("button[data-detail]")]);
  const faults = must(root, "[data-part=faults]");
  const listing = createListing(must(root, "[data-testid=kernel-source]"), "python", (line) =>
    dispatch({ type: "stop", how: "toggle", text: `${shown?.model}:${line}` }),
  );
  let shown = /** @type {any} */ (null);
  let fn = "";
  let hidden = /** @type {Set<number>} */ (new Set());
  let marked = /** @type {unknown} */ (null);

  for (const tab of tabs)
    tab.addEventListener("click", () => dispatch({ type: "ui", ui: { detail: tab.dataset.detail } }), { signal });
  bare.addEventListener("click", () => dispatch({ type: "ui", ui: { bare: bare.getAttribute("aria-pressed") !== "true" } }), { signal });
  stop.addEventListener("click", () => dispatch({ type: "stop", how: "toggle", text: fn }), { signal });

  /** @param {any} entry @param {Record<string, any>} functions */
  function show(entry, functions) {
    shown = entry;
    marked = null;
    const stops = (/** @type {string} */ line) =>
      STAGE.test(line) || [...line.matchAll(CALL)].some(([, name]) => Object.hasOwn(functions, name) && !/^\s*(?:async )?def /.test(line));
    listing.show(entry?.source ?? [], entry?.line ?? 1, stops);
  }

  /** A line that is left out shows as the one before it. @param {number} line @param {any} entry */
  function visible(line, entry) {
    let at = line;
    while (entry && hidden.has(at - entry.line)) at -= 1;
    return at;
  }

  return (/** @type {State} */ { frames, functions, ui, count, stops, spans, rows, cursor }) => {
    const idle = frames.length === 0;
    attr(root, "data-idle", idle);
    faults.hidden = !idle || count === 0;
    for (const tab of tabs) attr(tab, "aria-pressed", String(tab.dataset.detail === ui.detail));
    const frame = frames[ui.frame ?? frames.length - 1];
    const entry = frame ? functions[frame.fn] : null;
    fn = frame?.fn ?? "";
    text(title, fn);
    attr(title, "data-fn", fn || null);
    text(file, entry ? (entry.hardware ? `${entry.model}, silicon` : "as\u00a0modelled") : "");
    attrs(link, { hidden: !entry || entry.hardware, href: entry ? KERNEL + entry.file : null, title: `${fn} in Linux 5.10.223` });
    text(link, entry?.file ?? "");
    if (entry !== shown) show(entry, functions);
    hidden = ui.bare && entry ? recordingLines(entry.source ?? []) : new Set();
    listing.hide(hidden);
    attr(bare, "aria-pressed", String(ui.bare));
    attrs(stop, { hidden: !entry, "aria-pressed": String(stops.some((one) => one.text === fn)) });
    if (marked !== stops) {
      marked = stops;
      listing.mark(new Map(stops.flatMap(({ place, on }) => (place?.kind === "model" && place.file === entry?.model ? [[place.line, on]] : []))));
    }
    if (!frame) return;
    const line = visible(frame.line, entry);
    listing.note(notesOf(frame, entry, spans, rows, cursor).map((note) => ({ ...note, line: visible(note.line, entry) })));
    listing.point(line);
  };
}
