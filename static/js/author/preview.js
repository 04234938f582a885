// @ts-check
/**
 * The lesson as a student sees it, at the step of the caret: the page itself in a frame, scaled to fit. The next version
 * is loaded behind the one on show and takes its place when it stands still, at the stage where the author was.
 */

import { h } from "../dom.js";

/** @type {Record<number, number>} */
const HEIGHT = { 1440: 900, 768: 1024, 390: 844 };

/** @param {HTMLElement} root @param {string} path */
export function createPreview(root, path) {
  let width = 1440;
  let theme = "light";
  let shown = /** @type {HTMLIFrameElement | null} */ (null);
  let coming = /** @type {HTMLIFrameElement | null} */ (null);
  let step = "";
  const note = h("p", { class: "note author-wait", "data-testid": "author-wait" }, "The lesson is shown here as soon as it can be read.");
  root.append(note);

  function fit() {
    const scale = Math.min(root.clientWidth / width, root.clientHeight / HEIGHT[width]);
    for (const frame of [shown, coming]) {
      if (!frame) continue;
      frame.style.width = `${width}px`;
      frame.style.height = `${HEIGHT[width]}px`;
      frame.style.transform = `translateX(${Math.max(0, (root.clientWidth - width * scale) / 2)}px) scale(${scale})`;
    }
  }

  /** @param {string | null} stage where to stand, if not where the step begins */
  function load(stage) {
    coming?.remove();
    const query = new URLSearchParams({ motion: "instant", theme, ...(stage ? { stage } : {}) });
    coming = /** @type {HTMLIFrameElement} */ (h("iframe", { title: "The lesson as a student sees it", "data-testid": "author-frame", src: `${path}/at/${step}?${query}` }));
    coming.classList.add("coming");
    const frame = coming;
    frame.addEventListener("load", () => whenStill(frame, () => swap(frame)));
    root.append(frame);
    fit();
  }

  /** @param {HTMLIFrameElement} frame */
  function swap(frame) {
    if (frame !== coming) return;
    shown?.remove();
    shown = frame;
    coming = null;
    frame.classList.remove("coming");
    note.hidden = true;
    root.dataset.step = step;
  }

  new ResizeObserver(fit).observe(root);

  return {
    /** @param {string} next @param {boolean} anew there is a new version of the lesson */
    show(next, anew) {
      const stay = anew && next === step ? (shown?.contentDocument?.documentElement.dataset.stage ?? null) : null;
      if (next === step && !anew) return;
      step = next;
      load(stay);
    },
    /** Nothing new to show. @param {number} problems */
    wait(problems) {
      note.hidden = shown !== null;
      note.textContent = `The lesson is shown here as soon as it can be read: mend ${problems === 1 ? "what is wrong" : "the errors"} first.`;
    },
    /** @param {number} next */
    width(next) {
      width = next;
      fit();
    },
    /** @param {string} next */
    theme(next) {
      theme = next;
      if (step) load(shown?.contentDocument?.documentElement.dataset.stage ?? null);
    },
  };
}

/** Call back when the page in a frame stands still. @param {HTMLIFrameElement} frame @param {() => void} then */
function whenStill(frame, then) {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  const still = () => root.dataset.settled === "1" || !root.querySelector("#machine");
  if (still()) return then();
  const watch = new MutationObserver(() => {
    if (!still()) return;
    watch.disconnect();
    then();
  });
  watch.observe(root, { attributes: true, attributeFilter: ["data-settled"] });
}
