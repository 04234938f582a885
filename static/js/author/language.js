// @ts-check
/** A lesson's text, coloured: front matter and blocks as YAML, headings, claims and marks. */

import { StreamLanguage } from "../../vendor/codemirror.js";

/** @typedef {{front: boolean, block: boolean, first: boolean}} Where */

export const lessonText = StreamLanguage.define({
  name: "lesson",
  /** @returns {Where} */
  startState: () => ({ front: false, block: false, first: true }),
  /** @param {any} stream @param {Where} where */
  token(stream, where) {
    if (stream.sol()) {
      if (stream.match(/^---\s*$/)) {
        where.front = where.first;
        where.first = false;
        return "meta";
      }
      where.first = where.first && false;
      if (stream.match(/^```.*$/)) {
        where.block = !where.block;
        return "meta";
      }
      if (!where.block && !where.front && stream.match(/^#+\s.*$/)) return "keyword";
    }
    return where.block || where.front ? yaml(stream) : prose(stream);
  },
});

/** @param {any} stream */
function yaml(stream) {
  if (stream.match(/^\s*#.*$/)) return "comment";
  if (stream.match(/^\s*(- )?[\w-]+(?=:(\s|$))/)) return "keyword";
  if (stream.match(/^"[^"]*"|^'[^']*'/)) return "string";
  if (stream.match(/^0x[0-9a-f]+\b|^\d+\b/)) return "number";
  stream.match(/^\w+/) || stream.next();
  return null;
}

/** @param {any} stream */
function prose(stream) {
  if (stream.match(/^`[^`]*`/)) return "string";
  if (stream.match(/^\{(#|\.|claim=|light=)(\{\{\w+(:hex)?\}\}|[^}])*\}/)) return "comment";
  if (stream.match(/^\{\{\w+(:hex)?\}\}/)) return "number";
  stream.match(/^\w+/) || stream.next();
  return null;
}
