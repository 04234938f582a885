// @ts-check
/**
 * An exercise: goals that are checked after each run, figures against par, what went wrong, where to go back to.
 *
 * The program is edited where programs are edited; whenever a run of it has ended the server judges it.
 */

import { h, icon, join } from "../../dom.js";
import { grouped } from "../../format.js";
import { textNodes } from "./parts.js";

/** @type {Record<string, string>} */
const FIGURES = {
  faults: "faults", major_faults: "major faults", bytes_read: "bytes read", requests: "requests to the disk",
  lines: "lines of code", stages: "stages", time: "ns",
};

/** @param {any} lesson @param {any} step @param {(action: any) => void} dispatch @returns {import("./tasks.js").Card} */
export function createExercise(lesson, step, dispatch) {
  const { task } = step;
  const goals = h("ul", { class: "goals", "data-testid": "lesson-goals", "aria-label": "Goals" });
  const golf = h("dl", { class: "golf", "data-testid": "lesson-golf" });
  const said = h("div", { class: "question-result", "data-testid": "lesson-result", role: "status" });
  const begin = /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "button primary", "data-testid": "lesson-begin",
    onClick: () => dispatch({ type: "exercise", step: step.id, task }) }, "Begin the exercise"));
  const again = h("button", { type: "button", class: "button", "data-testid": "lesson-start-over",
    onClick: () => dispatch({ type: "exercise", step: step.id, task }) }, "Start over");
  const leave = h("button", { type: "button", class: "button", "data-testid": "lesson-leave",
    onClick: () => dispatch({ type: "leave" }) }, "Back to the lesson's run");
  const solution = h("button", { type: "button", class: "link", "data-testid": "lesson-solution",
    onClick: () => dispatch({ type: "solution", step: step.id }) }, "Show a solution");
  const trouble = h("p", { class: "question-trouble", role: "alert" });
  const rules = [
    task.change.length === 1 ? `Change the ${task.change[0]} only.` : "",
    task.banned.length ? `Without ${task.banned.map((/** @type {string} */ name) => `${name}()`).join(", ")}.` : "",
    task.required.length ? `With ${task.required.map((/** @type {string} */ name) => `${name}()`).join(", ")}.` : "",
  ].filter(Boolean).join(" ");
  const node = h("section", { class: "question exercise", "data-testid": "lesson-exercise", "aria-label": "Exercise" },
    goals, rules ? h("p", { class: "note" }, rules) : null, golf, said,
    h("div", { class: "question-foot" }, begin, again, leave), solution, trouble);
  let drawn = "";

  /** @param {any} state */
  function say(state) {
    const { exercise, attempt, busy, trouble: what, shown } = state.learning;
    const on = exercise === step.id;
    const kept = state.lesson.answers[step.id];
    const key = JSON.stringify([on, attempt, busy, what, kept, shown, state.lesson.opened?.[step.id]?.length, state.ended?.why]);
    if (key === drawn) return;
    drawn = key;
    const judged = on ? attempt : null;
    begin.hidden = on;
    begin.textContent = kept?.program ? "Go on with your program" : "Begin the exercise";
    again.hidden = leave.hidden = !on;
    const open = state.lesson.opened?.[step.id]?.length ?? 0;
    solution.hidden = !on || open < step.hints;
    trouble.textContent = what ?? "";
    node.dataset.solved = judged?.solved || kept?.right ? "1" : "0";
    drawGoals(goals, task, judged);
    drawGolf(golf, task, judged, kept);
    said.replaceChildren(...words(judged, busy, on, shown, kept, dispatch));
    said.dataset.state = judged?.solved || (!judged && kept?.right) ? "right" : "wrong";
    said.hidden = said.childNodes.length === 0;
  }

  return { nodes: [node], say };
}

/** @param {Element} list @param {any} task @param {any} judged */
function drawGoals(list, task, judged) {
  join(list, task.goals, (/** @type {any} */ _, n) => n, (/** @type {string} */ say) => h("li", {}, h("span", { class: "goal-sign" }), h("span", {}, ...textNodes(say)), h("span", { class: "goal-found" })),
    (item, _, n) => {
      const goal = judged?.goals?.[n];
      const state = goal ? (goal.met ? "met" : "open") : "unknown";
      if (item.dataset.state === state && !goal) return;
      item.dataset.state = state;
      item.children[0].replaceChildren(state === "met" ? icon("check") : "");
      const found = goal && !goal.met && goal.found !== null ? `now ${Array.isArray(goal.found) ? goal.found.length : goal.found}` : "";
      item.children[2].textContent = state === "met" ? "met" : found || (goal ? "not yet" : "");
    });
}

/** @param {Element} list @param {any} task @param {any} judged @param {any} kept */
function drawGolf(list, task, judged, kept) {
  const rows = task.golf.map((/** @type {string} */ figure) => {
    const one = judged?.golf?.find((/** @type {any} */ each) => each.figure === figure);
    return { figure, value: one?.value ?? kept?.figures?.[figure], par: one?.par };
  });
  list.replaceChildren(...rows.flatMap((/** @type {any} */ { figure, value, par }) => [
    h("dt", {}, FIGURES[figure] ?? figure),
    h("dd", { "data-testid": `lesson-golf-${figure}`, "data-par": par !== undefined && value <= par ? "1" : null },
      value === undefined ? "–" : grouped(value), par === undefined ? "" : ` (par ${grouped(par)})`),
  ]));
}

/** What is said about the latest attempt. */
/** @param {any} judged @param {boolean} busy @param {boolean} on @param {any} shown @param {any} kept @param {(action: any) => void} dispatch */
function words(judged, busy, on, shown, kept, dispatch) {
  const nodes = [];
  if (busy && on) nodes.push(h("p", {}, "Judging this run."));
  if (!judged && kept?.right) nodes.push(h("p", {}, h("b", {}, "Solved.")));
  if (judged?.solved) nodes.push(h("p", {}, h("b", {}, "Solved.")));
  for (const what of [...(judged?.means ?? []), ...(judged?.rules ?? [])]) nodes.push(h("p", {}, what));
  if (judged?.mistake) nodes.push(h("p", { "data-testid": "lesson-mistake" }, ...textNodes(judged.mistake)));
  if (judged?.stuck) nodes.push(h("p", { "data-testid": "lesson-stuck" }, ...textNodes(judged.stuck.say), " ",
    h("button", { type: "button", class: "link", "data-testid": "lesson-rewind", onClick: () => dispatch({ type: "goto", n: judged.stuck.rewind }) }, "Go back to where it began")));
  if (shown) nodes.push(h("p", { "data-testid": "lesson-solved-by" }, ...textNodes(shown)));
  return nodes;
}
