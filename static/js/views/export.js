// @ts-check
/** Exporting: what the server makes of the run, and the machine as it is drawn. */

import { must } from "../dom.js";
import { picture, pixels } from "../picture.js";
import { menu } from "./menu.js";
import { save } from "./program/files.js";

/** The server's forms and how their files are called. @type {Record<string, string>} */
const ENDINGS = { chrome: "trace.json", ftrace: "ftrace.txt", faults: "faults.csv", digest: "digest.json" };

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const list = must(root, "[data-testid=export-menu]");
  let latest = /** @type {import("../select.js").State | null} */ (null);
  const button = must(root, "[data-testid=top-export]");
  menu(button, list, signal);

  /** @param {string} form */
  async function write(form) {
    const stem = (latest?.program?.name ?? "run").replace(/\.c$/, "");
    if (form === "svg") return save(`${stem}-${latest?.cursor}.svg`, new Blob([await picture()], { type: "image/svg+xml" }));
    if (form === "png") return save(`${stem}-${latest?.cursor}.png`, await pixels(2));
    const response = await fetch(`/runs/${latest?.run?.run}/${form}`);
    if (!response.ok) throw new Error(await reason(response));
    save(`${stem}.${ENDINGS[form]}`, await response.blob());
  }

  list.addEventListener(
    "click",
    (/** @type {MouseEvent} */ event) => {
      const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-export]"));
      if (!item || item.dataset.export === "record") return;
      write(item.dataset.export ?? "").catch((error) =>
        dispatch({ type: "trouble", error: { what: `The export failed: ${error.message}`, errors: [] } }),
      );
    },
    { signal },
  );

  return (/** @type {import("../select.js").State} */ state) => {
    latest = state;
    if (state.ui.sheet !== "export") return;
    // Asked for by its key: the menu opens by itself, and is no sheet.
    dispatch({ type: "ui", ui: { sheet: null } });
    if (list.hidden) button.click();
  };
}

/** What the server's page about an error says. @param {Response} response */
async function reason(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main p")?.textContent?.trim() || `status ${response.status}`;
}
