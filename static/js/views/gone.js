// @ts-check
/** The sheet for a run that the server no longer has. */

import { must } from "../dom.js";
import { sheet } from "./sheet.js";

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const show = sheet(root, () => dispatch({ type: "gone", gone: false }), signal);
  must(root, "form").addEventListener("submit", () => dispatch({ type: "run" }), { signal });

  return (/** @type {import("../select.js").State} */ { gone }) => show(gone);
}
