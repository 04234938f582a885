// @ts-check
/** Picking pages on the machine's grid: with a question open that asks for pages, a cell is picked and not pinned. */

import { ranges } from "../../ranges.js";

/** @param {AbortSignal} signal @param {() => void} changed */
export function createPicks(signal, changed) {
  /** @type {{read: () => number[], toggle: (page: number) => void} | null} */
  let field = null;
  let file = "";

  /** The page of the cell that this event is about, or -1. @param {Event} event */
  function pageOf({ target }) {
    const cell = target instanceof Element ? target.closest("[data-testid^=machine-page-][data-index], [data-testid^=machine-pte-][data-index]") : null;
    const id = cell?.getAttribute("data-testid") ?? "";
    if (!cell || (id.startsWith("machine-page-") && !id.startsWith(`machine-page-${file}-`))) return -1;
    return Number(cell.getAttribute("data-index"));
  }

  /** @param {Event} event */
  function pick(event) {
    const page = field ? pageOf(event) : -1;
    if (!field || page < 0) return;
    event.preventDefault();
    event.stopPropagation();
    field.toggle(page);
    changed();
  }

  document.addEventListener("click", pick, { signal, capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") pick(event);
  }, { signal, capture: true });
  document.addEventListener("input", () => field && changed(), { signal });

  return {
    /** @param {{read: () => number[], toggle: (page: number) => void} | null} next @param {string} name of the file */
    watch(next, name) {
      field = next;
      file = name;
      document.documentElement.toggleAttribute("data-picking", !!next);
    },
    /** The picked pages as objects of the machine. @returns {string[]} */
    lights: () => (field ? ranges(field.read()).split(", ").filter(Boolean).map((range) => `pages ${range}`) : []),
  };
}
