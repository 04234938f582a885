// @ts-check
/** The text of the model's functions: a quarter of all that the page needs, and the last that is looked at. So it comes
 *  when the page has its first stages and nothing better to do. */

const TRIES = 3;
/** ms until it is asked for again. */
const AGAIN = 2000;

/** @typedef {import("./select.js").State} State */

/** Whether a function is on show whose text has not come yet. @param {State} state @returns {boolean} */
export const awaitsSources = ({ frames, catalogue }) => frames.length > 0 && Boolean(catalogue) && !catalogue.sources;

/** @param {(action: any) => void} dispatch */
export function sources(dispatch) {
  let asked = false;

  async function ask(tries = 1) {
    try {
      const response = await fetch("/sources.json");
      if (!response.ok) throw new Error(`sources.json: ${response.status}`);
      dispatch({ type: "sources", sources: await response.json() });
    } catch (error) {
      if (tries < TRIES) return setTimeout(ask, AGAIN, tries + 1);
      const what = `The text of the model's functions did not arrive (${/** @type {Error} */ (error).message}). Load the page again.`;
      dispatch({ type: "trouble", error: { what, errors: [] } });
      dispatch({ type: "sources", sources: {} });
    }
  }

  return (/** @type {State} */ state) => {
    if (asked || !state.catalogue || state.count === 0) return;
    asked = true;
    setTimeout(ask);
  };
}
