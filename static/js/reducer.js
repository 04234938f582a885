// @ts-check
/**
 * The reducer: what is known and where the reader is, as plain data.  The stages themselves stand in the timeline.
 *
 * Actions: opened, stages, ended, trouble, conn, gone, machine, catalogue, seek, pending, draft, ui.
 * What asks for a place ("step", "goto", "run") is turned into these by intent.js before it gets here.
 */

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
 * @property {"help" | "settings" | null} sheet
 * @property {string} tab the pane on show where there is room for one
 * @property {string} detail "source" or "changes", where there is room for one
 * @property {number | null} frame the frame whose source is on show; the deepest when null
 * @property {"time" | "stages"} axis
 * @property {number | null} zoom
 * @property {boolean} scrubbing
 */
/**
 * @typedef {object} Core
 * @property {Run | null} run
 * @property {Program | null} program
 * @property {any[]} programs
 * @property {Record<string, any>} machine the settings that the next run asks for
 * @property {any} lesson
 * @property {any} catalogue
 * @property {number} count stages held
 * @property {number} produced stages that the server has recorded so far
 * @property {boolean} done
 * @property {{why: string, limit: boolean} | null} ended
 * @property {"open" | "lost" | "retry"} conn
 * @property {{since: number, next: number} | null} outage
 * @property {boolean} gone the server no longer has this run
 * @property {Trouble | null} trouble
 * @property {number} cursor the stage on show, -1 before the first
 * @property {any} pending a wish whose stage has not arrived
 * @property {string | null} draft the program while it is edited
 * @property {Ui} ui
 */

/** @param {any} boot @param {Partial<Ui>} ui @param {any} pending @returns {Core} */
export function initial(boot, ui, pending) {
  return {
    run: null,
    program: boot.program ?? null,
    programs: boot.programs ?? [],
    machine: boot.lesson?.machine ?? boot.machine ?? {},
    lesson: boot.lesson ?? null,
    catalogue: null,
    count: 0,
    produced: 0,
    done: false,
    ended: null,
    conn: "retry",
    outage: null,
    gone: false,
    trouble: null,
    cursor: -1,
    pending,
    draft: null,
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
      detail: "source",
      frame: null,
      axis: "time",
      zoom: null,
      scrubbing: false,
      ...ui,
    },
  };
}

/** @param {Core} core @param {any} action @returns {Core} */
export function reduce(core, action) {
  switch (action.type) {
    case "opened":
      return {
        ...core,
        run: action.run,
        program: action.run.program,
        machine: action.run.machine,
        count: 0,
        produced: 0,
        done: false,
        ended: null,
        trouble: null,
        gone: false,
        cursor: -1,
        draft: null,
        pending: action.pending ?? core.pending,
        ui: {
          ...core.ui,
          compiling: false,
          editing: false,
          playing: false,
          frame: null,
          pin: null,
          hover: null,
          zoom: null,
        },
      };
    case "stages": {
      const cursor = core.cursor < 0 && action.count > 0 ? 0 : core.cursor;
      return {
        ...core,
        count: action.count,
        produced: Math.max(action.produced, action.count),
        done: action.done,
        cursor,
      };
    }
    case "ended":
      return {
        ...core,
        ended: { why: action.why, limit: !!action.limit },
        produced: Math.max(core.produced, action.stages),
      };
    case "trouble":
      return { ...core, trouble: action.error, ui: { ...core.ui, compiling: false } };
    case "conn":
      return { ...core, conn: action.conn, outage: action.outage ?? null };
    case "gone":
      return { ...core, gone: action.gone };
    case "machine":
      return { ...core, machine: action.machine };
    case "catalogue":
      return { ...core, catalogue: action.catalogue };
    case "seek":
      return move(core, action.n, !!action.auto);
    case "pending":
      return { ...core, pending: action.want };
    case "draft":
      return { ...core, draft: action.text };
    case "ui":
      return { ...core, ui: { ...core.ui, ...action.ui } };
    default:
      throw new Error(`reducer: no action is called "${action.type}"`);
  }
}

/** Whoever goes somewhere by hand stops the playing. @param {Core} core @param {number} n @param {boolean} auto */
function move(core, n, auto) {
  const cursor = Math.max(0, Math.min(core.count - 1, Math.round(n)));
  const playing = auto && core.ui.playing;
  if (core.count === 0) return core;
  return {
    ...core,
    cursor,
    pending: null,
    ui: { ...core.ui, playing, frame: cursor === core.cursor ? core.ui.frame : null },
  };
}
