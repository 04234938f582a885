// @ts-check
/** Figures of both runs: here, between the two states, and at the end, below the lanes. */

import { attr, h, text } from "../../dom.js";
import { duration, grouped } from "../../format.js";
import { figures } from "../../compare/figures.js";

/** @typedef {import("../../compare.js").View} View */
/** @typedef {ReturnType<typeof figures>} Figures */

/** @type {[keyof Figures, string, (value: number) => string][]} */
const ROWS = [
  ["faults", "Faults so far", grouped],
  ["major", "Major", grouped],
  ["minor", "Minor", grouped],
  ["requests", "Disk reads", grouped],
  ["perRequest", "Pages per read", String],
  ["read", "Pages read", grouped],
  ["cached", "Pages cached", grouped],
  ["time", "Time", duration],
];

/** @param {HTMLElement} root @param {HTMLElement} sums */
export function create(root, sums) {
  const table = h("table", {}, h("caption", { class: "visually-hidden" }, "Figures of both runs up to here"), head(""));
  const body = h("tbody");
  table.append(body);
  root.replaceChildren(table);
  const cells = ROWS.map(([key, title]) => {
    const [a, b] = [h("td", { class: "num mono" }), h("td", { class: "num mono" })];
    const row = h("tr", { "data-testid": `compare-metric-${key}` }, a, h("th", { scope: "row" }, title), b);
    body.append(row);
    return { a, b, row };
  });
  let summed = /** @type {unknown} */ (null);

  return (/** @type {View} */ view) => {
    const [a, b] = [figures(view.a.timeline, view.n[0]), figures(view.b.timeline, view.n[1])];
    ROWS.forEach(([key, , say], i) => {
      text(cells[i].a, say(a[key]));
      text(cells[i].b, say(b[key]));
      attr(cells[i].row, "data-state", a[key] === b[key] ? null : "diff");
    });
    if (summed === view.alignment) return;
    summed = view.alignment;
    total(sums, view);
  };
}

/** @param {string} middle */
const head = (middle) => h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "num" }, "A"), h("td", {}, middle), h("th", { scope: "col", class: "num" }, "B")));

/** @param {HTMLElement} root @param {View} view */
function total(root, { a, b, alignment }) {
  const ends = [a, b].map((side) => figures(side.timeline, side.timeline.stages.length - 1));
  const differ = alignment.steps.filter((step) => step.differs).length;
  const row = (/** @type {string} */ name, /** @type {any} */ side, /** @type {Figures} */ sum) =>
    h("tr", { "data-testid": `compare-sum-${name.toLowerCase()}` }, h("th", { scope: "row" }, `${name} ${side.share.name}`), ...ROWS.map(([key, , say]) => h("td", { class: "num mono" }, say(sum[key]))), h("td", {}, side.why));
  root.replaceChildren(
    h("caption", {}, `At the end. ${differ === 0 ? "In no step do the runs differ." : `The runs differ in ${differ} of ${alignment.steps.length} steps.`}${alignment.paired === "order" ? " The programs have too little in common, so their accesses are paired in their order." : ""}`),
    h("thead", {}, h("tr", {}, h("td"), ...ROWS.map(([, title]) => h("th", { scope: "col", class: "num" }, title.replace(" so far", ""))), h("th", { scope: "col" }, "Ended"))),
    h("tbody", {}, row("A", a, ends[0]), row("B", b, ends[1])),
  );
}
