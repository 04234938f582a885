// @ts-check
/** What was found: problems with the way to each, and the steps with the stage that each reaches. */

import { attr, h, join, text } from "../dom.js";
import { grouped } from "../format.js";

/** @typedef {{file: string, line: number, what: string, remedy: string, severity: string}} Found */

/** @param {number} n @param {string} what */
const count = (n, what) => `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;

/**
 * @param {{problems: Element, lines: Element, verdict: Element, figures: Element}} parts
 * @param {{toProblem: (problem: Found) => void, toStep: (line: number) => void}} acts
 */
export function createChecks(parts, { toProblem, toStep }) {
  /** The steps of the last version that could be read. @type {any[]} */
  let steps = [];

  return {
    /** @param {any} sheet */
    draw({ problems, claims, lines, run, shown }) {
      const errors = problems.filter((/** @type {Found} */ { severity }) => severity === "error").length;
      const real = claims.kernel ? `, ${claims.kernel} also on the real kernel` : "";
      text(parts.verdict, `${count(errors, "error")}, ${count(problems.length - errors, "warning")}; `
        + (claims.all ? `${claims.model} of ${count(claims.all, "claim")} hold on the model${real}` : "no claims were checked"));
      join(parts.problems, problems, (/** @type {Found} */ each) => JSON.stringify(each), (each) => problem(each, toProblem));
      if (shown) {
        steps = lines;
        text(parts.figures, `${count(run.stages, "stage")}, ${count(run.faults, "fault")}, ${run.major} major, ${count(run.requests, "request")}`);
      }
      const wrong = (/** @type {number} */ n) => problems.find((/** @type {Found} */ { file, line }) =>
        file === "lesson.md" && line >= steps[n].line && line < (steps[n + 1]?.line ?? Infinity));
      parts.lines.replaceChildren(...steps.map((line, n) => row(line, n, wrong(n), toStep)));
    },
    /** The step at the caret. @param {string} id */
    at(id) {
      for (const row of parts.lines.children) attr(row, "aria-current", row.getAttribute("data-step") === id ? "step" : null);
    },
  };
}

/** @param {Found} each @param {(problem: Found) => void} go */
function problem(each, go) {
  const { file, line, what, remedy, severity } = each;
  const place = line ? `${file}:${line}` : file;
  return h("li", { "data-severity": severity },
    h("b", { class: "author-severity" }, severity === "error" ? "Error" : "Warning"),
    h("button", { type: "button", class: "link mono", onClick: () => go(each) }, place),
    h("span", {}, what, " ", h("span", { class: "note" }, remedy)));
}

/** @param {any} line @param {number} n @param {Found | undefined} wrong @param {(line: number) => void} go */
function row({ id, title, kind, line, at, stage }, n, wrong, go) {
  const reached = at === null ? "anywhere" : stage === null ? "never reached" : "reached";
  const state = wrong?.severity ?? (stage === null && at !== null ? "error" : "ok");
  return h("tr", { "data-step": id, "data-state": state },
    h("td", { class: "num" }, n + 1),
    h("td", {}, h("button", { type: "button", class: "link", onClick: () => go(line) }, title)),
    h("td", {}, kind),
    h("td", { class: "mono" }, at ?? "–"),
    h("td", { class: "num" }, stage === null ? "–" : grouped(stage)),
    h("td", { class: "author-word" }, state === "ok" ? reached : wrong ? `${wrong.severity} in line ${wrong.line}` : reached));
}
