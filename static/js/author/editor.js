// @ts-check
/** The source of a lesson in CodeMirror: Markdown with its blocks, or C; what is wrong stands below its line. */

import {
  cppLanguage, defaultKeymap, EditorState, EditorView, history, historyKeymap, keymap, LanguageSupport, lineNumbers,
  syntaxHighlighting,
} from "../../vendor/codemirror.js";
import { colours } from "../editor/colours.js";
import { mistakes, nextMistake, showMistakes } from "../editor/mistakes.js";
import { lessonText } from "./language.js";
import { lint, showLint } from "./lint.js";

/** @typedef {import("../editor/mistakes.js").Problem} Problem */

/** @param {HTMLElement} parent @param {{nonce: string, changed: (text: string) => void, moved: (line: number) => void}} tools */
export async function openSource(parent, tools) {
  let ours = false;
  /** @type {Problem[]} */
  let marked = [];

  const view = new EditorView({ parent, state: begin("", "lesson.md") });

  const line = () => view.state.doc.lineAt(view.state.selection.main.head).number;

  /** @param {string} text @param {string} name */
  function begin(text, name) {
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(tools.nonce),
        lint,
        lineNumbers(),
        history(),
        name.endsWith(".md") ? lessonText : [new LanguageSupport(cppLanguage), EditorState.tabSize.of(4)],
        syntaxHighlighting(colours),
        keymap.of([{ key: "F8", run: nextMistake }, ...defaultKeymap, ...historyKeymap]),
        mistakes,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "data-testid": "author-text", tabindex: "0", "aria-label": `Text of ${name}`, spellcheck: name.endsWith(".md") ? "true" : "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !ours) tools.changed(update.state.doc.toString());
          if (update.docChanged || update.selectionSet) tools.moved(line());
        }),
      ],
    });
  }

  return {
    line,
    lines: () => view.state.doc.lines,
    /** Another file. @param {string} text @param {string} name */
    begin(text, name) {
      view.setState(begin(text, name));
      marked = [];
    },
    /** The same file with another text, as one step that can be undone. @param {string} text */
    replace(text) {
      ours = true;
      const head = Math.min(text.length, view.state.selection.main.head);
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: head } });
      ours = false;
    },
    /** @param {Problem[]} problems */
    mark(problems) {
      if (JSON.stringify(problems) === JSON.stringify(marked)) return;
      marked = problems;
      const effects = [showMistakes(view, problems), showLint(problems)].filter((effect) => effect !== null);
      view.dispatch({ effects });
    },
    /** @param {number} number */
    select(number) {
      const at = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
      view.focus();
    },
  };
}
