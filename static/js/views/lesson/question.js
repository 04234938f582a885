// @ts-check
/**
 * A question: choices, a number, pages or bits; how sure one is; Commit; and then what was right and why.
 * The same card serves a prediction and each turn of a play.
 */

import { attr, h, icon } from "../../dom.js";
import { ranges } from "../../ranges.js";
import { parseRanges } from "./pages.js";
import { textNodes } from "./parts.js";

const SURE = [["guess", "Guess"], ["fairly", "Fairly"], ["certain", "Certain"]];

/**
 * @typedef {object} Asked
 * @property {string} step
 * @property {number} turn
 * @property {any} question as the server wires it
 * @property {any} given what was answered, or null while it is open
 * @property {string} [caption]
 */

/**
 * @param {Asked} asked
 * @param {{commit: (answer: any, sure: string) => void, skip: () => void}} acts
 */
export function createQuestion(asked, { commit, skip }) {
  const { question, given } = asked;
  const id = `q-${asked.step}-${asked.turn}`;
  const field = given ? null : fieldOf(question, id, () => update());
  const answers = given ? answered(question, given) : /** @type {Node[]} */ (field?.nodes ?? []);
  const legend = h("legend", { class: "question-ask" }, ...textNodes(question.ask));
  const fieldset = h("fieldset", { class: "question-field" }, legend, ...answers);
  const result = given ? resultOf(question, given) : null;
  const commitButton = /** @type {HTMLButtonElement} */ (
    h("button", { type: "submit", class: "button primary", "data-testid": "lesson-commit" }, "Commit")
  );
  /** What the server said last. @type {string | null} */
  let said = null;
  const trouble = h("p", { class: "question-trouble", role: "alert", "data-testid": "lesson-trouble" });
  const sure = h("div", { class: "sure", role: "radiogroup", "aria-label": "How sure are you?" },
    h("span", { class: "note" }, "How sure?"),
    h("span", { class: "segment" }, ...SURE.map(([value, label]) =>
      h("label", {}, h("input", { type: "radio", name: `${id}-sure`, value, "data-testid": `lesson-sure-${value}` }), label))));
  const foot = given ? [] : [
    h("div", { class: "question-foot" }, sure, commitButton),
    trouble,
    h("p", { class: "note question-note" }, "Time stops here until you commit. ",
      h("button", { type: "button", class: "link", "data-testid": "lesson-skip", onClick: skip }, "Skip this question")),
  ];
  const form = /** @type {HTMLFormElement} */ (h("form", {
    class: "question", "data-testid": "lesson-question", "data-answered": given ? "1" : "0",
    "data-correct": given ? (given.right ? "1" : "0") : null, "data-kind": question.kind,
    novalidate: true,
  }, asked.caption ? h("p", { class: "note" }, asked.caption) : null, fieldset, result, ...foot));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = field?.read();
    if (answer === undefined) {
      trouble.textContent = wanted(question);
      return;
    }
    commit(answer, /** @type {HTMLInputElement | null} */ (form.querySelector(`input[name="${id}-sure"]:checked`))?.value ?? "");
  });

  function update() {
    attr(commitButton, "aria-disabled", field?.read() === undefined ? "true" : null);
  }
  update();

  return {
    form,
    /** The field that takes pages from the machine's grid, when it is one. */
    pages: given ? null : field?.pages ?? null,
    file: question.file,
    /** Choose by number, from 1. @param {number} n */
    choose(n) {
      const input = /** @type {HTMLInputElement | undefined} */ (form.querySelectorAll(".option input")[n - 1]);
      if (!input) return false;
      input.checked = true;
      input.focus();
      update();
      return true;
    },
    submit: () => !given && form.requestSubmit(),
    /** @param {{busy: boolean, trouble: string | null}} learning */
    say({ busy, trouble: what }) {
      commitButton.disabled = busy;
      if (what !== said) trouble.textContent = what ?? "";
      said = what;
    },
  };
}

/** What is missing. @param {any} question */
function wanted(question) {
  if (question.choices.length) return "Choose an answer first.";
  if (question.kind === "pages") return "Pick pages first, or write them like 0-15, 24; write – for none.";
  return question.kind === "bits" ? "Choose the bits first." : "Write a number first.";
}

/** What takes the answer; `read` gives undefined while there is none. @param {any} question @param {string} id @param {() => void} changed */
function fieldOf(question, id, changed) {
  if (question.choices.length) return choices(question, id, changed);
  if (question.kind === "pages") return pagesField(question, id, changed);
  if (question.kind === "bits") return bitsField(question, changed);
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id, type: "text", inputmode: "decimal", autocomplete: "off", "data-testid": "lesson-number", onInput: changed,
  }));
  return {
    nodes: [h("p", { class: "question-number" }, h("label", { for: id, class: "visually-hidden" }, "Your answer"), input, h("span", {}, question.unit))],
    pages: null,
    read() {
      const said = input.value.trim().replace(",", ".");
      const value = Number(said);
      return said === "" || !Number.isFinite(value) ? undefined : value;
    },
  };
}

/** @param {any} question @param {string} id @param {() => void} changed */
function choices(question, id, changed) {
  const inputs = question.choices.map((/** @type {any} */ _, /** @type {number} */ n) =>
    /** @type {HTMLInputElement} */ (h("input", { type: "radio", name: id, value: n, onChange: changed })));
  return {
    nodes: question.choices.map((/** @type {any} */ choice, /** @type {number} */ n) => option(choice, n, inputs[n])),
    pages: null,
    read() {
      const n = inputs.findIndex((/** @type {HTMLInputElement} */ input) => input.checked);
      return n < 0 ? undefined : n;
    },
  };
}

/** @param {any} choice @param {number} n @param {Element} input @param {...import("../../dom.js").Child} more */
export function option(choice, n, input, ...more) {
  return h("label", { class: "option", "data-testid": `lesson-option-${n + 1}` }, input,
    h("span", { class: "option-text" }, h("span", { class: "option-name" }, ...textNodes(choice.text)),
      choice.note ? h("span", { class: "option-note" }, ...textNodes(choice.note)) : null, ...more),
    n < 9 ? h("kbd", { "aria-hidden": "true" }, n + 1) : null);
}

/** @param {any} question @param {string} id @param {() => void} changed */
function pagesField(question, id, changed) {
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id, type: "text", autocomplete: "off", placeholder: "0-15, 24", "data-testid": "lesson-pages", onInput: changed,
    "aria-describedby": `${id}-how`,
  }));
  const read = () => parseRanges(input.value);
  return {
    nodes: [
      h("p", { class: "question-number" }, h("label", { for: id, class: "visually-hidden" }, `Pages of ${question.file}`), input, h("span", {}, "pages")),
      h("p", { class: "note", id: `${id}-how` }, "Pick them in the page cache, by pointer or with Space, or write them here: 0-15, 24. None: 0 pages, write –."),
    ],
    pages: {
      read: () => read() ?? [],
      /** @param {number} page */
      toggle(page) {
        const picked = new Set(read() ?? []);
        if (!picked.delete(page)) picked.add(page);
        input.value = ranges([...picked]);
        changed();
      },
    },
    read: () => (input.value.trim() === "" ? undefined : (read() ?? undefined)),
  };
}

/** @param {any} question @param {() => void} changed */
function bitsField(question, changed) {
  const inputs = question.bits.map((/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", value: name, onChange: changed })));
  return {
    nodes: inputs.map((/** @type {HTMLInputElement} */ input, /** @type {number} */ n) =>
      option({ text: `<code>${question.bits[n]}</code>`, note: "" }, n, input)),
    pages: null,
    read: () => inputs.filter((/** @type {HTMLInputElement} */ input) => input.checked).map((/** @type {HTMLInputElement} */ input) => input.value),
  };
}

/** The choices once they are answered: which one was taken, which one is right, and what is said to it. */
/** @param {any} question @param {any} given */
function answered(question, given) {
  if (!question.choices.length) return [];
  return question.choices.map((/** @type {any} */ choice, /** @type {number} */ n) => {
    const mine = !given.skipped && given.answer === n;
    const right = given.is === n;
    const state = right ? "right" : mine ? "wrong" : "other";
    const words = right ? (mine ? "Your answer, and right" : "Right") : mine ? "Your answer" : "";
    return h("div", { class: "option", "data-state": state, "data-testid": `lesson-option-${n + 1}` },
      h("span", { class: "option-sign", "aria-hidden": "true" }, right ? icon("check") : mine ? icon("close") : null),
      h("span", { class: "option-text" },
        h("span", { class: "option-name" }, ...textNodes(choice.text)),
        mine && given.say ? h("span", { class: "option-note" }, ...textNodes(given.say)) : null,
        words ? h("span", { class: "option-verdict" }, words) : null));
  });
}

/** @param {any} question @param {any} given */
export function resultOf(question, given) {
  const typed = !question.choices.length;
  const head = given.skipped ? "Skipped" : given.right ? "Right" : given.credit > 0 ? `${Math.round(given.credit * 100)} % right` : "Not so";
  const sure = given.sure === "certain" && !given.right && !given.skipped ? " You were certain: look at this one again." : "";
  return h("div", { class: "question-result", "data-testid": "lesson-result", "data-state": given.right ? "right" : "wrong" },
    h("p", {}, h("b", {}, `${head}.`), sure,
      typed && !given.skipped ? ` You answered ${spell(question, given.answer)}.` : "",
      typed && !given.right && given.is !== undefined ? ` It is ${spell(question, given.is)}.` : ""),
    typed && given.say ? h("p", {}, ...textNodes(given.say)) : null,
    given.after ? h("p", {}, ...textNodes(given.after)) : null);
}

/** An answer in words. @param {any} question @param {any} value */
function spell(question, value) {
  if (question.kind === "pages") return value.length ? `pages ${ranges(value)}` : "no page";
  if (question.kind === "bits") return value.length ? value.join(", ") : "no bit";
  const unit = value === 1 ? question.unit.replace(/s$/, "") : question.unit;
  return unit ? `${value} ${unit}` : `${value}`;
}
