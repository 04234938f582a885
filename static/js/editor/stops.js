// @ts-check
/** The gutter of breakpoints: a click sets one on a line or takes it away; F9 does the same for the caret's line. */

import { gutter, GutterMarker, RangeSet, StateEffect, StateField } from "../../vendor/codemirror.js";

/** @type {import("../../vendor/codemirror.js").StateEffectType<number[]>} */
const set = StateEffect.define();

class Disc extends GutterMarker {
  toDOM() {
    const node = document.createElement("span");
    node.className = "stop-disc";
    return node;
  }
}
const disc = new Disc();

/** @param {any} doc @param {number[]} lines */
const discs = (doc, lines) =>
  RangeSet.of(
    lines.filter((line) => line <= doc.lines).sort((a, b) => a - b).map((line) => disc.range(doc.line(line).from)),
  );

/** @type {number[]} */
const NONE = [];

const field = StateField.define({
  create: () => ({ lines: NONE, marks: RangeSet.empty }),
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(set)) return { lines: effect.value, marks: discs(transaction.state.doc, effect.value) };
    return transaction.docChanged ? { ...value, marks: value.marks.map(transaction.changes) } : value;
  },
});

/** @param {(line: number) => void} toggle */
export const stops = (toggle) => [
  field,
  gutter({
    class: "cm-stops",
    markers: (view) => view.state.field(field).marks,
    initialSpacer: () => disc,
    domEventHandlers: {
      mousedown(view, line) {
        toggle(view.state.doc.lineAt(line.from).number);
        return true;
      },
    },
  }),
];

/** What shows these breakpoints, or null when they are on show. @param {any} view @param {number[]} lines */
export const showStops = (view, lines) =>
  String(view.state.field(field).lines) === String(lines) ? null : set.of(lines);
