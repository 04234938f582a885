// @ts-check
/**
 * Recording a lesson: stages that the reader notes, with a title and words, which the server makes a draft of.
 *
 * The notes are kept by the browser until they are thrown away, with the program and the machine that they are about.
 */

import { attr, h, join, must, text } from "../dom.js";
import { sentence } from "../format.js";
import { save } from "./program/files.js";

const KEPT = "pagewalk-recording";
const MOST = 40;

/** @typedef {{stage: number, what: string, title: string, text: string}} Note */
/** @typedef {{title: string, program: string, name: string, machine: any, notes: Note[]}} Recording */

/** @param {HTMLElement} root the pane of programs @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const part = must(root, "[data-part=record]");
  const rest = ["[data-programs]", ".pane-head", ".programs-find", ".programs-none"].map((part) => must(root, part));
  const get = (/** @type {string} */ name) => must(part, `[data-testid=record-${name}]`);
  const list = get("notes");
  let recording = /** @type {Recording | null} */ (kept());
  let latest = /** @type {import("../select.js").State | null} */ (null);

  function keep() {
    try {
      if (recording) localStorage.setItem(KEPT, JSON.stringify(recording));
      else localStorage.removeItem(KEPT);
    } catch {
      // Without storage the notes last as long as the page.
    }
  }

  /** @param {string} what */
  const say = (what) => text(get("said"), what);

  /** Is the run on show the one that the notes are about? */
  const same = () =>
    !recording || (recording.program === latest?.program?.text && JSON.stringify(recording.machine) === JSON.stringify(latest?.machine ?? {}));

  function note() {
    if (!latest?.program || !latest.stage || !same()) return;
    const { program, machine, cursor, stage, functions } = latest;
    recording ??= { title: "", program: program.text, name: program.name, machine: machine ?? {}, notes: [] };
    if (recording.notes.length >= MOST) return say(`A recording holds ${MOST} notes; take one away first.`);
    const made = { stage: cursor, what: sentence(stage, functions), title: "", text: "" };
    recording.notes = [...recording.notes, made].sort((a, b) => a.stage - b.stage);
    keep();
    draw();
    const row = list.children[recording.notes.indexOf(made)];
    /** @type {HTMLInputElement | null} */ (row?.querySelector("input"))?.focus();
    row?.scrollIntoView({ block: "nearest" });
    say("");
  }

  async function write() {
    if (!recording) return;
    say("Writing the draft.");
    const { notes, ...about } = recording;
    const body = { ...about, title: get("title").value.trim(), notes: notes.map(({ stage, title, text: words }) => ({ stage, title, text: words })) };
    try {
      const response = await fetch("/lessons/draft", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error?.what ?? `The server did not take this (${response.status}).`);
      const name = /filename="?([\w.-]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "lesson.zip";
      save(name, await response.blob());
      say(`${name} is a lesson that passes the check. Unpack it, then: pagewalk lesson serve ${name.replace(/\.zip$/, "")}`);
    } catch (error) {
      say(error instanceof TypeError ? "The server cannot be reached just now. Your notes are kept here." : /** @type {Error} */ (error).message);
    }
  }

  /** @param {Note} made */
  const row = (made) => {
    const title = h("input", { type: "text", maxlength: 60, placeholder: "Title of the step", "aria-label": `Title of the step at stage ${made.stage}`, value: made.title });
    const words = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: 3, maxlength: 4000, placeholder: "What should a student see here?", "aria-label": `Text of the step at stage ${made.stage}` }));
    words.value = made.text;
    title.addEventListener("input", () => ((made.title = /** @type {HTMLInputElement} */ (title).value), keep()));
    words.addEventListener("input", () => ((made.text = words.value), keep()));
    return h("li", { "data-stage": made.stage },
      h("p", { class: "note" }, h("button", { type: "button", class: "link", title: "Go to this stage", onClick: () => dispatch({ type: "goto", n: made.stage }) }, `Stage ${made.stage}`), ` ${made.what}`),
      title, words,
      h("button", { type: "button", class: "link", onClick: () => remove(made) }, "Take away"));
  };

  /** @param {Note} made */
  function remove(made) {
    if (!recording) return;
    recording.notes = recording.notes.filter((each) => each !== made);
    keep();
    draw();
    get("note").focus();
  }

  function draw() {
    const notes = recording?.notes ?? [];
    join(list, notes, (made) => `${made.stage}/${identity(made)}`, row);
    get("download").disabled = notes.length === 0;
    const strange = !same();
    get("note").disabled = strange || !latest?.stage;
    get("other").hidden = !strange;
    if (document.activeElement !== get("title")) get("title").value = recording?.title ?? "";
    attr(get("empty"), "hidden", notes.length > 0);
  }

  get("note").addEventListener("click", note, { signal });
  get("download").addEventListener("click", write, { signal });
  get("title").addEventListener("input", () => {
    if (!latest?.program) return;
    recording ??= { title: "", program: latest.program.text, name: latest.program.name, machine: latest.machine ?? {}, notes: [] };
    recording.title = get("title").value;
    keep();
  }, { signal });
  get("back").addEventListener("click", () => recording && dispatch({ type: "run", name: recording.name, text: recording.program, machine: recording.machine }), { signal });
  get("stop").addEventListener("click", () => dispatch({ type: "ui", ui: { recording: false } }), { signal });
  get("discard").addEventListener("click", () => {
    recording = null;
    keep();
    draw();
    say("");
    dispatch({ type: "ui", ui: { recording: false } });
  }, { signal });
  must(document, "[data-export=record]").addEventListener("click", () => dispatch({ type: "ui", ui: { recording: true, tab: "guide" } }), { signal });

  return (/** @type {import("../select.js").State} */ state) => {
    latest = state;
    const on = !!state.ui.recording;
    part.hidden = !on;
    for (const each of rest) each.hidden = on;
    if (on) draw();
  };
}

const ids = new WeakMap();
let last = 0;
/** @param {object} each */
function identity(each) {
  if (!ids.has(each)) ids.set(each, (last += 1));
  return ids.get(each);
}

/** What an earlier visit has left. @returns {Recording | null} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    return Array.isArray(found?.notes) && typeof found.program === "string" ? found : null;
  } catch {
    return null;
  }
}
