// @ts-check
/**
 * The system's own words: what a command prints at the stage on show, asked again at every stage.
 *
 * The text of files comes from the server, one question at a time; the rest is made of the rows held here.  A line that
 * was not there at the stage shown before is marked.
 */

import { complete, FILES, HELP, readCommand } from "../../console/commands.js";
import { mincore } from "../../console/mincore.js";
import { common } from "../../diff.js";
import { attr, attrs, h, join, must, text } from "../../dom.js";
import { grouped } from "../../format.js";

/** @typedef {import("../../select.js").State} State */
/** @typedef {{key: string, stage: number, lines: string[], marks: Set<number>, since: number, gone: number}} Shown */

const HISTORY = 100;

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const input = /** @type {HTMLInputElement} */ (must(root, "[data-testid=console-input]"));
  const output = must(root, "[data-testid=console-output]");
  const said = must(root, "[data-testid=console-said]");
  const picker = /** @type {HTMLSelectElement} */ (must(root, "[data-testid=console-file]"));
  const note = must(root, "[data-testid=console-stage]");
  /** @type {string[]} */
  const history = [];
  let back = 0;
  let command = /** @type {import("../../console/commands.js").Command} */ ({ kind: "cat", path: FILES[0][0] });
  let latest = /** @type {State | null} */ (null);
  let asking = "";
  let shown = /** @type {Shown | null} */ (null);
  let misread = false;

  picker.replaceChildren(...FILES.map(([path]) => h("option", { value: path }, path)), h("option", { value: "" }, "other"));

  const keyOf = (/** @type {State} */ state) => `${state.run?.run} ${JSON.stringify(command)}`;

  /** @param {string} what @param {boolean} wrong */
  function say(what, wrong = false) {
    text(said, what);
    said.classList.toggle("wrong", wrong);
    attr(input, "aria-invalid", wrong ? "true" : null);
  }

  /** @param {State} state @param {string} key @param {number} stage @param {string[]} lines */
  function show(state, key, stage, lines) {
    const before = shown?.key === key && shown.stage !== stage ? shown : null;
    const of = before ? common(before.lines, lines) : null;
    const marks = new Set(of ? [...of.keys()].filter((i) => of[i] < 0) : []);
    const kept = of ? of.filter((i) => i >= 0).length : 0;
    shown = { key, stage, lines, marks, since: before?.stage ?? -1, gone: before ? before.lines.length - kept : 0 };
    join(
      output,
      lines,
      (_, i) => i,
      () => h("li"),
      (node, line, i) => {
        text(node, line === "" ? " " : line);
        attrs(node, { "data-changed": marks.has(i) ? "" : null, "aria-label": marks.has(i) ? `changed: ${line}` : null });
      },
    );
    text(note, `after stage ${grouped(stage)}`);
    root.dataset.stage = String(stage);
    if (!misread) say(summary(shown));
  }

  /** Ask for what is on show, unless it is on its way. */
  function refresh() {
    const state = latest;
    if (!state || state.cursor < 0 || !state.ui.console) return;
    const key = keyOf(state);
    const stage = state.cursor;
    if (shown?.key === key && shown.stage === stage) return;
    if (command.kind === "help") return show(state, key, stage, HELP);
    if (command.kind === "mincore") {
      const lines = mincore(state.rows, command.name);
      return typeof lines === "string" ? refuse(key, stage, lines) : show(state, key, stage, lines);
    }
    if (asking) return;
    asking = `${key} ${stage}`;
    dispatch({
      type: "cat",
      path: command.path,
      stage,
      tell(/** @type {any} */ reply) {
        asking = "";
        if (latest && keyOf(latest) === key) {
          if (reply.ok) show(state, key, stage, linesOf(reply));
          else refuse(key, stage, reply.error.what);
        }
        refresh();
      },
    });
  }

  /** @param {string} key @param {number} stage @param {string} what */
  function refuse(key, stage, what) {
    shown = { key, stage, lines: [], marks: new Set(), since: -1, gone: 0 };
    output.replaceChildren();
    root.dataset.stage = String(stage);
    say(what, true);
  }

  /** @param {string} line */
  function run(line) {
    const read = readCommand(line);
    if (history.at(-1) !== line) history.push(line);
    if (history.length > HISTORY) history.shift();
    back = history.length;
    misread = typeof read === "string";
    if (typeof read === "string") return say(read, true);
    input.value = "";
    if (said.classList.contains("wrong")) shown = null;
    command = read;
    picker.value = read.kind === "cat" && FILES.some(([path]) => path === read.path) ? read.path : "";
    output.parentElement?.scrollTo(0, 0);
    refresh();
  }

  must(root, "form").addEventListener(
    "submit",
    (/** @type {Event} */ event) => {
      event.preventDefault();
      if (input.value.trim()) run(input.value.trim());
    },
    { signal },
  );
  picker.addEventListener("change", () => picker.value && run(`cat ${picker.value}`), { signal });
  input.addEventListener("input", () => (misread = false), { signal });
  input.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        back = Math.max(0, Math.min(history.length, back + (event.key === "ArrowUp" ? -1 : 1)));
        input.value = history[back] ?? "";
      } else if (event.key === "Tab" && !event.shiftKey && input.value) {
        const longer = complete(input.value, Object.keys(latest?.run?.files ?? {}));
        // Where there is nothing to complete, Tab goes on as everywhere.
        if (longer === input.value) return;
        input.value = longer;
      } else if (event.key === "Escape") dispatch({ type: "ui", ui: { console: false } });
      else return;
      event.preventDefault();
    },
    { signal },
  );

  return (/** @type {State} */ state, /** @type {boolean} */ opened) => {
    latest = state;
    if (opened) input.focus();
    refresh();
  };
}

/** @param {{text: string, left: number}} reply */
function linesOf({ text: whole, left }) {
  const lines = whole.replace(/\n$/, "").split("\n");
  return left > 0 ? [...lines, `... and ${grouped(left)} characters more`] : lines;
}

/** @param {Shown} shown */
function summary({ lines, marks, since, gone }) {
  const all = lines.length === 1 ? "1 line" : `${grouped(lines.length)} lines`;
  if (since < 0) return all;
  if (marks.size === 0 && gone === 0) return `${all}, as at stage ${grouped(since)}`;
  return `${all}; since stage ${grouped(since)}: ${marks.size} new or changed, ${gone} no longer there`;
}
