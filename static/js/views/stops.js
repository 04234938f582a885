// @ts-check
/** The breakpoints sheet: making one by name, line, page or condition, and the list of those there are. */

import { FIELDS } from "../expression/fields.js";
import { Mistake } from "../expression/mistake.js";
import { attr, attrs, h, icon, join, must, text } from "../dom.js";
import { grouped } from "../format.js";
import { readStop } from "../stops.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../select.js").State} State */
/** @typedef {import("../stops.js").Shown} Shown */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const form = must(root, "form");
  const input = /** @type {HTMLInputElement} */ (must(root, "[data-testid=stops-text]"));
  const hint = must(root, "[data-testid=stops-hint]");
  const names = must(root, "#stop-names");
  const list = must(root, "[data-testid=stops-list]");
  const empty = must(root, "[data-testid=stops-empty]");
  const usual = hint.textContent;
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  let functions = /** @type {Record<string, any>} */ ({});
  let listed = /** @type {unknown} */ (null);

  must(root, "[data-fields]").replaceChildren(
    ...Object.entries(FIELDS).flatMap(([name, { help }]) => [h("dt", { class: "mono" }, name), h("dd", {}, help)]),
  );

  /** @param {string} message */
  function complain(message) {
    text(hint, message || usual);
    hint.classList.toggle("wrong", message !== "");
    attr(input, "aria-invalid", message ? "true" : null);
  }

  form.addEventListener(
    "submit",
    (/** @type {Event} */ event) => {
      event.preventDefault();
      const stop = readStop(input.value, functions);
      if (stop instanceof Mistake) {
        complain(stop.message);
        input.focus();
        input.setSelectionRange(stop.from, stop.to);
        return;
      }
      complain("");
      input.value = "";
      dispatch({ type: "stop", how: "add", text: stop.text });
    },
    { signal },
  );
  input.addEventListener("input", () => complain(""), { signal });
  root.addEventListener(
    "click",
    (event) => {
      const example = /** @type {Element} */ (event.target).closest("[data-example]");
      if (!example) return;
      input.value = example.textContent ?? "";
      complain("");
      input.focus();
    },
    { signal },
  );

  /** @param {Shown} one */
  const item = ({ text: what }) =>
    h(
      "li",
      { class: "stop" },
      h(
        "label",
        {},
        h("input", { type: "checkbox", onChange: (/** @type {any} */ event) => dispatch({ type: "stop", how: event.target.checked ? "on" : "off", text: what }) }),
        h("span", { class: "mono" }, what),
      ),
      h("button", { type: "button", class: "button square quiet", "aria-label": `Delete breakpoint ${what}`, title: "Delete", onClick: () => dispatch({ type: "stop", how: "remove", text: what }) }, icon("close")),
      h("p", { class: "stop-note" }),
    );

  /** @param {HTMLElement} node @param {Shown} one @param {number} i @param {boolean} done */
  function update(node, one, i, done) {
    attrs(node, { "data-testid": `stops-item-${i}`, "data-hits": one.hits, "data-here": one.here, "data-on": one.on ? "yes" : "no" });
    must(node, "input").checked = one.on;
    const note = must(node, ".stop-note");
    note.classList.toggle("wrong", one.wrong !== "");
    text(note, one.wrong || words(one, done));
  }

  return (/** @type {State} */ state) => {
    const { stops, ui, done } = state;
    functions = state.functions;
    if (ui.sheet === "stops" && listed !== functions) {
      listed = functions;
      names.replaceChildren(...Object.keys(functions).map((name) => h("option", { value: name })));
    }
    if (ui.sheet === "stops") {
      join(list, stops, (one) => one.text, item, (node, one, i) => update(node, one, i, done));
      empty.hidden = stops.length > 0;
    }
    show(ui.sheet === "stops");
  };
}

/** @param {Shown} one @param {boolean} done */
function words({ hits, passed, here }, done) {
  if (hits === 0) return done ? "never hit in this run" : "not hit so far";
  const all = `${hits === 1 ? "1 hit" : `${grouped(hits)} hits`}${done ? "" : " so far"}`;
  return `${all}, ${grouped(passed)} up to here${here ? ", the last one here" : ""}`;
}
