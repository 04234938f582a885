// @ts-check
/** The program pane: the C text with the current line, or the editor; and what did not compile. */

import { attr, h, must, text } from "../dom.js";
import { createListing } from "../listing.js";
import { createEditor, stopsOf } from "./program/editor.js";
import { createFiles } from "./program/files.js";
import { createGutter } from "./program/gutter.js";
import { createNotice } from "./program/notice.js";
import { createProblems } from "./program/problems.js";
import { whereabouts } from "./program/where.js";

/** @typedef {import("../select.js").State} State */

/** @param {State | null} state */
const nameOf = (state) => state?.draftName ?? state?.program?.name ?? "prog.c";

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const name = must(root, "[data-testid=program-name]");
  const where = must(root, "[data-testid=program-where]");
  const code = must(root, "[data-testid=program-text]");
  const run = must(root, "[data-testid=program-run]");
  const edit = must(root, "[data-testid=program-edit]");
  const cancel = must(root, "[data-testid=program-cancel]");
  const listing = createListing(code, "c");
  const toggle = (/** @type {number} */ line) => dispatch({ type: "stop", how: "toggle", text: `line ${line}` });
  const gutter = createGutter(code, toggle, signal);
  const editor = createEditor(must(root, ".editor"), { changed: (draft) => dispatch({ type: "draft", text: draft }), toggle });
  const problems = createProblems(must(root, "[data-testid=program-problems]"), editor.select, signal);
  let shown = /** @type {string | null} */ (null);
  let noted = /** @type {HTMLElement | null} */ (null);
  let slow = 0;
  let latest = /** @type {State | null} */ (null);

  /** @param {Element} button @param {() => void} action */
  const click = (button, action) => button.addEventListener("click", action, { signal });
  click(run, () => dispatch({ type: "run" }));
  click(edit, () => begin(shown ?? "", null));
  createFiles(
    root,
    {
      edit: begin,
      trouble: (what) => dispatch({ type: "trouble", error: { what, errors: [] } }),
      program: () => ({
        name: nameOf(latest),
        text: latest?.draft ?? latest?.program?.text ?? "",
        origin: latest?.origin ?? null,
      }),
    },
    signal,
  );

  const notice = createNotice(
    must(root, "[data-testid=program-notice]"),
    {
      close: () => dispatch({ type: "notice", notice: null }),
      back(program) {
        dispatch({ type: "notice", notice: null });
        begin(program.text, program.name);
      },
    },
    signal,
  );

  /** @param {string} text @param {string | null} name null: the one it has */
  function begin(text, name) {
    dispatch({ type: "draft", text, name });
    dispatch({ type: "ui", ui: { editing: true, playing: false } });
    editor.focus();
  }
  click(cancel, () => {
    dispatch({ type: "draft", text: null });
    dispatch({ type: "trouble", error: null });
    dispatch({ type: "ui", ui: { editing: false } });
  });

  /** A line under a line of the program. @param {State} state */
  function note({ rows, user, stage }) {
    noted?.remove();
    noted = null;
    const exit = rows.program?.exit ?? "";
    if (stage?.kind !== "signal" && !/^SIG/.test(exit)) return;
    noted = h(
      "span",
      { class: "line-note", "data-testid": "program-signal" },
      stage?.kind === "signal" ? stage.text : exit,
    );
    listing.at(user.line)?.after(noted);
  }

  /** "Compiling" only when it takes long enough to be noticed. @param {boolean} compiling */
  function wait(compiling) {
    if (!compiling) {
      clearTimeout(slow);
      slow = 0;
    } else if (!slow) slow = window.setTimeout(() => attr(root, "data-compiling", true), 300);
    if (!compiling) attr(root, "data-compiling", null);
  }
  signal.addEventListener("abort", () => clearTimeout(slow));

  return (/** @type {State} */ state) => {
    const { ui, program } = state;
    latest = state;
    wait(ui.compiling);
    text(name, nameOf(state));
    text(where, whereabouts(state));
    run.hidden = !ui.editing;
    cancel.hidden = !ui.editing;
    edit.hidden = ui.editing;
    editor.render(state);
    code.hidden = ui.editing && editor.ready();
    notice(state.notice);
    problems.render(state.trouble ?? state.checked);
    if (program && program.text !== shown) {
      shown = program.text;
      listing.show(program.text.replace(/\n$/, "").split("\n"));
      gutter.renew();
    }
    gutter.render(stopsOf(state));
    listing.point(state.user.line);
    note(state);
  };
}
