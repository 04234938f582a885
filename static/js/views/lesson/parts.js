// @ts-check
/** The elements of the lesson pane, made once. */

import { h, icon } from "../../dom.js";

/** @param {Element} root */
export function build(root) {
  const count = h("p", { class: "note", "data-testid": "lesson-count" });
  const pills = h("ol", { class: "lesson-pills", "aria-label": "Steps" });
  const title = h("h2", { class: "lesson-title", "data-testid": "lesson-title" });
  const text = h("div", { class: "lesson-text" });
  const name = h("h3", { class: "checkpoint-name" });
  const run = /** @type {HTMLButtonElement} */ (
    h("button", { type: "button", class: "button", "data-testid": "lesson-run-to", title: "Run to the checkpoint (k)" },
      icon("play"), h("span", {}, "Run to it"))
  );
  const task = h("div", { class: "lesson-task" });
  const proof = h("aside", { class: "proof", "data-testid": "lesson-proof", "aria-label": "What was checked", hidden: true });
  const hints = h("div", { class: "hints", "data-testid": "lesson-hints" });
  const finish = h("section", { class: "finish", "data-testid": "lesson-finish", "aria-label": "Finished", hidden: true });
  const languages = h("span", { class: "languages", "data-testid": "lesson-languages" });
  const news = h("p", { class: "visually-hidden", role: "status" });
  const watch = h("p", { class: "checkpoint-watch" });
  const card = h("section", { class: "checkpoint", "data-testid": "lesson-checkpoint", "aria-label": "Checkpoint" },
    h("div", { class: "checkpoint-head" }, icon("clock"), name, run), watch);
  const prev = turn("lesson-prev", "Step before");
  const next = turn("lesson-next", "Next step");
  const step = h("article", { class: "lesson-step", "data-testid": "lesson-step" }, title, text, proof, task, hints, finish, card);
  const reading = { class: "scroll lesson-scroll", tabindex: "0", role: "group", "aria-label": "Step" };
  const scroller = h("div", reading, step);
  const lights = h("div", { class: "lights", "aria-hidden": "true" });
  root.replaceChildren(
    h("header", { class: "lesson-head" }, count, languages, pills, prev, next),
    scroller,
    news,
    lights,
  );
  return { finish, languages, task, proof, hints, news, count, pills, title, text, name, run, watch, card, prev, next, step, scroller, lights };
}

/** A button that turns the page. @param {string} id @param {string} label @returns {HTMLButtonElement} */
function turn(id, label) {
  const props = { type: "button", class: "button quiet square lesson-turn", "data-testid": id, title: label };
  return /** @type {HTMLButtonElement} */ (h("button", { ...props, "aria-label": label }, icon("back")));
}

/**
 * The nodes of a step's text.  The server has sanitised it; parsing it apart from the page runs nothing.
 * @param {string} html @returns {Node[]}
 */
export function textNodes(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}
