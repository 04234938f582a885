// @ts-check
/** What a step asks, as elements: one kind of card for each kind of task, all with the same few handles. */

import { h, icon } from "../../dom.js";
import { createExercise } from "./exercise.js";
import { textNodes } from "./parts.js";
import { createQuestion, option, resultOf } from "./question.js";

/**
 * @typedef {object} Card
 * @property {Element[]} nodes
 * @property {(n: number) => boolean} [choose] by number key
 * @property {() => void} [submit]
 * @property {{read: () => number[], toggle: (page: number) => void} | null} [pages] where picked pages go
 * @property {string} [file]
 * @property {(state: any) => void} say what the state changes in it
 */

/** What the card of a step depends on: made anew only when this changes. @param {any} lesson @param {any} step */
export function cardKey(lesson, step) {
  const given = lesson.answers[step.id];
  const turn = lesson.turn?.step === step.id ? lesson.turn.number : "";
  const settled = step.kind === "do" ? "" : JSON.stringify(given ?? null);
  return `${step.id}/${turn}/${settled}`;
}

/** @param {any} lesson @param {any} step @param {(action: any) => void} dispatch @returns {Card | null} */
export function createCard(lesson, step, dispatch) {
  const given = lesson.answers[step.id] ?? null;
  /** @param {any} more */
  const send = (more) => dispatch({ type: "answer", step: step.id, ...more });
  if (step.kind === "predict") return question({ step: step.id, turn: 0, question: step.task, given }, send);
  if (step.kind === "play") return play(lesson, step, given, send);
  if (step.kind === "quiz") return quiz(step, given, send);
  if (step.kind === "reflect") return reflect(step, given, send);
  if (step.kind === "do") return createExercise(lesson, step, dispatch);
  return null;
}

/** @param {import("./question.js").Asked} asked @param {(more: any) => void} send @returns {Card} */
function question(asked, send) {
  const card = createQuestion(asked, {
    commit: (answer, sure) => send({ answer, sure, turn: asked.turn }),
    skip: () => send({ skip: true, turn: asked.turn }),
  });
  return { ...card, nodes: [card.form], say: ({ learning }) => card.say(learning) };
}

/** A play: the decisions made so far in a line each, and the one that is asked for now. */
/** @param {any} lesson @param {any} step @param {any} given @param {(more: any) => void} send @returns {Card} */
function play(lesson, step, given, send) {
  const past = h("ol", { class: "turns", "data-testid": "lesson-turns" },
    ...(given?.turns ?? []).map((/** @type {any} */ turn) => pastTurn(turn)));
  const now = lesson.turn?.step === step.id ? lesson.turn : null;
  if (now) {
    const caption = `Decision ${now.number + 1} of ${now.of}`;
    const card = question({ step: step.id, turn: now.number, question: now.question, given: null, caption }, send);
    const before = given?.turns?.at(-1);
    return { ...card, nodes: [past, ...(before ? [lastTurn(before)] : []), ...card.nodes] };
  }
  const percent = Math.round((given?.credit ?? 0) * 100);
  const result = h("div", { class: "question-result", "data-testid": "lesson-result", "data-state": percent === 100 ? "right" : "wrong" },
    h("p", {}, h("b", {}, given?.skipped && !percent ? "Skipped." : `${percent} % of your decisions were the kernel's.`)),
    given?.after ? h("p", {}, ...textNodes(given.after)) : null);
  return { nodes: [past, result], say() {} };
}

/** @param {any} turn */
function pastTurn(turn) {
  const { choices } = turn.question ?? { choices: [] };
  const right = choices.length ? textNodes(choices[turn.is]?.text ?? "") : [String(turn.is)];
  return h("li", { "data-state": turn.right ? "right" : "wrong" }, icon(turn.right ? "check" : "close"),
    h("span", {}, ...right),
    turn.right || turn.skipped || !choices.length ? null : h("span", { class: "note" }, "you chose ", ...textNodes(choices[turn.answer]?.text ?? "")));
}

/** What is said to the decision just made. @param {any} turn */
function lastTurn(turn) {
  if (turn.right && !turn.after) return h("span", {});
  const result = resultOf(turn.question, turn);
  if (turn.say && turn.question.choices.length) result.append(h("p", {}, ...textNodes(turn.say)));
  return result;
}

/** @param {any} step @param {any} given @param {(more: any) => void} send @returns {Card} */
function quiz(step, given, send) {
  const { task } = step;
  const over = given && (given.right || given.skipped);
  const inputs = task.choices.map((/** @type {string} */ _, /** @type {number} */ n) => /** @type {HTMLInputElement} */ (
    h("input", { type: task.several ? "checkbox" : "radio", name: `quiz-${step.id}`, value: n, disabled: !!over,
      checked: over ? given.is?.includes(n) : given?.answer?.includes(n) })));
  const options = task.choices.map((/** @type {string} */ text, /** @type {number} */ n) => {
    const why = given?.why?.[n] ? h("span", { class: "option-note", "data-testid": `lesson-why-${n + 1}` }, ...textNodes(given.why[n])) : null;
    const node = option({ text, note: "" }, n, inputs[n], why);
    if (over) node.dataset.state = given.is?.includes(n) ? "right" : "other";
    else if (given?.answer?.includes(n)) node.dataset.state = given.right ? "right" : "tried";
    return node;
  });
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "submit", class: "button primary", "data-testid": "lesson-commit" }, given ? "Try again" : "Commit"));
  const trouble = h("p", { class: "question-trouble", role: "alert" });
  const result = given ? h("div", { class: "question-result", "data-testid": "lesson-result", "data-state": given.right ? "right" : "wrong" },
    h("p", {}, h("b", {}, given.skipped ? "This is the answer." : given.right ? "Right." : "Not yet."),
      given.attempts > 1 && given.right ? ` ${given.attempts} attempts.` : "")) : null;
  const foot = over ? [] : [h("div", { class: "question-foot" },
    h("button", { type: "button", class: "link", "data-testid": "lesson-skip", onClick: () => send({ skip: true }) }, "Show the answer"), button), trouble];
  const form = /** @type {HTMLFormElement} */ (h("form", { class: "question", "data-testid": "lesson-quiz", "data-answered": given ? "1" : "0", "data-correct": given ? (given.right ? "1" : "0") : null, novalidate: true },
    h("fieldset", { class: "question-field" }, h("legend", { class: "question-ask" }, ...textNodes(task.ask)), ...options), result, ...foot));
  const commit = () => {
    const answer = inputs.flatMap((/** @type {HTMLInputElement} */ input, /** @type {number} */ n) => (input.checked ? [n] : []));
    if (answer.length) send({ answer });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    commit();
  });
  return {
    nodes: [form],
    choose(n) {
      const input = inputs[n - 1];
      if (!input || over) return false;
      input.click();
      input.focus();
      return true;
    },
    submit: () => !over && form.requestSubmit(),
    say({ learning }) {
      button.disabled = learning.busy;
      trouble.textContent = learning.trouble ?? "";
    },
  };
}

/** @param {any} step @param {any} given @param {(more: any) => void} send @returns {Card} */
function reflect(step, given, send) {
  const id = `reflect-${step.id}`;
  const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, rows: 4, maxlength: 4000, "data-testid": "lesson-reflection" }));
  area.value = given?.answer ?? "";
  const button = /** @type {HTMLButtonElement} */ (h("button", { type: "submit", class: "button primary", "data-testid": "lesson-commit" }, given ? "Keep this too" : "Keep"));
  const trouble = h("p", { class: "question-trouble", role: "alert" });
  const form = h("form", { class: "question", "data-testid": "lesson-reflect", "data-answered": given ? "1" : "0" },
    h("label", { for: id, class: "question-ask" }, ...textNodes(step.task.ask)), area,
    h("div", { class: "question-foot" }, h("span", { class: "note" }, "Nobody grades this; it is kept for you."), button), trouble,
    given?.sample ? h("div", { class: "question-result", "data-testid": "lesson-result" }, h("p", {}, h("b", {}, "One answer: "), ...textNodes(given.sample))) : null);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (area.value.trim()) send({ answer: area.value });
  });
  return {
    nodes: [form],
    say({ learning }) {
      button.disabled = learning.busy;
      trouble.textContent = learning.trouble ?? "";
    },
  };
}
