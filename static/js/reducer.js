// @ts-check
/**
 * The reducer: what is known and where the reader is, as plain data.  The stages themselves stand in the timeline.
 *
 * Actions: opened, stages, ended, lesson, learning, trouble, conn, gone, machine, catalogue, sources, seek, history, stop, pending, draft, checked,
 * notice, origin, ui.  What asks for a place ("step", "goto", "run", "writer") is turned into these by intent.js first.
 */

import * as history from "./history.js";
import { changed } from "./stops/list.js";

/** @typedef {import("./core.js").Core} Core */

/** @param {Core} core @param {any} action @returns {Core} */
export function reduce(core, action) {
  switch (action.type) {
    case "opened":
      return {
        ...core,
        run: action.run,
        program: action.run.program,
        count: 0,
        produced: 0,
        held: false,
        done: false,
        ended: null,
        trouble: null,
        gone: false,
        cursor: -1,
        history: history.EMPTY,
        stops: action.stops ?? core.stops,
        draft: null,
        draftName: null,
        checked: null,
        pending: action.pending ?? core.pending,
        ui: {
          ...core.ui,
          compiling: false,
          editing: false,
          playing: false,
          frame: null,
          pin: null,
          hover: null,
          trail: null,
          window: null,
        },
      };
    case "stages": {
      const cursor = core.cursor < 0 && action.count > 0 ? 0 : core.cursor;
      return {
        ...core,
        count: action.count,
        produced: Math.max(action.produced, action.count),
        held: !!action.held,
        done: action.done || (core.ended !== null && action.count >= core.produced),
        cursor,
      };
    }
    case "ended":
      return {
        ...core,
        ended: { why: action.why, limit: !!action.limit },
        produced: Math.max(core.produced, action.stages),
        done: core.done || core.count >= action.stages, // it may have ended without another stage
      };
    case "lesson":
      return { ...core, lesson: action.lesson, learning: { ...core.learning, busy: false, trouble: null } };
    case "learning":
      return { ...core, learning: { ...core.learning, ...action.learning } };
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
    case "sources":
      return { ...core, catalogue: withSources(core.catalogue, action.sources) };
    case "seek":
      return move(core, action);
    case "history":
      return walk(core, action.way);
    case "stop":
      return { ...core, stops: changed(core.stops, action.how, action.text) };
    case "pending":
      return { ...core, pending: action.want };
    case "draft":
      return draft(core, action);
    case "checked":
      return core.draft === action.text ? { ...core, checked: action.error } : core;
    case "notice":
      return { ...core, notice: action.notice };
    case "origin":
      return { ...core, origin: action.program };
    case "ui":
      return { ...core, ui: { ...core.ui, ...action.ui }, history: begun(core, action.ui) };
    default:
      throw new Error(`reducer: no action is called "${action.type}"`);
  }
}

/** What is typed supersedes what was wrong with the text before. @param {Core} core @param {{text: string | null, name?: string | null}} action */
function draft(core, { text, name }) {
  const over = text === null;
  return {
    ...core,
    draft: text,
    draftName: over ? null : (name ?? core.draftName),
    checked: over ? null : core.checked,
    trouble: over || core.trouble?.errors.length ? null : core.trouble,
  };
}

/** Whoever goes somewhere by hand stops the playing. */
/** @param {Core} core @param {{n: number, auto?: boolean, near?: boolean, trail?: import("./core.js").Ui["trail"]}} action */
function move(core, { n, auto, near, trail }) {
  if (core.count === 0) return core;
  const cursor = Math.max(0, Math.min(core.count - 1, Math.round(n)));
  const leap = !auto && !near && !core.ui.scrubbing && cursor !== core.cursor;
  return {
    ...core,
    cursor,
    history: leap ? history.leave(core.history, core.cursor) : core.history,
    pending: null,
    ui: {
      ...core.ui,
      playing: !!auto && core.ui.playing,
      trail: trail ?? core.ui.trail,
      frame: cursor === core.cursor ? core.ui.frame : null,
    },
  };
}

/** To where the reader was before the last leap, or forth again. @param {Core} core @param {1 | -1} way */
function walk(core, way) {
  const [to, left] = history.walk(core.history, core.cursor, way);
  if (to < 0) return core;
  return { ...core, cursor: Math.min(to, core.count - 1), history: left, ui: { ...core.ui, playing: false, frame: null } };
}

/** Dragging through time is one leap, from where it began. @param {Core} core @param {any} ui */
const begun = (core, ui) =>
  ui.scrubbing && !core.ui.scrubbing ? history.leave(core.history, core.cursor) : core.history;

/** The catalogue whose functions have their text, as far as it came. @param {any} catalogue @param {Record<string, string[]>} sources */
function withSources(catalogue, sources) {
  const functions = Object.entries(catalogue.functions).map(([name, entry]) => [name, { .../** @type {any} */ (entry), source: sources[name] ?? [] }]);
  return { ...catalogue, sources: true, functions: Object.fromEntries(functions) };
}
