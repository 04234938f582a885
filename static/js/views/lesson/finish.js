// @ts-check
/** The end of a lesson: a line, the figures, and what comes next.  And the languages it can be read in. */

import { h, join } from "../../dom.js";

/** @type {Record<string, string>} */
const NAMES = { en: "English", zh: "中文", de: "Deutsch", fr: "Français", es: "Español", ja: "日本語" };

/** @param {HTMLElement} root */
export function createFinish(root) {
  let drawn = "";

  return (/** @type {any} */ lesson, /** @type {number} */ shown) => {
    root.hidden = !lesson.finished || shown !== lesson.steps.length - 1;
    const key = JSON.stringify([lesson.finished, lesson.answers, lesson.next]);
    if (root.hidden || key === drawn) return;
    drawn = key;
    root.replaceChildren(
      h("h3", {}, "That was the whole lesson."),
      h("p", {}, figures(lesson)),
      h("p", { class: "finish-next" },
        lesson.next ? h("a", { class: "button primary", href: `/lessons/${lesson.next.id}`, "data-testid": "lesson-following" }, `Next: ${lesson.next.title}`) : null,
        h("a", { class: "button", href: "/lessons" }, "All lessons")),
    );
  };
}

/** "2 of 3 predictions right; 80 % of the kernel's decisions; exercise solved with 5 faults." @param {any} lesson */
function figures({ steps, answers }) {
  const of = (/** @type {string} */ kind) => steps.filter((/** @type {any} */ step) => step.kind === kind).map((/** @type {any} */ step) => answers[step.id] ?? {});
  const right = (/** @type {any[]} */ all) => all.filter((one) => one.right).length;
  const words = [];
  const predictions = of("predict");
  if (predictions.length) words.push(`${right(predictions)} of ${predictions.length} predictions right`);
  const plays = of("play");
  if (plays.length) words.push(`${Math.round((100 * plays.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + (one.credit ?? 0), 0)) / plays.length)} % of the kernel's decisions`);
  const quizzes = of("quiz");
  if (quizzes.length) words.push(`${quizzes.filter((/** @type {any} */ one) => one.right && one.attempts === 1).length} of ${quizzes.length} quizzes right at once`);
  const exercises = of("do");
  if (exercises.length) words.push(`${right(exercises)} of ${exercises.length} exercises solved`);
  return words.length ? `${words.join("; ")}.` : "";
}

/** @param {HTMLElement} root @param {any} lesson */
export function drawLanguages(root, lesson) {
  const others = (lesson.languages ?? []).filter((/** @type {string} */ one) => one !== lesson.language);
  join(root, others, (one) => one, (one) =>
    h("a", { href: one === "en" ? location.pathname : `?lang=${one}`, lang: one, hreflang: one, "data-testid": `lesson-language-${one}` }, NAMES[one] ?? one));
}
