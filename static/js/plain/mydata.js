// @ts-check
/** One's own data: a code for another browser, a file to keep, a file to bring back, and forgetting all of it. */

import { post } from "../learn.js";

const MOST = 1_000_000; // bytes of a file

export function myData() {
  const root = document.querySelector("[data-testid=my-data]");
  if (!root) return;
  const get = (/** @type {string} */ name) => /** @type {any} */ (root.querySelector(`[data-testid=my-${name}]`));
  const said = get("said");
  /** @param {string} text */
  const say = (text) => (said.textContent = text);

  /** @param {() => Promise<void>} act */
  async function attempt(act) {
    try {
      await act();
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
  }

  get("make-code").addEventListener("click", () => attempt(async () => {
    const { code } = await post("/me/code", {});
    get("code").textContent = code;
    say("The code is good once, for two days. Type it on the other machine, on this page.");
  }));
  get("resume").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(async () => {
      await post("/me/resume", { code: get("code-field").value });
      location.assign("/lessons");
    });
  });
  get("import").addEventListener("change", () => attempt(async () => {
    const [file] = get("import").files;
    if (!file) return;
    if (file.size > MOST) throw new Error(`This file has ${file.size} bytes; a file of answers has fewer than ${MOST}.`);
    let content;
    try {
      content = JSON.parse(await file.text());
    } catch {
      throw new Error(`${file.name} is no file of answers: it is not JSON.`);
    }
    const { answers } = await post("/me/import", content);
    say(`${answers} answers were brought back. What you had here before was replaced.`);
  }));
  get("forget").addEventListener("click", () => {
    get("sure").hidden = false;
    get("really").focus();
  });
  get("really").addEventListener("click", () => attempt(async () => {
    await post("/me/forget", { sure: true });
    get("sure").hidden = true;
    say("Everything about you on this server is deleted.");
  }));
}
