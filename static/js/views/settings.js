// @ts-check
/** The machine's settings: each checked as it is typed; applying them starts the run again. */

import { attr, h, must, text } from "../dom.js";
import { settingsOf, wrong } from "../settings.js";
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
    h("label", { for: id }, `${label}, ${unit}`),
    h("input", input),
    h("p", { id: `${id}-hint`, class: "hint" }, hintOf(setting)),
  );
}

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const form = must(root, "form");
  const fields = must(root, "[data-fields]");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  /** @type {Setting[]} */
  let settings = [];
  let open = false;

  /** @param {Setting} setting @returns {HTMLInputElement} */
  const input = (setting) => form.elements[setting.name];

  /** Show what is wrong with one field; returns whether it is right. @param {Setting} setting */
  function check(setting) {
    const node = input(setting);
    const message = wrong(setting, node.value);
    const hint = must(root, `#${node.id}-hint`);
    attr(node, "aria-invalid", message ? "true" : null);
    text(hint, message || hintOf(setting));
    hint.classList.toggle("wrong", message !== "");
    return message === "";
  }

  /** @param {Record<string, any>} machine */
  function fill(machine) {
    for (const setting of settings) {
      input(setting).value = String(machine[setting.name] ?? setting.default);
      check(setting);
    }
  }

  /** @param {Event} event */
  function apply(event) {
    const bad = settings.filter((setting) => !check(setting));
    if (bad.length) {
      event.preventDefault();
      input(bad[0]).focus();
      return;
    }
    const machine = Object.fromEntries(settings.map((setting) => [setting.name, Number(input(setting).value)]));
    dispatch({ type: "run", machine });
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
  must(root, "[data-defaults]").addEventListener("click", () => fill({}), { signal });

  return (/** @type {import("../select.js").State} */ state) => {
    const wanted = state.ui.sheet === "settings";
    if (wanted && !open) {
      settings = settingsOf(state.catalogue);
      fields.replaceChildren(...settings.map(field));
      fill(state.run?.machine ?? state.machine);
    }
    open = wanted;
    show(wanted);
  };
}
