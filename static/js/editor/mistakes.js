// @ts-check
/** What does not compile: a wavy line under the place, the message under the line. */

import { Decoration, EditorView, StateEffect, StateField, WidgetType } from "../../vendor/codemirror.js";

/** @typedef {{line: number, column: number, message: string, severity?: string}} Problem */

/** @type {import("../../vendor/codemirror.js").StateEffectType<Problem[]>} */
const found = StateEffect.define();
const wavy = Decoration.mark({ class: "cm-mistake" });

class Message extends WidgetType {
  /** @param {Problem} problem */
  constructor(problem) {
    super();
    this.problem = problem;
  }

  /** @param {Message} other */
  eq(other) {
    return other.problem.message === this.problem.message && other.problem.severity === this.problem.severity;
  }

  toDOM() {
    const node = document.createElement("div");
    node.className = "line-note cm-message";
    if (this.problem.severity) node.dataset.severity = this.problem.severity;
    node.dataset.testid = `program-mistake-${this.problem.line}`;
    node.textContent = this.problem.message;
    return node;
  }
}

/** The word at a place, or what stands there. @param {any} doc @param {Problem} problem @returns {[number, number]} */
function extent(doc, { line, column }) {
  const { from, to, text } = doc.line(Math.min(line, doc.lines));
  const start = Math.min(column - 1, Math.max(0, text.length - 1));
  const word = /^\w+/.exec(text.slice(start));
  return [from + start, Math.min(to, from + start + (word ? word[0].length : 1))];
}

/** @param {any} state @param {Problem[]} problems */
function marks({ doc }, problems) {
  const ranges = problems.flatMap((problem) => {
    const [from, to] = extent(doc, problem);
    const note = Decoration.widget({ widget: new Message(problem), side: 1, block: true });
    return [...(to > from ? [wavy.range(from, to)] : []), note.range(doc.lineAt(from).to)];
  });
  return Decoration.set(ranges, true);
}

/** @type {Problem[]} */
const NONE = [];

const field = StateField.define({
  create: () => ({ problems: NONE, marks: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(found)) return { problems: effect.value, marks: marks(transaction.state, effect.value) };
    // While one types on, the marks move with the text; the next check sets them anew.
    return transaction.docChanged ? { ...value, marks: value.marks.map(transaction.changes) } : value;
  },
  provide: (self) => EditorView.decorations.from(self, (value) => value.marks),
});

export const mistakes = field;

/** What shows these, or null when they are on show. @param {EditorView} view @param {Problem[]} problems */
export const showMistakes = (view, problems) =>
  view.state.field(field).problems === problems ? null : found.of(problems);

/** Go to the next mistake after the caret, or to the first. @param {EditorView} view */
export function nextMistake(view) {
  const { problems } = view.state.field(field);
  if (!problems.length) return false;
  const places = problems.map((problem) => extent(view.state.doc, problem)[0]).sort((a, b) => a - b);
  const next = places.find((at) => at > view.state.selection.main.head) ?? places[0];
  view.dispatch({ selection: { anchor: next }, scrollIntoView: true });
  return true;
}
