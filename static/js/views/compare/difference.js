// @ts-check
/** Where the runs part: the calls of both, those of one run alone marked, and the reason in sentences. */

import { attr, h, text } from "../../dom.js";
import { chain, trees } from "../../compare/trees.js";
import { reasons } from "../../compare/reasons.js";

/** @typedef {import("../../compare.js").View} View */

const MOST = 200; // rows of a tree
const SEEN_BEFORE = 85; // px of shared calls above the first that is not

/** @param {HTMLElement} root @param {{link: (side: any, stage: number) => Promise<string>}} tools */
export function create(root, { link }) {
  const title = h("h2", { id: "compare-difference-title" });
  const inB = h("h2", { "aria-hidden": "true" }, "Run B");
  const [treeA, treeB] = ["a", "b"].map((name) => h("ol", { class: "cmp-tree mono", tabindex: "0", "aria-label": `Calls of run ${name.toUpperCase()}`, "data-testid": `compare-tree-${name}` }));
  const why = h("div", { class: "cmp-why", "data-testid": "compare-why" });
  const [toA, toB] = ["a", "b"].map((name) => h("a", { class: "button", "data-testid": `compare-open-${name}` }, name === "a" ? "Go to this stage in A" : "In B"));
  root.replaceChildren(
    h("div", { class: "cmp-side" }, title, treeA),
    h("div", { class: "cmp-side" }, inB, treeB),
    h("div", { class: "cmp-side" }, h("h2", {}, "Why they part"), why, h("p", { class: "cmp-links" }, toA, toB)),
  );
  let shown = "";
  let of = /** @type {unknown} */ (null);

  return (/** @type {View} */ view) => {
    const { steps } = view.alignment;
    const i = steps[view.k].differs ? view.k : view.first;
    if (of === view.alignment && shown === String(i)) return;
    of = view.alignment;
    shown = String(i);
    attr(root, "data-state", i < 0 ? "same" : "diff");
    if (i < 0) {
      text(title, "No difference");
      treeA.replaceChildren();
      treeB.replaceChildren();
      why.replaceChildren(h("p", {}, "The kernel does the same for both programs, from the first stage to the last."));
      toA.hidden = toB.hidden = true;
      return;
    }
    const step = steps[i];
    text(title, `${i === view.first ? "First difference" : "Difference"}: ${place(view, step)}. Run A`);
    const both = trees(view.a, view.b, step);
    const folded = Math.min(chain(both.a), chain(both.b));
    fill(treeA, both.a, folded);
    fill(treeB, both.b, folded);
    why.replaceChildren(...reasons(view.a, view.b, step, view.alignment).map((sentence) => h("p", {}, sentence)));
    toA.hidden = toB.hidden = false;
    link(view.a, (both.a.find((one) => !one.shared) ?? { n: step.a.from }).n).then((address) => attr(toA, "href", address));
    link(view.b, (both.b.find((one) => !one.shared) ?? { n: step.b.from }).n).then((address) => attr(toB, "href", address));
  };
}

/** @param {View} view @param {import("../../compare/align.js").Step} step */
function place(view, step) {
  const fault = view.a.timeline.faults.faults.find((one) => one.n >= step.a.from && one.n <= step.a.to);
  const line = step.line ? `line ${step.line}` : "the start";
  return fault ? `fault ${fault.k}${fault.page === null ? "" : `, page ${fault.page}`}, ${line}` : line;
}

/** @param {HTMLElement} list @param {import("../../compare/trees.js").Call[]} calls @param {number} folded */
function fill(list, calls, folded) {
  const base = calls[0]?.depth ?? 0;
  const top = calls.slice(0, folded);
  const rows = calls.slice(folded, folded + MOST);
  list.replaceChildren(
    ...(top.length ? [h("li", { class: "cmp-chain" }, top.map((one) => one.fn).join(" › "))] : []),
    ...rows.map((one) => {
      const row = h("li", { "data-state": one.shared ? null : "diff", "data-fn": one.fn }, h("span", {}, `${one.fn}${one.times > 1 ? ` ×${one.times}` : ""}`), one.args && h("span", { class: "note" }, one.args));
      row.style.setProperty("--depth", String(Math.max(0, one.depth - base - folded) + (folded ? 1 : 0)));
      return row;
    }),
    ...(calls.length > folded + MOST ? [h("li", { class: "note" }, `and ${calls.length - folded - MOST} calls more`)] : []),
  );
  const parting = /** @type {HTMLElement | null} */ (list.querySelector("[data-state=diff]"));
  list.scrollTop = parting ? parting.offsetTop - SEEN_BEFORE : 0;
}
