// @ts-check
/** While somebody writes: once the typing pauses, ask the server what is wrong; one question at a time. */

const PAUSE = 350; // ms

/** @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function check({ dispatch, signal }) {
  let asked = /** @type {string | null} */ (null);
  let timer = 0;
  signal.addEventListener("abort", () => clearTimeout(timer));

  return (/** @type {import("../select.js").State} */ { draft, ui, conn }) => {
    if (!ui.editing || draft === null) {
      clearTimeout(timer);
      asked = null;
      return;
    }
    if (draft === asked || conn !== "open") return;
    asked = draft;
    clearTimeout(timer);
    timer = window.setTimeout(() => dispatch({ type: "check" }), PAUSE);
  };
}
