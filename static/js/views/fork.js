// @ts-check
/** The sheet that forks the run: what shall differ in run B, and off to the comparison. */

import { address, withAdvice, withSetting } from "../compare/fork.js";
import { h, must, text } from "../dom.js";
import { topics } from "../programs.js";
import { encode } from "../share.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../select.js").State} State */
/** @typedef {import("../share.js").Share} Share */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const find = (/** @type {string} */ name) => must(root, `[data-testid=fork-${name}]`);
  const form = must(root, "form");
  const said = find("said");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  let latest = /** @type {State | null} */ (null);
  let filled = /** @type {unknown} */ (null);
  document.querySelector("[data-testid=top-compare]")?.addEventListener("click", () => dispatch({ type: "ui", ui: { sheet: "compare" } }), { signal });

  function choose() {
    for (const field of root.querySelectorAll("[data-for]")) /** @type {HTMLElement} */ (field).hidden = field.getAttribute("data-for") !== find("what").value;
    find("value").value = latest?.run?.machine[find("setting").value] ?? "";
    text(said, "");
    said.classList.remove("wrong");
  }

  /** @param {State} state @returns {Share} */
  const shareA = (state) => ({
    program: state.run?.program.text ?? "",
    name: state.run?.program.name ?? "prog.c",
    machine: state.machine,
    stage: 0,
    place: null,
    title: "",
    note: "",
    model: state.version,
  });

  /** Run B, or what is wrong with the wish. @param {State} state @returns {Promise<Share | string>} */
  async function shareB(state) {
    const a = shareA(state);
    const what = find("what").value;
    if (what === "setting") {
      const name = find("setting").value;
      const { low, high, whole } = state.catalogue.settings[name];
      const value = find("value").valueAsNumber;
      if (Number.isNaN(value) || value < low || value > high || (whole && !Number.isInteger(value))) return `${name} takes ${whole ? "a whole number" : "a number"} from ${low} to ${high}.`;
      return value === state.run?.machine[name] ? `${name} is ${value} in run A too; choose another value.` : withSetting(a, name, value);
    }
    if (what === "advice") return withAdvice(a, find("advice").value) ?? "This program has no madvise() to change and no mmap() to add one after. Change it in the editor and compare with that.";
    if (what === "draft") return state.draft !== null && state.draft !== a.program ? { ...a, program: state.draft, name: state.draftName ?? a.name } : "The editor holds what run A ran. Change the program there first.";
    const programs = await fetch("/programs.json").then((reply) => reply.json());
    const chosen = programs.find((/** @type {any} */ one) => one.id === find("program").value);
    return { ...a, program: chosen.text, name: chosen.name };
  }

  async function go() {
    if (!latest?.run) return;
    const b = await shareB(latest);
    said.classList.toggle("wrong", typeof b === "string");
    if (typeof b === "string") text(said, b);
    else location.assign(await address(shareA(latest), b, encode));
  }

  find("what").addEventListener("change", choose, { signal });
  find("setting").addEventListener("change", choose, { signal });
  form.addEventListener(
    "submit",
    (/** @type {Event} */ event) => {
      event.preventDefault();
      go().catch((error) => text(said, `The comparison cannot be opened: ${error.message}`));
    },
    { signal },
  );

  /** @param {State} state */
  function fill({ catalogue, programs }) {
    filled = catalogue;
    const options = (/** @type {string[]} */ names) => names.map((name) => h("option", { value: name }, name));
    find("setting").replaceChildren(...options(Object.keys(catalogue.settings)));
    find("advice").replaceChildren(...options(Object.keys(catalogue.names.madvise)));
    find("program").replaceChildren(...topics(programs).map(([topic, all]) => h("optgroup", { label: topic }, ...all.map((one) => h("option", { value: one.id }, `${one.name}: ${one.title}`)))));
    choose();
  }

  return (/** @type {State} */ state) => {
    latest = state;
    const wanted = state.ui.sheet === "compare";
    if (wanted && state.catalogue && filled !== state.catalogue) fill(state);
    if (wanted && !(/** @type {any} */ (root).open)) choose();
    show(wanted);
  };
}
