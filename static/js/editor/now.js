// @ts-check
/** The line at which the program stands, in yellow, as long as the text is the one that runs. */

import { Decoration, EditorView, StateEffect, StateField } from "../../vendor/codemirror.js";

/** @type {import("../../vendor/codemirror.js").StateEffectType<number>} */
const point = StateEffect.define();
const mark = Decoration.line({ class: "cm-now", attributes: { "aria-current": "step" } });

/** @param {any} state @param {number} line */
const at = (state, line) =>
  line > 0 && line <= state.doc.lines ? Decoration.set([mark.range(state.doc.line(line).from)]) : Decoration.none;

const field = StateField.define({
  create: () => ({ line: 0, marks: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(point)) return { line: effect.value, marks: at(transaction.state, effect.value) };
    return transaction.docChanged ? { line: 0, marks: Decoration.none } : value;
  },
  provide: (self) => EditorView.decorations.from(self, (value) => value.marks),
});

export const now = field;

/** What makes this line the current one, or null when it is. @param {EditorView} view @param {number} line 0 for none */
export const showNow = (view, line) => (view.state.field(field).line === line ? null : point.of(line));
