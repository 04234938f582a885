// @ts-check
/**
 * Typing over a selection, done by the editor itself.  Left to the browser, it would carry the look of the deleted text
 * over as inline styles, which the page's policy refuses with a complaint in the console.
 */

import { EditorView } from "../../vendor/codemirror.js";

export const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const selection = document.getSelection();
    if (event.inputType !== "insertText" || event.data === null || view.composing || !selection?.rangeCount) return false;
    const range = selection.getRangeAt(0);
    if (range.collapsed || !view.contentDOM.contains(range.commonAncestorContainer)) return false;
    const from = view.posAtDOM(range.startContainer, range.startOffset);
    const to = view.posAtDOM(range.endContainer, range.endOffset);
    view.dispatch({
      changes: { from, to, insert: view.state.toText(event.data) },
      selection: { anchor: from + event.data.replaceAll("\r\n", "\n").length },
      scrollIntoView: true,
      userEvent: "input.type",
    });
    return true;
  },
});
