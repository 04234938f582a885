// @ts-check
/**
 * The editor: CodeMirror in our colours.  This module and what it imports are loaded when somebody first edits.
 *
 * Tab moves the focus, as everywhere on the page; Ctrl+] and Ctrl+[ indent.  What the page sets, mistakes, breakpoints
 * and the current line, comes in through `show`; what the student does goes out through `tools`.
 */

import {
  autocompletion,
  bracketMatching,
  completionKeymap,
  cppLanguage,
  defaultKeymap,
  EditorState,
  EditorView,
  history,
  historyKeymap,
  indentOnInput,
  indentUnit,
  keymap,
  LanguageSupport,
  lineNumbers,
  syntaxHighlighting,
} from "../../vendor/codemirror.js";
import { colours } from "./colours.js";
import { completions } from "./complete.js";
import { mistakes, nextMistake, showMistakes } from "./mistakes.js";
import { now, showNow } from "./now.js";
import { showStops, stops } from "./stops.js";
import { typing } from "./typing.js";

/**
 * @typedef {object} Tools
 * @property {string} nonce what the page's policy lets stylesheets bear
 * @property {(text: string) => void} changed
 * @property {(line: number) => void} toggle a breakpoint
 * @property {() => import("./complete.js").Entry[]} library
 */

const CHOICES = 8; // of completion shown at once: a list that scrolls could not be reached by Tab

/** @param {HTMLElement} parent @param {Tools} tools */
export function open(parent, tools) {
  const view = new EditorView({ parent, state: begin("") });
  let held = "";
  /** Whether a change comes from the page and not from the student. */
  let ours = false;

  /** @param {string} text */
  function begin(text) {
    const keys = [
      { key: "F8", run: nextMistake },
      { key: "F9", run: toggleHere },
      ...completionKeymap,
      ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), // runs the program
      ...historyKeymap,
    ];
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(tools.nonce),
        stops(tools.toggle),
        lineNumbers(),
        history(),
        new LanguageSupport(cppLanguage),
        syntaxHighlighting(colours),
        autocompletion({ override: [completions(tools.library)], maxRenderedOptions: CHOICES }),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of("\t"),
        EditorState.tabSize.of(4),
        keymap.of(keys),
        typing,
        mistakes,
        now,
        EditorView.contentAttributes.of({
          "data-testid": "program-editor",
          "aria-label": "Program text, C",
          autocapitalize: "off",
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          held = update.state.doc.toString();
          if (!ours) tools.changed(held);
        }),
      ],
    });
  }

  /** @param {EditorView} target */
  function toggleHere(target) {
    tools.toggle(target.state.doc.lineAt(target.state.selection.main.head).number);
    return true;
  }

  return {
    /** A text to edit from here on: what was typed before cannot be undone into it. @param {string} text */
    begin(text) {
      held = text;
      view.setState(begin(text));
    },
    /** Another text in place of this one, as one step that can be undone. @param {string} text */
    replace(text) {
      if (text === held) return;
      ours = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      ours = false;
    },
    /** @param {{errors: import("./mistakes.js").Problem[], stops: number[], now: number}} marks */
    show(marks) {
      const effects = [showMistakes(view, marks.errors), showStops(view, marks.stops), showNow(view, marks.now)];
      const changed = effects.filter((effect) => effect !== null);
      if (changed.length) view.dispatch({ effects: changed });
    },
    focus: () => view.focus(),
    /** Put the caret at a place. @param {number} line @param {number} column both from 1 */
    select(line, column) {
      const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: Math.min(at.to, at.from + column - 1) }, scrollIntoView: true });
      view.focus();
    },
  };
}
