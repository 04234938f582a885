// @ts-check
/** Sharing: a link that carries the program, its machine and this stage; or a short one to what the server keeps. */

import { must, text } from "../dom.js";
import { placeAt } from "../place.js";
import { encode, LONGEST } from "../share.js";
import { sheet } from "./sheet.js";

/** @typedef {import("../select.js").State} State */

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void, signal: AbortSignal}} tools */
export function create(root, { dispatch, signal }) {
  const form = must(root, "form");
  const title = must(root, "[data-testid=share-name]");
  const note = must(root, "[data-testid=share-note]");
  const link = must(root, "[data-testid=share-link]");
  const length = must(root, "[data-testid=share-length]");
  const show = sheet(root, () => dispatch({ type: "ui", ui: { sheet: null } }), signal);
  let latest = /** @type {State | null} */ (null);
  let open = false;
  let turn = 0;

  /** @returns {import("../share.js").Share} */
  function share() {
    const state = /** @type {State} */ (latest);
    const here = form.elements.where.value === "stage" && state.cursor > 0;
    return {
      program: state.program?.text ?? "",
      name: state.program?.name ?? "prog.c",
      machine: state.machine,
      stage: here ? state.cursor : 0,
      place: here ? placeAt(state.timeline, state.cursor) : null,
      title: title.value.trim(),
      note: note.value.trim(),
      model: state.version,
    };
  }

  /** A link is made anew whenever something in it changes; only the latest counts. */
  async function renew() {
    const mine = ++turn;
    const fragment = await encode(share());
    if (mine !== turn) return;
    // What is shared from a lesson leads into the lesson, where its questions are asked.
    link.value = `${location.origin}${latest?.lesson ? `/lessons/${latest.lesson.id}` : "/play"}${fragment}`;
    const size = link.value.length;
    text(
      length,
      size > LONGEST
        ? `${size.toLocaleString("en")} characters: mail and chat programs may cut it. A short link is kept by this server.`
        : `${size.toLocaleString("en")} characters; it holds everything, and nothing is stored.`,
    );
    length.dataset.length = String(size);
  }

  /** @param {string} what @param {string} said */
  async function copy(what, said) {
    try {
      await navigator.clipboard.writeText(what);
      text(length, said);
    } catch {
      link.focus();
      link.select();
      text(length, "This browser does not let the page copy; the link is selected, so press Ctrl+C.");
    }
  }

  /** The address that shows the same in a frame. */
  const framed = () => link.value.replace(/^(.*?\/\/[^/]+)\/(play)?/, (/** @type {string} */ _, /** @type {string} */ origin) => `${origin}/embed${link.value.includes("/s/") ? "/" : ""}`);

  function keep() {
    dispatch({
      type: "keep",
      share: share(),
      tell(/** @type {any} */ reply) {
        if (!reply.ok) return text(length, reply.error.what);
        turn += 1;
        link.value = `${location.origin}/s/${reply.id}`;
        text(length, "Kept by this server, for whoever has the link.");
      },
    });
  }

  /** @param {string} name @param {() => void} act */
  const on = (name, act) => must(root, `[data-testid=share-${name}]`).addEventListener("click", act, { signal });
  on("copy", () => copy(link.value, "Copied."));
  on("frame", () => copy(`<iframe src="${framed()}" width="960" height="640" title="Pagewalk"></iframe>`, "Copied, as a frame for a page or a slide."));
  on("keep", keep);
  form.addEventListener("input", renew, { signal });
  form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault(), { signal });

  return (/** @type {State} */ state) => {
    latest = state;
    const wanted = state.ui.sheet === "share";
    if (wanted && !open) {
      link.value = "";
      text(length, "");
      renew();
    }
    open = wanted;
    show(wanted);
  };
}
