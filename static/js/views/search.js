// @ts-check
/** The search sheet: what is typed, what it finds in all stages, and going there. */

import { attr, attrs, h, join, must, text } from "../dom.js";
import { grouped, moment, sentence } from "../format.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../select.js").State} State */
/** @typedef {import("../search.js").Found} Found */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const input = /** @type {HTMLInputElement} */ (must(root, "[data-testid=search-query]"));
  const list = must(root, "[data-testid=search-results]");
  const said = must(root, "[data-testid=search-said]");
  const hint = must(root, ".search-hint");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  let active = -1;
  let shown = /** @type {Found | null} */ (null);
  let open = false;

  const options = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);

  /** @param {number} i */
  function activate(i) {
    const all = options();
    active = all.length ? Math.max(0, Math.min(all.length - 1, i)) : -1;
    all.forEach((node, k) => attr(node, "aria-selected", String(k === active)));
    attr(input, "aria-activedescendant", all[active]?.id ?? null);
    all[active]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement | undefined} option */
  function go(option) {
    if (!option) return;
    dispatch({ type: "ui", ui: { sheet: null } });
    dispatch({ type: "goto", n: Number(option.dataset.stage) });
  }

  input.addEventListener("input", () => dispatch({ type: "ui", ui: { query: input.value } }), { signal });
  input.addEventListener(
    "keydown",
    (event) => {
      const moves = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 });
      if (moves[event.key]) activate(active + moves[event.key]);
      else if (event.key === "Enter") go(options()[active]);
      else return;
      event.preventDefault();
    },
    { signal },
  );
  list.addEventListener("click", (/** @type {Event} */ event) => go(/** @type {any} */ (event.target).closest("[role=option]")), { signal });

  /** @param {Found} found @param {State} state */
  function fill(found, state) {
    const { stages } = state.spans;
    join(
      list,
      found.groups,
      (group, i) => `${found.query} ${i}`,
      (group, i) => h("li", { role: "group", "aria-labelledby": `found-${i}` }, h("p", { class: "found-head", id: `found-${i}` }), h("ul", { role: "presentation" })),
      (node, group) => {
        text(node.firstChild, group.total > group.hits.length ? `${group.title}: ${grouped(group.total)}, the first ${group.hits.length}` : group.title);
        join(
          node.lastChild,
          group.hits,
          (n) => n,
          (n) => option(stages[n], n, state.functions),
          (item, n) => attr(item, "data-here", n === state.cursor),
        );
      },
    );
    activate(0);
  }

  return (/** @type {State} */ state) => {
    const { ui, found } = state;
    if (ui.sheet === "search" && !open) {
      input.value = ui.query;
      show(true);
      input.select();
    } else show(ui.sheet === "search");
    open = ui.sheet === "search";
    if (!found) return;
    hint.hidden = found.query.trim() !== "";
    text(said, summary(found, state));
    said.classList.toggle("wrong", found.wrong !== "");
    attrs(input, { "aria-invalid": found.wrong ? "true" : null, "aria-expanded": String(found.groups.length > 0) });
    if (found !== shown) fill(found, state);
    shown = found;
  };
}

/** @param {any} stage @param {number} n @param {Record<string, any>} functions */
const option = (stage, n, functions) =>
  h(
    "li",
    { role: "option", id: `found-stage-${n}`, "data-stage": n, "data-testid": `search-stage-${n}` },
    h("span", { class: "mono found-n" }, n),
    h("span", { class: "found-what" }, h("b", { class: "mono" }, stage.fn), " ", sentence(stage, functions)),
    h("span", { class: "found-t" }, moment(stage.t)),
  );

/** @param {Found} found @param {State} state */
function summary({ query, wrong, total, places, groups }, { count, done }) {
  if (wrong) return wrong;
  if (!query.trim()) return "";
  const all = `${grouped(count)} stages${done ? "" : " so far"}`;
  if (total === 0) return `Nothing in ${all}.`;
  const where = places === 1 ? "one place" : `${grouped(places)} places`;
  return `${grouped(total)} of ${all}, in ${where}${places > groups.length ? `, the first ${groups.length} shown` : ""}.`;
}
