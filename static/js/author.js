// @ts-check
/** The authoring page: what is typed is checked and shown a moment later; the folder gets it when it is saved. */

import { createChecks } from "./author/checks.js";
import { openSource } from "./author/editor.js";
import { createFiles } from "./author/files.js";
import { createPreview } from "./author/preview.js";
import { attr, must, text } from "./dom.js";
import { post } from "./learn.js";
import { startingUi, storeTheme } from "./preferences.js";

const PAUSE = 400; // ms without typing before a version is tried
const LOOK = 1500; // ms between two looks at the folder

const page = document;
const root = page.documentElement;
const find = (/** @type {string} */ name) => must(page, `[data-testid=author-${name}]`);
const boot = JSON.parse(must(page, "#boot").textContent);
const path = `/teach/lessons/${boot.id}`;

/** The texts as typed, as in the folder, and the folder's version. */
const texts = { ...boot.files };
let saved = { ...boot.files };
let { version } = boot;
let open = Object.keys(texts)[0];
/** @type {any} what was found in the version that was tried last */
let sheet = null;
/** The step at the caret, which the result shows. */
let step = "";
let timer = 0;
/** One version is tried at a time; what was typed meanwhile is tried next. */
let trying = false;
let again = false;

const changed = () => Object.keys({ ...texts, ...saved }).some((name) => texts[name] !== saved[name]);

const source = await openSource(must(page, "#author-editor"), {
  nonce: /** @type {any} */ (page.querySelector("script[nonce]"))?.nonce ?? "",
  changed(now) {
    texts[open] = now;
    clearTimeout(timer);
    timer = window.setTimeout(attempt, PAUSE);
    sayState();
  },
  moved: follow,
});
const files = createFiles(find("files"), choose);
const checks = createChecks({ problems: find("problems"), lines: find("lines"), verdict: find("verdict"), figures: find("figures") }, {
  toProblem: ({ file, line }) => show(file, line),
  toStep: (line) => show("lesson.md", line),
});
const preview = createPreview(find("stage"), path);

/** Show a file. @param {string} name */
function choose(name) {
  open = name;
  source.begin(texts[name], name);
  draw();
}

/** Show a place. @param {string} name @param {number} line */
function show(name, line) {
  if (name in texts && name !== open) choose(name);
  source.select(Math.max(1, line));
}

/** The steps as the text has them now: their ids and lines. */
const steps = () =>
  [...texts["lesson.md"].matchAll(/^##[ \t].*?\{#([\w-]+)\}/gm)].map((found) => ({
    id: found[1],
    line: texts["lesson.md"].slice(0, found.index).split("\n").length,
  }));

/** The caret has moved: the result follows to its step. @param {number} line */
function follow(line) {
  const lines = source.lines();
  const all = open === "lesson.md" ? steps() : [];
  const at = all.findLastIndex((each) => each.line <= line);
  text(find("where"), all.length ? `${lines} lines, ${at < 0 ? "before the first step" : `step ${at + 1} of ${all.length}`}` : `${lines} lines`);
  const next = all[Math.max(0, at)]?.id ?? (step || steps()[0]?.id);
  if (next === step) return;
  step = next;
  look(false);
}

/** The step at the caret, as the last version that could be read has it. @param {boolean} anew a new version */
function look(anew) {
  const known = sheet?.lines.findIndex((/** @type {any} */ line) => line.id === step) ?? -1;
  checks.at(step);
  if (known < 0) return;
  text(find("step"), `follows the caret: step ${known + 1}`);
  preview.show(step, anew);
}

function draw() {
  const here = (sheet?.problems ?? []).filter((/** @type {any} */ problem) => fileOf(problem) === open);
  source.mark(here.map((/** @type {any} */ { line, what, remedy, severity }) => ({ line: Math.max(1, line), column: 1, message: `${what} ${remedy}`.trim(), severity })));
  files(Object.keys(texts), open, sheet?.problems.map(fileOf) ?? [], (name) => texts[name] !== saved[name]);
  follow(source.line());
}

/** The file of a problem, within the lesson's folder. @param {any} problem */
function fileOf({ file }) {
  const name = file.startsWith(`${boot.id}/`) ? file.slice(boot.id.length + 1) : file;
  return name in texts ? name : "lesson.md";
}

/** Try what stands in the editor. */
async function attempt() {
  again = trying;
  if (trying) return;
  trying = true;
  root.dataset.settled = "0";
  try {
    sheet = await post(`${path}/draft`, { files: texts });
    checks.draw({ ...sheet, problems: sheet.problems.map((/** @type {any} */ problem) => ({ ...problem, file: fileOf(problem) })) });
    if (!sheet.shown) preview.wait(sheet.problems.length);
    draw();
    look(sheet.shown);
    say("");
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
  trying = false;
  sayState();
  if (again) attempt();
  else root.dataset.settled = "1";
}

async function save() {
  try {
    ({ version } = await post(`${path}/save`, { files: texts, version }));
    saved = { ...texts };
    say("");
  } catch (error) {
    say(/** @type {Error} */ (error).message);
  }
  sayState();
}

/** @param {string} what @param {Element[]} more */
function say(what, ...more) {
  const node = find("problem");
  node.hidden = what === "";
  node.replaceChildren(what, ...more);
}

function sayState() {
  const errors = sheet?.problems.filter((/** @type {any} */ problem) => problem.severity === "error").length ?? 0;
  text(find("saved"), changed() ? "not saved" : "saved");
  attr(find("saved"), "data-state", changed() ? "open" : "saved");
  text(find("save"), errors ? `Save with ${errors} ${errors === 1 ? "error" : "errors"}` : "Save");
  find("save").disabled = !changed();
}

/** Somebody else may write in the folder too, such as the author's own editor. */
async function lookAtFolder() {
  const reply = await fetch(`${path}/disk?known=${version}`).catch(() => null);
  if (!reply?.ok) return;
  const found = await reply.json();
  if (!found.files || found.version === version) return;
  if (changed()) return offer(found);
  take(found);
}

/** @param {{files: Record<string, string>, version: string}} found */
function take(found) {
  version = found.version;
  for (const name of Object.keys(texts)) delete texts[name];
  Object.assign(texts, found.files);
  saved = { ...found.files };
  if (!(open in texts)) open = Object.keys(texts)[0];
  source.replace(texts[open]);
  say("");
  attempt();
}

/** Both have changed: the author decides. @param {{files: Record<string, string>, version: string}} found */
function offer(found) {
  /** @param {string} label @param {string} id @param {() => void} act */
  const button = (label, id, act) => {
    const node = page.createElement("button");
    node.className = "button";
    node.dataset.testid = `author-${id}`;
    node.textContent = label;
    node.addEventListener("click", act);
    return node;
  };
  if (page.querySelector("[data-testid=author-take]")) return;
  say("The lesson was changed on the disk, and here. ",
    button("Take the disk's", "take", () => take(found)),
    button("Keep mine", "keep", () => {
      ({ version } = found);
      saved = { ...found.files };
      say("");
      sayState();
    }));
}

/** One of a row of buttons. @param {string} part @param {(value: string) => void} act */
function segment(part, act) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...page.querySelectorAll(`[data-part=${part}] button`)]);
  for (const button of buttons)
    button.addEventListener("click", () => {
      for (const each of buttons) attr(each, "aria-pressed", String(each === button));
      act(button.dataset.value ?? "");
    });
}

/** @param {"light" | "dark"} theme */
function dress(theme) {
  root.dataset.theme = theme;
  attr(find("theme"), "aria-pressed", String(theme === "dark"));
  attr(must(find("theme"), "use"), "href", theme === "dark" ? "#i-sun" : "#i-moon");
}

segment("width", (value) => preview.width(Number(value)));
segment("theme", (value) => preview.theme(value));
find("save").addEventListener("click", save);
find("theme").addEventListener("click", () => {
  const theme = root.dataset.theme === "dark" ? "light" : "dark";
  dress(theme);
  storeTheme(theme);
});
page.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  if (changed()) save();
});
addEventListener("beforeunload", (event) => changed() && event.preventDefault());
setInterval(() => page.visibilityState === "visible" && lookAtFolder(), LOOK);
dress(startingUi(new URLSearchParams(location.search)).theme);
choose(open);
await attempt();
root.dataset.ready = "1";
