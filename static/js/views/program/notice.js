// @ts-check
/** One line above the program: where the reader stands after a change, and how to have a text back. */

import { must, text } from "../../dom.js";

/** @typedef {{text: string, back?: {name: string, text: string}}} Notice */

/** @param {HTMLElement} root @param {{close: () => void, back: (program: {name: string, text: string}) => void}} tools @param {AbortSignal} signal */
export function createNotice(root, { close, back }, signal) {
  const words = must(root, "p");
  const bring = must(root, "[data-testid=program-bring-back]");
  let shown = /** @type {Notice | null} */ (null);
  must(root, "[data-testid=program-notice-close]").addEventListener("click", close, { signal });
  bring.addEventListener("click", () => shown?.back && back(shown.back), { signal });

  return (/** @type {Notice | null} */ notice) => {
    shown = notice;
    root.hidden = !notice;
    bring.hidden = !notice?.back;
    text(words, notice?.text ?? "");
  };
}
