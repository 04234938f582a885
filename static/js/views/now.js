// @ts-check
/** On a small screen: the current line above the machine, the current function below it. */

import { attr, must, text } from "../dom.js";
import { sentence } from "../format.js";
import { hue } from "../hue.js";

/** @param {HTMLElement} root */
export function create(root) {
  const line = must(root, "[data-part=now-line]");
  const card = must(root, "[data-part=now-card]");

  return (/** @type {import("../select.js").State} */ { user, program, stage, frames, functions }) => {
    line.hidden = !user.line;
    text(must(line, ".now-number"), user.line);
    text(must(line, ".now-text"), (program?.text.split("\n")[user.line - 1] ?? "").trim());
    const name = Object.keys(user.vars).at(-1);
    text(must(line, ".now-vars"), name ? `${name} = ${user.vars[name]}` : "");
    const frame = frames.at(-1);
    card.hidden = !stage;
    attr(must(card, ".swatch"), "data-hue", hue(frame?.file ?? ""));
    text(must(card, ".now-fn"), frame?.fn ?? user.fn);
    text(must(card, ".now-file"), frame?.file ?? "");
    text(must(card, ".now-depth"), frames.length ? `${frames.length} deep` : "user mode");
    text(must(card, ".now-sentence"), sentence(stage, functions));
  };
}
