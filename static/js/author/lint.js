// @ts-check
/** The gutter of marks: a cross beside a line with an error, a triangle beside one with a warning. */

import { gutter, GutterMarker, RangeSet, StateEffect, StateField } from "../../vendor/codemirror.js";

/** @typedef {import("../editor/mistakes.js").Problem} Problem */

/** @type {import("../../vendor/codemirror.js").StateEffectType<Problem[]>} */
const set = StateEffect.define();

class Mark extends GutterMarker {
  /** @param {string} severity */
  constructor(severity) {
    super();
    this.severity = severity;
  }

  /** @param {Mark} other */
  eq(other) {
    return other.severity === this.severity;
  }

  toDOM() {
    const node = document.createElement("span");
    node.className = "lint-mark";
    node.dataset.severity = this.severity;
    node.textContent = this.severity === "warning" ? "△" : "✕";
    node.title = this.severity;
    return node;
  }
}

/** One mark a line, the graver. @param {any} doc @param {Problem[]} problems */
function marks(doc, problems) {
  /** @type {Map<number, string>} */
  const worst = new Map();
  for (const { line, severity = "error" } of problems)
    if (line <= doc.lines && worst.get(line) !== "error") worst.set(line, severity);
  const lines = [...worst].sort(([a], [b]) => a - b);
  return RangeSet.of(lines.map(([line, severity]) => new Mark(severity).range(doc.line(line).from)));
}

const field = StateField.define({
  create: () => RangeSet.empty,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(set)) return marks(transaction.state.doc, effect.value);
    return transaction.docChanged ? value.map(transaction.changes) : value;
  },
});

export const lint = [field, gutter({ class: "cm-lint", markers: (view) => view.state.field(field), initialSpacer: () => new Mark("error") })];

/** What shows these. @param {Problem[]} problems */
export const showLint = (problems) => set.of(problems);
