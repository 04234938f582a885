// @ts-check
/** The colours of a listing (highlight.js), for what CodeMirror's C parser finds: classes, so that themes just apply. */

import { tagHighlighter, tags } from "../../vendor/codemirror.js";

export const colours = tagHighlighter([
  { tag: [tags.keyword, tags.typeName, tags.standard(tags.typeName), tags.modifier], class: "k-keyword" },
  { tag: [tags.processingInstruction, tags.meta], class: "k-keyword" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], class: "k-string" },
  { tag: [tags.number, tags.integer, tags.float], class: "k-number" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], class: "k-comment" },
]);
