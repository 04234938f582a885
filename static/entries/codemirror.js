export { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
export { cppLanguage } from "@codemirror/lang-cpp";
export { bracketMatching, indentOnInput, indentUnit, LanguageSupport, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
export { EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
export { Decoration, EditorView, gutter, GutterMarker, keymap, lineNumbers, WidgetType } from "@codemirror/view";
export { tagHighlighter, tags } from "@lezer/highlight";
