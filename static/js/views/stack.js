// @ts-check
/** The call stack, deepest frame last; below it what has just returned, or why there is no stack. */

import { attrs, h, join, must, text } from "../dom.js";
import { sentence } from "../format.js";
import { hue } from "../hue.js";

/** @typedef {import("../select.js").State} State */
/** @typedef {import("../frames.js").Frame} Frame */

const BEFORE = "Run the program to see its first fault.";
const OVER = "The program has ended, so no kernel function is live.";
const IDLE = "The program is running in user mode, so no kernel function is live.";

/** @param {Frame} frame */
const parts = (frame) => [
  h("span", { class: "swatch", "data-hue": hue(frame.file), "data-inlined": frame.inlined, "aria-hidden": "true" }),
  h("span", { class: "fn mono" }, frame.fn),
  frame.inlined ? h("span", { class: "tag" }, "inlined") : null,
  h("span", { class: "file" }, frame.file),
];

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void}} tools */
export function create(root, { dispatch }) {
  const list = must(root, "[data-testid=kernel-stack]");
  const depth = must(root, "[data-testid=kernel-depth]");
  const returned = must(root, ".returned");
  const returnedList = must(root, "[data-testid=kernel-returned]");
  const idle = must(root, "[data-testid=kernel-idle]");
  let last = -1;

  function toFoot() {
    root.scrollTop = list.offsetTop + list.offsetHeight - root.clientHeight;
  }

  /** @param {Frame} frame @param {number} i */
  const item = (frame, i) =>
    h(
      "li",
      {
        "data-testid": `kernel-frame-${i}`,
        "data-fn": frame.fn,
        "data-file": frame.file,
        "data-inlined": frame.inlined,
      },
      h("button", { type: "button", class: "frame", onClick: () => dispatch({ type: "ui", ui: { frame: i } }) }, ...parts(frame)),
      h("button", {
        type: "button",
        class: "stop-here",
        tabindex: "-1",
        "aria-label": `Breakpoint on ${frame.fn}`,
        title: `Stop wherever ${frame.fn} is called`,
        onClick: () => dispatch({ type: "stop", how: "toggle", text: frame.fn }),
      }),
    );

  return (/** @type {State} */ { frames, returned: gone, run, stage, rows, ui, cursor, functions, stops }) => {
    const stopped = new Map(stops.flatMap((one) => (one.place?.kind === "function" ? [[one.place.fn, one.on]] : [])));
    const deepest = frames.length - 1;
    text(depth, frames.length === 0 ? "empty" : frames.length === 1 ? "1 frame" : `${frames.length} frames`);
    join(
      list,
      frames,
      (frame, i) => `${i} ${frame.fn} ${frame.file}`,
      item,
      (node, frame, i) => {
        attrs(node, {
          "data-line": frame.line || null,
          "aria-current": i === deepest ? "true" : null,
          "data-selected": ui.frame === i,
        });
        const on = stopped.get(frame.fn);
        attrs(node.lastChild, { "aria-pressed": String(on !== undefined), "data-on": on === undefined ? null : on ? "yes" : "no" });
      },
    );
    join(
      returnedList,
      gone,
      (frame) => `${frame.stage} ${frame.fn} ${frame.file}`,
      (frame) => h("li", { "data-fn": frame.fn, "data-file": frame.file }, ...parts(frame)),
    );
    returned.hidden = gone.length === 0;
    idle.hidden = frames.length > 0;
    if (!frames.length) {
      const lines = run ? [sentence(stage, functions), rows.program?.exit ? OVER : IDLE] : [BEFORE];
      join(
        idle,
        lines,
        (_, i) => i,
        () => h("p"),
        (node, line) => text(node, line),
      );
    }
    // The deepest frame is the one that matters: keep the foot of the list in view.
    if (cursor !== last) queueMicrotask(toFoot);
    last = cursor;
  };
}
