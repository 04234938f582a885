// @ts-check
/**
 * What a lesson points at, found in the page: `pte 0`, `pages 0-31`, `window readahead`, `vma data.bin`.
 * The names are those of webapp/lesson/objects.py; the machine draws each object with a hook of its own.
 */

/** Objects that stand alone, and the hooks that they are drawn with. @type {Record<string, string>} */
const ALONE = {
  "cpu": '[data-testid="machine-card-cpu"]',
  "tlb": '[data-testid="machine-card-tlb"]',
  "directory": '[data-testid="machine-card-pgd"]',
  "pte card": '[data-testid="machine-card-pte"]',
  "address space": '[data-pane="machine"] .m-strip',
  "page table": '[data-testid^="machine-pte-"][data-index]',
  "page cache": '[data-testid^="machine-page-"][data-index]',
  "lru lists": '[data-testid="machine-lru"]',
  "disk": '[data-pane="machine"] .m-extent',
  "bio": '[data-testid^="machine-bio-"]',
  "marker": '[data-testid^="machine-page-"][data-flags~="readahead"]',
  "call stack": '[data-part="stack"]',
  "window fault-around": '[data-testid="machine-window-fault-around"]',
  "window readahead": '[data-testid="machine-window-readahead"]',
};

/** Which hue an object is outlined in. @param {string} name */
export function hueOf(name) {
  const word = name.split(" ")[0];
  if (name === "window readahead" || name === "marker") return "ra";
  if (["page", "pages", "vma", "lru"].includes(word)) return name === "page table" ? "pt" : "pc";
  if (word === "disk" || word === "bio") return "io";
  return ["cpu", "counter"].includes(word) ? "flt" : "pt";
}

/**
 * The elements that an object is drawn with, now.
 * @param {ParentNode} page @param {string} name @returns {Element[]}
 */
export function elementsOf(page, name) {
  if (ALONE[name]) return [...page.querySelectorAll(ALONE[name])];
  const [kind, ...rest] = name.split(" ");
  const which = rest.join(" ");
  if (kind === "pte" || kind === "ptes") return cells(page, '[data-testid^="machine-pte-"]', which);
  if (kind === "page" || kind === "pages") return cells(page, '[data-testid^="machine-page-"]', which);
  if (kind === "counter") return [...page.querySelectorAll(`[data-testid="machine-counter-${CSS.escape(which)}"]`)];
  if (kind !== "vma") return [];
  return [...page.querySelectorAll(`[data-testid^="machine-vma-"][aria-label^="${CSS.escape(which)},"]`)];
}

/** The cells of a row in columns `3` or `3-18`. @param {ParentNode} page @param {string} hook @param {string} range */
function cells(page, hook, range) {
  const [first, last = first] = range.split("-").map(Number);
  return [...page.querySelectorAll(`${hook}[data-index]`)].filter((cell) => {
    const index = Number(cell.getAttribute("data-index"));
    return index >= first && index <= last;
  });
}
