// @ts-check
/** What a page starts with: a link's program and stage, or the program that the server put into it. */

import { checked, decode } from "./share.js";

/** @param {any} boot @param {(action: any) => void} dispatch @param {AbortSignal} signal */
export function opening(boot, dispatch, signal) {
  /** Follow the address, or go on to `otherwise` and say what is wrong with it. @param {any} stored @param {() => void} otherwise */
  async function follow(stored, otherwise) {
    try {
      const share = (await decode(location.hash)) ?? (stored && checked(stored));
      if (share) show(share);
      else otherwise();
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      otherwise();
      dispatch({ type: "notice", notice: { text: message } });
    }
  }

  /** @param {import("./share.js").Share} share */
  function show({ program, name, machine, stage, place, title, note, model }) {
    const same = model === boot.version || !place;
    const want = stage === 0 ? null : same ? { type: "goto", n: stage } : { type: "place", place };
    const said = [title, note].filter(Boolean).join(": ");
    dispatch({ type: "run", text: program, name, machine, want, said });
  }

  function aim() {
    const link = document.querySelector("[data-embed-open]");
    link?.setAttribute("href", (location.pathname.replace(/^\/embed/, "") || "/play") + location.hash);
  }

  addEventListener("hashchange", () => (aim(), follow(null, () => {})), { signal });
  aim();
  follow(boot.share, () => boot.program && dispatch({ type: "run" }));
}
