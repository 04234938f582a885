// @ts-check
/**
 * The machine and its files by form.  The form is another face of the program's own first lines, `// files:` and
 * `// machine:`: it shows what they say and writes them, so that a program carries its scene wherever it goes.
 */

import { attr, h, must, text } from "../dom.js";
import { readScene, writeScene, wrongFiles } from "../scene.js";
import { settingsOf, wrong } from "../settings.js";
import { createFileRows } from "./settings/files.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../settings.js").Setting} Setting */

/** @param {Setting} setting */
const hintOf = ({ help, low, high }) => `${help}; ${low} to ${high}`;

/** @param {Setting} setting */
function field(setting) {
  const { name, label, unit } = setting;
  const id = `setting-${name}`;
  const input = { id, name, inputmode: "decimal", "aria-describedby": `${id}-hint`, "data-testid": `settings-${name}` };
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, unit ? `${label}, ${unit}` : label),
    h("input", input),
    h("p", { id: `${id}-hint`, class: "hint" }, hintOf(setting)),
  );
}

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const form = must(root, "form");
  const fields = must(root, "[data-fields]");
  const problem = must(root, "[data-testid=settings-files-problem]");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  const rows = createFileRows(must(root, "[data-files]"), must(root, "[data-testid=settings-file-add]"), checkFiles, signal);
  /** @type {Setting[]} */
  let settings = [];
  let latest = /** @type {import("../select.js").State | null} */ (null);
  let open = false;

  /** @param {Setting} setting @returns {HTMLInputElement} */
  const input = (setting) => form.elements[setting.name];

  /** Show what is wrong with one field; returns whether it is right. @param {Setting} setting */
  function check(setting) {
    const node = input(setting);
    const message = node.disabled ? "" : wrong(setting, node.value);
    const hint = must(root, `#${node.id}-hint`);
    attr(node, "aria-invalid", message ? "true" : null);
    text(hint, node.disabled ? `set by ${latest?.lesson ? "the lesson" : "the link"} that you opened` : message || hintOf(setting));
    hint.classList.toggle("wrong", message !== "");
    return message === "";
  }

  function checkFiles() {
    const message = latest ? wrongFiles(rows.read(), latest.limits) : "";
    text(problem, message);
    return message === "";
  }

  /** @param {Record<string, any>} machine @param {Record<string, any>} fixed settings that are not the program's to choose */
  function fill(machine, fixed) {
    for (const setting of settings) {
      const { name } = setting;
      input(setting).disabled = name in fixed;
      input(setting).value = String(fixed[name] ?? machine[name] ?? setting.default);
      check(setting);
    }
  }

  /** @param {Event} event */
  function apply(event) {
    const bad = settings.filter((setting) => !check(setting)).map(input);
    if (!checkFiles()) bad.push(rows.first());
    if (bad.length) {
      event.preventDefault();
      bad[0].focus();
      return;
    }
    const chosen = settings.filter((one) => !input(one).disabled && Number(input(one).value) !== one.default);
    const machine = Object.fromEntries(chosen.map((one) => [one.name, Number(input(one).value)]));
    dispatch({ type: "run", text: writeScene(textOf(latest), { files: rows.read(), machine }) });
  }

  form.addEventListener("submit", apply, { signal });
  fields.addEventListener(
    "input",
    (/** @type {Event} */ event) => {
      const name = /** @type {HTMLInputElement} */ (event.target).name;
      for (const setting of settings) if (setting.name === name) check(setting);
    },
    { signal },
  );
  must(root, "[data-defaults]").addEventListener("click", () => fill({}, latest?.machine ?? {}), { signal });

  return (/** @type {import("../select.js").State} */ state) => {
    latest = state;
    const wanted = state.ui.sheet === "settings";
    if (wanted && !open) {
      settings = settingsOf(state.catalogue);
      fields.replaceChildren(...settings.map(field));
      const scene = readScene(textOf(state));
      fill(scene.machine, state.machine);
      rows.fill(scene.files);
      checkFiles();
    }
    open = wanted;
    show(wanted);
  };
}

/** The program as it stands in the editor or runs. @param {import("../select.js").State | null} state */
const textOf = (state) => state?.draft ?? state?.program?.text ?? "";
