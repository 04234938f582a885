// @ts-check
/** What the reducer keeps: everything known apart from the stages, as plain data. */

/** @typedef {{run: string, program: Program, machine: Record<string, any>, files: Record<string, any>}} Run */
/** @typedef {{name: string, text: string}} Program */
/** @typedef {{what: string, errors: import("./views/program/problems.js").Problem[]}} Trouble */
/**
 * @typedef {object} Ui
 * @property {"light" | "dark"} theme
 * @property {"full" | "reduced" | "instant"} motion
 * @property {boolean} calm the device asks for less motion
 * @property {number} speed
 * @property {boolean} playing
 * @property {boolean} letters whether single letters are keys
 * @property {string | null} pin ref of the object whose card is open
 * @property {string | null} hover
 * @property {boolean} compiling
 * @property {boolean} editing
 * @property {"help" | "settings" | "share" | "compare" | "export" | "search" | "stops" | null} sheet
 * @property {boolean} console whether the console stands over the kernel pane
 * @property {string} query what is searched for
 * @property {{ref: string, field: string, label: string} | null} trail the value whose writers are followed
 * @property {boolean} bare whether the model's source is shown without the calls that record stages
 * @property {string} tab the pane on show where there is room for one
 * @property {boolean} recording the reader notes stages for a lesson
 * @property {boolean} tall whether the lesson has the whole left column
 * @property {string} detail "source" or "changes", where there is room for one
 * @property {number | null} frame the frame whose source is on show; the deepest when null
 * @property {"time" | "stages"} axis
 * @property {import("./views/time/scale.js").Window | null} window the part of the axis on show; all of it when null
 * @property {boolean} scrubbing
 */
/**
 * @typedef {object} Core
 * @property {Run | null} run
 * @property {Program | null} program
 * @property {any[]} programs
 * @property {Record<string, any>} machine the settings that the next run asks for
 * @property {any} limits what the server takes
 * @property {string} version the model's
 * @property {any} lesson as far as the student has come; learn.js says what it holds
 * @property {boolean} held the run stands at a question that is not answered yet
 * @property {any} learning what the lesson's pane keeps: answers under way, the exercise, what went wrong
 * @property {any} catalogue
 * @property {number} count stages held
 * @property {number} produced stages that the server has recorded so far
 * @property {boolean} done
 * @property {{why: string, limit: boolean} | null} ended
 * @property {"open" | "lost" | "retry"} conn
 * @property {{since: number, next: number} | null} outage
 * @property {boolean} gone the server no longer has this run
 * @property {Trouble | null} trouble
 * @property {Trouble | null} checked what is wrong with the draft
 * @property {number} cursor the stage on show, -1 before the first
 * @property {{back: number[], forth: number[]}} history where the reader was before leaps, and before going back
 * @property {import("./stops/shelf.js").Kept[]} stops breakpoints
 * @property {any} pending a wish whose stage has not arrived
 * @property {{text: string, back?: Program} | null} notice what to tell, and a text that can be had back
 * @property {string | null} draft the program while it is edited
 * @property {string | null} draftName its name, when that is another
 * @property {Program | null} origin the program as it was before anybody changed it here
 * @property {Ui} ui
 */

/** @param {any} boot @param {Partial<Ui>} ui @param {any} pending @returns {Core} */
export function initial(boot, ui, pending) {
  return {
    run: null,
    program: boot.program ?? null,
    programs: boot.programs ?? [],
    machine: boot.lesson?.machine ?? boot.machine ?? {},
    limits: boot.limits ?? {},
    version: boot.version ?? "",
    lesson: boot.lesson ?? null,
    held: false,
    learning: { busy: false, trouble: null, exercise: null, from: 0, attempt: null, judged: null, shown: null },
    catalogue: null,
    count: 0,
    produced: 0,
    done: false,
    ended: null,
    conn: "retry",
    outage: null,
    gone: false,
    trouble: null,
    checked: null,
    cursor: -1,
    history: { back: [], forth: [] },
    stops: [],
    pending,
    notice: null,
    draft: null,
    draftName: null,
    origin: boot.program ?? null,
    ui: {
      theme: "light",
      motion: "full",
      calm: false,
      letters: true,
      speed: 1,
      playing: false,
      pin: null,
      hover: null,
      compiling: false,
      editing: false,
      sheet: null,
      tab: "machine",
      recording: false,
      tall: false,
      detail: "source",
      frame: null,
      console: false,
      query: "",
      trail: null,
      bare: false,
      axis: "time",
      window: null,
      scrubbing: false,
      ...ui,
    },
  };
}
