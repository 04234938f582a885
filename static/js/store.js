// @ts-check
/** One store: actions go through one reducer, and whoever listens hears at most once per animation frame. */

/**
 * @template S
 * @typedef {object} Store
 * @property {() => S} get
 * @property {(action: any) => void} dispatch
 * @property {() => void} flush tell the listeners now what they would hear with the next frame
 * @property {(listener: (state: S) => void, signal?: AbortSignal) => void} subscribe
 */

/** @template S @param {(state: S, action: any) => S} reduce @param {S} initial @returns {Store<S>} */
export function createStore(reduce, initial) {
  let state = initial;
  let reducing = false;
  let frame = 0;
  /** @type {Set<(state: S) => void>} */
  const listeners = new Set();

  function tell() {
    frame = 0;
    for (const listener of [...listeners]) listener(state);
  }

  return {
    get: () => state,
    dispatch(action) {
      if (reducing) throw new Error(`store: "${action.type}" was dispatched inside the reducer`);
      reducing = true;
      try {
        state = reduce(state, action);
      } finally {
        reducing = false;
      }
      // A hidden page gets no frames: nothing is drawn until someone looks.
      if (!frame) frame = requestAnimationFrame(tell);
    },
    flush() {
      if (!frame) return;
      cancelAnimationFrame(frame);
      tell();
    },
    subscribe(listener, signal) {
      listeners.add(listener);
      signal?.addEventListener("abort", () => listeners.delete(listener));
    },
  };
}
