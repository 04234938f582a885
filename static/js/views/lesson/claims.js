// @ts-check
/** Claims: each sentence that was checked bears a small mark, which opens what was checked, and on what. */

import { h, icon } from "../../dom.js";
import { pathOf } from "../../learn.js";

/** @param {HTMLElement} root the step's text @param {HTMLElement} proof where it opens @param {AbortSignal} signal */
export function createClaims(root, proof, signal) {
  /** @type {any} */
  let lesson = null;
  /** @type {any} */
  let step = null;
  /** @type {Map<string, Promise<any[]>>} */
  const asked = new Map();
  /** @type {HTMLElement | null} */
  let opener = null;

  function close() {
    proof.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
    opener = null;
  }

  /** @param {HTMLElement} button @param {number} n */
  async function open(button, n) {
    const again = opener === button;
    close();
    if (again) return;
    opener = button;
    button.setAttribute("aria-expanded", "true");
    proof.hidden = false;
    proof.replaceChildren(h("p", { class: "note" }, "Asking the model."));
    const { id } = step;
    try {
      const found = await claims(id);
      if (opener === button && step.id === id) proof.replaceChildren(...about(found[n]), shut());
    } catch {
      asked.delete(id);
      if (opener === button) proof.replaceChildren(h("p", {}, "The server cannot be reached just now."), shut());
    }
  }

  const shut = () => h("button", { type: "button", class: "link", onClick: () => (opener?.focus(), close()) }, "Close");

  /** @param {string} id @returns {Promise<any[]>} */
  function claims(id) {
    const known = asked.get(id) ?? fetch(pathOf(lesson, `claims/${id}`)).then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error())));
    asked.set(id, known);
    return known;
  }

  signal.addEventListener("abort", close);

  return (/** @type {any} */ ofLesson, /** @type {any} */ ofStep) => {
    lesson = ofLesson;
    step = ofStep;
    close();
    for (const span of root.querySelectorAll("[data-claim]")) {
      const n = Number(span.getAttribute("data-claim"));
      const button = h("button", {
        type: "button", class: "claim", "data-testid": `lesson-claim-${n}`, "aria-expanded": "false",
        "aria-label": `What was checked: ${span.textContent}`, title: "Checked by machine; show what",
        onClick: () => open(/** @type {HTMLElement} */ (button), n),
      }, icon("check"));
      glue(span, button);
    }
  };
}

/** Keep the mark on the line of the word before it. @param {Element} span @param {Element} button */
function glue(span, button) {
  const words = document.createTreeWalker(span, NodeFilter.SHOW_TEXT);
  let last = /** @type {Text | null} */ (null);
  for (let node = words.nextNode(); node; node = words.nextNode()) last = /** @type {Text} */ (node);
  const word = last?.parentElement === span ? /\S+\s*$/.exec(last.data) : null;
  if (!last || !word) return span.after(button);
  last.data = last.data.slice(0, word.index);
  span.append(h("span", { class: "claim-end" }, word[0], button));
}

/** @param {any} claim */
function about({ text, expression, model, kernel }) {
  const words = kernel === true ? "on the model and on the recorded kernel" : "on the model";
  const rest = kernel === null ? " The recording of the real kernel does not hold this, or there is none." : "";
  return [
    h("p", {}, h("b", {}, model ? `Checked ${words}.` : "This does not hold on the model."), rest),
    h("p", {}, `“${text}” stands for`),
    h("p", {}, h("code", {}, expression)),
  ];
}
