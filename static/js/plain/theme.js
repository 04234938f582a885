// @ts-check
/** Light or dark, as chosen on any page before. */

import { attr, must } from "../dom.js";
import { storeTheme } from "../preferences.js";

/** @param {"light" | "dark"} chosen */
export function theme(chosen) {
  const button = must(document, "[data-testid=top-theme]");

  /** @param {"light" | "dark"} next */
  function show(next) {
    document.documentElement.dataset.theme = next;
    attr(button, "aria-pressed", String(next === "dark"));
    attr(must(button, "use"), "href", next === "dark" ? "#i-sun" : "#i-moon");
  }

  button.addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    show(next);
    storeTheme(next);
  });
  show(chosen);
  document.documentElement.dataset.ready = "1";
}
