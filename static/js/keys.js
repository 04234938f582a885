// @ts-check
/** Every key in one table: what the keyboard does, and what help says that it does. */

import { faster, slower, toggleInstant } from "./controls/speed.js";

/** @typedef {import("./select.js").State} State */
/**
 * @typedef {object} Key
 * @property {string[]} keys as printed: "Shift+f", "F9", "g then m"
 * @property {string} does
 * @property {(((state: State) => any)[])} [acts] for each of `keys`, where a single letter or sign is enough
 * @property {boolean} [lesson] only where there is a lesson
 */

/** @param {string} how */
const step = (how) => () => ({ type: "step", how });
/** @param {(ui: State["ui"]) => Record<string, any>} change */
const ui = (change) => (/** @type {State} */ state) => ({ type: "ui", ui: change(state.ui) });

/** Run to a breakpoint; while there is none, to the sheet where one is made. @param {State} state @param {1 | -1} way */
export const toBreakpoint = ({ stops }, way) =>
  stops.some((one) => one.on)
    ? { type: "step", how: way > 0 ? "nextStop" : "prevStop" }
    : { type: "ui", ui: { sheet: "stops" } };

/** Both ways to what is wanted. @param {string} key @param {string} does @param {string} name @returns {Key} */
const both = (key, does, name) => ({
  keys: [key, `Shift+${key}`],
  does: `run to the next, previous ${does}`,
  acts: [step(`next${name}`), step(`prev${name}`)],
});

/** @type {[title: string, keys: Key[]][]} */
export const KEYS = [
  [
    "Step",
    [
      { keys: ["s", "b"], does: "one stage on, back", acts: [step("into"), step("back")] },
      { keys: ["n", "Shift+n"], does: "over a whole call, back over it", acts: [step("over"), step("backOver")] },
      { keys: ["o", "Shift+o"], does: "out of the function, back to its call", acts: [step("out"), step("backOut")] },
      { keys: ["Home"], does: "to the start" },
      { keys: ["Space"], does: "play, pause" },
      { keys: ["[", "]", "i"], does: "slower, faster, instant", acts: [ui(slower), ui(faster), ui(toggleInstant)] },
    ],
  ],
  [
    "Run",
    [
      both("f", "fault", "Fault"),
      both("m", "major fault", "Major"),
      both("d", "disk request", "Io"),
      both("y", "system call", "Call"),
      both("u", "signal", "Signal"),
      {
        keys: ["c", "Shift+c"],
        does: "run to the next, previous breakpoint",
        acts: [(state) => toBreakpoint(state, 1), (state) => toBreakpoint(state, -1)],
      },
      { keys: ["F9"], does: "breakpoint on the current line, of the program or of the model" },
      { keys: ["Shift+b"], does: "breakpoints", acts: [ui(() => ({ sheet: "stops" }))] },
      { keys: ["k"], does: "run to the next checkpoint", lesson: true },
    ],
  ],
  [
    "Find",
    [
      { keys: ["/"], does: "search all stages", acts: [ui(() => ({ sheet: "search" }))] },
      {
        keys: ["Alt+Left", "Alt+Right"],
        does: "back to where you were before a leap, forth again",
      },
      { keys: ["+", "-", "0"], does: "zoom the timeline in, out, all (on the timeline)" },
      { keys: ["Shift+Left", "Shift+Right"], does: "move the timeline (on the timeline)" },
    ],
  ],
  [
    "Page",
    [
      { keys: ["F6", "Shift+F6"], does: "next, previous pane" },
      { keys: ["g then l p m k t"], does: "go to lesson, program, machine, kernel, time" },
      { keys: ["Enter"], does: "on a cell its card, on a frame its source" },
      { keys: ["Shift+l"], does: "lesson or program list over the whole column", acts: [ui(({ tall }) => ({ tall: !tall }))] },
      { keys: ["Ctrl+Enter"], does: "compile and run" },
      { keys: [","], does: "machine settings", acts: [ui(() => ({ sheet: "settings" }))] },
      { keys: ["t"], does: "console: /proc and the trace at this stage", acts: [ui(({ console }) => ({ console: !console }))] },
      { keys: ["h"], does: "charts of the run", acts: [ui(() => ({ sheet: "charts" }))] },
      { keys: ["v"], does: "compare with another run", acts: [ui(() => ({ sheet: "compare" }))] },
      { keys: ["e"], does: "share", acts: [ui(() => ({ sheet: "share" }))] },
      { keys: ["x"], does: "export", acts: [ui(() => ({ sheet: "export" }))] },
      { keys: ["F8"], does: "next mistake, in the editor" },
      { keys: ["Ctrl+]", "Ctrl+["], does: "indent and outdent, in the editor; Tab moves on" },
      { keys: ["?", "Esc"], does: "this help, close", acts: [ui(() => ({ sheet: "help" }))] },
    ],
  ],
];

/** What a single letter or sign does. @type {Map<string, (state: State) => any>} */
export const LETTERS = new Map(
  KEYS.flatMap(([, rows]) => rows.flatMap(({ keys, acts = [] }) => acts.map((act, i) => [letter(keys[i]), act]))),
);

/** "Shift+f" is typed as F. @param {string} key */
function letter(key) {
  const shifted = /^Shift\+(.)$/.exec(key);
  return shifted ? shifted[1].toUpperCase() : key;
}
