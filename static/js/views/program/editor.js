// @ts-check
/**
 * The editor's place in the pane: it is loaded when somebody first edits, and shown while somebody does. Without a
 * connection it cannot be loaded; the place says so, and it is tried again when the connection is back, and while it is.
 */

/** @typedef {import("../../select.js").State} State */
/** @typedef {ReturnType<typeof import("../../editor/open.js").open>} Editor */

/** @param {HTMLElement} root @param {{changed: (text: string) => void, toggle: (line: number) => void}} tools */
export function createEditor(root, { changed, toggle }) {
  let editor = /** @type {Editor | null} */ (null);
  let loading = false;
  let editing = false;
  let latest = /** @type {State | null} */ (null);
  /** What to do as soon as the editor is there. @type {((editor: Editor) => void)[]} */
  const waiting = [];

  async function load() {
    loading = true;
    const nonce = /** @type {HTMLScriptElement | null} */ (document.querySelector("script[nonce]"))?.nonce ?? "";
    const { open } = await import("../../editor/open.js").catch(() => ({ open: null }));
    if (!open) {
      root.textContent = MISSING;
      root.hidden = false;
      loading = false;
      setTimeout(again, AGAIN);
      return;
    }
    root.textContent = "";
    editor = open(root, { nonce, changed, toggle, library: () => latest?.catalogue?.library ?? [] });
    if (latest) show(latest);
    for (const act of waiting.splice(0)) act(editor);
  }

  /** The connection may be there while one file of it was lost. */
  function again() {
    if (latest?.ui.editing && latest.conn === "open" && !loading && !editor) load();
  }

  /** @param {State} state */
  function show(state) {
    if (!editor) return;
    const text = state.draft ?? "";
    if (state.ui.editing && !editing) editor.begin(text);
    else if (state.ui.editing) editor.replace(text);
    editing = state.ui.editing;
    root.hidden = !editing;
    if (!editing) return;
    const runs = text === state.program?.text;
    editor.show({ errors: mistakesOf(state), stops: stopsOf(state), now: runs ? state.user.line : 0 });
  }

  /** @param {(editor: Editor) => void} act */
  const soon = (act) => (editor ? act(editor) : waiting.push(act));

  return {
    /** Whether the editor is there to take the place of the listing. */
    ready: () => editor !== null,
    focus: () => soon((one) => one.focus()),
    /** @param {number} line @param {number} column */
    select: (line, column) => soon((one) => one.select(line, column)),
    /** @param {State} state */
    render(state) {
      const back = latest?.conn !== "open" && state.conn === "open";
      const begins = state.ui.editing && !latest?.ui.editing;
      latest = state;
      if (state.ui.editing && !loading && !editor && (begins || back)) load();
      show(state);
    },
  };
}

const AGAIN = 2000; // ms

const MISSING = "The editor could not be loaded. It is tried again as soon as the connection is back.";

/** @type {any[]} */
const NONE = [];

/** What is wrong with the program as it stands in the editor. @param {State} state */
export const mistakesOf = (state) => (state.trouble ?? state.checked)?.errors ?? NONE;

/** The lines with a breakpoint. @param {State} state @returns {number[]} */
export const stopsOf = ({ stops }) =>
  stops.flatMap(({ text, on }) => (on && /^line \d+$/.test(text) ? [Number(text.slice(5))] : []));
