// @ts-check
/**
 * Selectors name a stage of a run by what happens there, never by its number: `fault[1].filemap_fault`.
 *
 * The grammar is the table in lessons/README.md.  webapp/lesson is the same machine on the server;
 * tests/golden/selectors.json holds both to the same answers.
 *
 * Interface:
 *     find(text, stages)      asks once; `stages` has a length and get(i)
 *     createFinder()          remembers what it has read, so that asking again costs only the new stages
 *     checkpoints(state)      the stage of every step of the lesson, -1 where the run has not come there
 *     nextCheckpoint(state)   the first of them after the cursor, or -1
 */

import { openQuestion } from "./learn.js";
import { createPass } from "./selector/pass.js";

/** @typedef {import("./selector/pass.js").Stages} Stages */

/** The number of the stage that a selector names, or -1. @param {string} text @param {Stages} stages */
export function find(text, stages) {
  return createFinder().find(text, stages);
}

/**
 * A finder for one run at a time; a timeline that got shorter, or another one, starts it afresh.
 * All selectors it was ever asked share one pass over the stages; naming them beforehand saves starting over.
 * @param {string[]} [texts]
 */
export function createFinder(texts = []) {
  /** @type {Stages | null} */
  let run = null;
  let pass = createPass(texts);

  /** @param {string} text @param {Stages} stages */
  function findIn(text, stages) {
    if (stages !== run || stages.length < pass.length()) {
      run = stages;
      pass = createPass(pass.texts());
    }
    if (!pass.knows(text)) pass = createPass([...pass.texts(), text]);
    pass.readTo(stages);
    return pass.answer(text);
  }

  return { find: findIn };
}

/** @type {WeakMap<object, ReturnType<typeof createFinder>>} */
const finders = new WeakMap();
/** @type {WeakMap<any[], Stages>} */
const views = new WeakMap();

/** A timeline's array of stages as something with a length and get(i). @param {any[]} stages @returns {Stages} */
function asStages(stages) {
  const known = views.get(stages);
  if (known) return known;
  const view = { get length() { return stages.length; }, get: (/** @type {number} */ i) => stages[i] };
  views.set(stages, view);
  return view;
}

/**
 * Where each step of the lesson happens, -1 for steps that need no place or that the run has not come to.
 * @param {any} state what the views see @returns {number[]}
 */
export function checkpoints(state) {
  const { lesson, spans } = state;
  if (!lesson) return [];
  const texts = lesson.steps.map((/** @type {any} */ step) => step.at);
  const finder = finders.get(lesson) ?? createFinder(texts.filter(Boolean));
  finders.set(lesson, finder);
  const stages = asStages(spans.stages);
  const at = texts.map((/** @type {string | null} */ text) => (text ? finder.find(text, stages) : -1));
  // What is shown last before a question may be named by what follows, which is not here yet.
  const asked = state.held ? openQuestion(lesson) : -1;
  if (asked >= 0 && at[asked] < 0) at[asked] = stages.length - 1;
  return at;
}

/** @param {any} state what the views see @returns {number} */
export function nextCheckpoint(state) {
  return checkpoints(state).find((n) => n > state.cursor) ?? -1;
}
