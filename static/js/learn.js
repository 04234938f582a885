// @ts-check
/**
 * A student's part of a lesson: answers go to the server, which alone knows what is right, and come back with what they
 * open.  `lesson` holds the steps that may be seen, `answers` by step with what was said to each, and `turn`, the
 * decision that a play waits for.
 *
 *     {type: "answer", step, answer, sure, skip, turn}     commit
 *     {type: "stand", step}                                the student turned to this step
 *     {type: "hint", step}, {type: "solution", step}       one rung down the ladder; what lies below the last
 *     {type: "exercise", step, task}, {type: "leave"}      begin an exercise on a run of its own; back to the lesson's
 *     {type: "judge"}                                      a run of the exercise has ended: are the goals met?
 */

/** @typedef {{dispatch: (action: any) => void, get: () => any, more: () => void}} Tools */

const LANGUAGE = new URLSearchParams(location.search).get("lang");

/**
 * Send one JSON object to this server; throws an Error with a sentence.
 * @param {string} path @param {any} body @returns {Promise<any>}
 */
export async function post(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The server cannot be reached just now. What you chose is still here: try again in a moment.");
  }
  const reply = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(reply.error?.what ?? `The server did not take this (${response.status}). Reload the page.`);
  return reply;
}

/** @param {any} lesson @param {string} what */
export const pathOf = (lesson, what) => `/lessons/${lesson.id}/${what}${LANGUAGE ? `?lang=${encodeURIComponent(LANGUAGE)}` : ""}`;

/** The question that time waits for: the first one without an answer; -1 when none is left. @param {any} lesson */
export const openQuestion = (lesson) =>
  lesson.steps.findIndex((/** @type {any} */ step) => !step.held && ["predict", "play"].includes(step.kind) && !isDone(lesson, step));

/** @param {any} lesson @param {any} step */
export function isDone(lesson, step) {
  const answer = lesson.answers?.[step.id];
  return !!answer && (step.kind !== "play" || answer.done);
}

/** @param {any} action @param {Tools} tools */
async function answer({ step, answer: given, sure = "", skip = false, turn = 0 }, { dispatch, get, more }) {
  if (get().learning.busy) return;
  dispatch({ type: "learning", learning: { busy: true, trouble: null } });
  try {
    const body = skip ? { step, skip, turn } : { step, answer: given, sure, turn };
    const lesson = await post(pathOf(get().lesson, "answer"), body);
    const next = lesson.turn;
    dispatch({ type: "lesson", lesson });
    more();
    // In a play the run goes on to the next decision by itself: that is where the kernel is asked again.
    if (next && next.step === step) dispatch({ type: "goto", n: next.stage });
    else if (next === null && lesson.answers[step]?.turns) dispatch({ type: "step", how: "into" });
  } catch (error) {
    dispatch({ type: "learning", learning: { busy: false, trouble: /** @type {Error} */ (error).message } });
  }
}

/** Where the student is need not be told at once, nor twice; what fails is told with the next step. */
let told = "";
/** @param {any} action @param {Tools} tools */
async function stand({ step, again }, { get, dispatch }) {
  if (step === told && !again) return;
  told = step;
  try {
    const { finished } = await post(pathOf(get().lesson, "place"), { step });
    if (finished && !get().lesson.finished) dispatch({ type: "lesson", lesson: { ...get().lesson, finished } });
  } catch {
    told = "";
  }
}

/** The numbers of a step's hints that are open. @param {any} lesson @param {string} step @returns {number[]} */
const shownHints = (lesson, step) => (lesson.opened?.[step] ?? []).map((/** @type {[number, string]} */ [n]) => n);

/** @param {any} action @param {Tools} tools */
async function hint({ step }, { dispatch, get }) {
  await attempt(dispatch, async () => {
    const { opened } = await post(pathOf(get().lesson, "hint"), { step, shown: shownHints(get().lesson, step) });
    const { lesson } = get();
    const known = new Map([...(lesson.opened?.[step] ?? []), ...(opened[step] ?? [])]);
    const rungs = [...known].sort(([a], [b]) => a - b);
    dispatch({ type: "lesson", lesson: { ...lesson, opened: { ...opened, [step]: rungs } } });
  });
}

/** @param {any} action @param {Tools} tools */
async function solution({ step }, { dispatch, get }) {
  await attempt(dispatch, async () => {
    const { program, machine, say } = await post(pathOf(get().lesson, "solution"), { step, shown: shownHints(get().lesson, step) });
    dispatch({ type: "learning", learning: { busy: false, shown: say } });
    dispatch({ type: "run", name: program.name, text: program.text, machine });
  });
}

/** Begin with what was kept of the last attempt, or from the start. @param {any} action @param {Tools} tools */
function exercise({ step, task }, { dispatch, get }) {
  const { learning, lesson, cursor } = get();
  const from = learning.exercise ? learning.from : cursor;
  const kept = learning.exercise === step ? null : lesson.answers[step];
  const program = kept?.program ? { name: kept.name, text: kept.program } : task.program;
  dispatch({ type: "learning", learning: { exercise: step, from, attempt: null, shown: null, trouble: null } });
  dispatch({ type: "run", name: program.name, text: program.text, machine: kept?.machine ?? task.machine });
  if (task.change.includes("program")) dispatch({ type: "ui", ui: { tab: "program" } });
}

/** Back to the lesson's own run, to the stage at which the exercise was begun. @param {any} _ @param {Tools} tools */
function leave(_, { dispatch, get }) {
  const { lesson, learning } = get();
  const { program, machine } = lesson;
  dispatch({ type: "learning", learning: { exercise: null, attempt: null, shown: null, trouble: null } });
  dispatch({ type: "run", name: program.name, text: program.text, machine, want: { type: "goto", n: learning.from } });
}

/** @param {any} _ @param {Tools} tools */
async function judge(_, { dispatch, get }) {
  const { learning, lesson, program, machine, run } = get();
  const step = learning.exercise;
  dispatch({ type: "learning", learning: { judged: run.run } });
  await attempt(dispatch, async () => {
    const body = { step, program: program.text, name: program.name, machine };
    const judged = await post(pathOf(lesson, "attempt"), body);
    if (get().run?.run !== run.run || get().learning.exercise !== step) return;
    const opened = judged.hints ? { ...get().lesson.opened, [step]: judged.hints } : get().lesson.opened;
    const answers = { ...get().lesson.answers };
    if (judged.solved) answers[step] = { ...answers[step], right: true };
    dispatch({ type: "lesson", lesson: { ...get().lesson, opened, answers } });
    dispatch({ type: "learning", learning: { attempt: judged } });
    if (judged.solved) dispatch({ type: "stand", step, again: true });
  });
}

/** Do something that the server may refuse. @param {(action: any) => void} dispatch @param {() => Promise<void>} act */
async function attempt(dispatch, act) {
  dispatch({ type: "learning", learning: { busy: true, trouble: null } });
  try {
    await act();
    dispatch({ type: "learning", learning: { busy: false } });
  } catch (error) {
    dispatch({ type: "learning", learning: { busy: false, trouble: /** @type {Error} */ (error).message } });
  }
}

/** @type {Record<string, (action: any, tools: Tools) => void>} */
export const LEARNING = { answer, stand, hint, solution, exercise, leave, judge };

/** Watches the runs of an exercise: each that has ended is judged, once. @param {(action: any) => void} dispatch */
export const judging = (dispatch) => (/** @type {any} */ { learning, run, done, ended }) => {
  if (learning.exercise && run && done && ended && learning.judged !== run.run) dispatch({ type: "judge" });
};
