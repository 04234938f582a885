// @ts-check
/** What the views see: the reducer's plain data joined with the timeline at the cursor. */

import { framesAt, returnedAt } from "./frames.js";
import { search } from "./search.js";
import { stopsAt } from "./stops.js";
import { seek } from "./timeline.js";
import { writersOf } from "./writers.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./core.js").Core} Core */

const NONE = {};

/** @param {any} catalogue @returns {Record<string, any>} */
const functionsOf = (catalogue) => catalogue?.functions ?? NONE;

/** @param {Core} core @param {Timeline} timeline */
export function viewState(core, timeline) {
  const n = Math.min(core.cursor, timeline.stages.length - 1);
  const stage = n >= 0 ? timeline.stages[n] : null;
  const rows = n >= 0 ? seek(timeline, n) : {};
  const functions = functionsOf(core.catalogue);
  const program = rows.program ?? {};
  return {
    run: core.run,
    program: core.program,
    programs: core.programs,
    machine: core.machine,
    limits: core.limits,
    version: core.version,
    timeline,
    catalogue: core.catalogue,
    functions,
    lesson: core.lesson,
    held: core.held,
    learning: core.learning,
    count: core.count,
    produced: core.produced,
    done: core.done,
    ended: core.ended,
    conn: core.conn,
    outage: core.outage,
    gone: core.gone,
    trouble: core.trouble,
    checked: core.checked,
    notice: core.notice,
    draft: core.draft,
    draftName: core.draftName,
    origin: core.origin,
    cursor: n,
    stage,
    rows,
    changes: stage?.changes ?? [],
    frames: stage ? framesAt(timeline, functions, n) : [],
    returned: stage ? returnedAt(timeline, functions, n) : [],
    user: { line: program.line ?? 0, fn: program.fn ?? "", vars: program.vars ?? {} },
    marks: timeline.faults.marks,
    faults: timeline.faults.faults,
    requests: timeline.faults.requests,
    history: core.history,
    stopsKept: core.stops,
    stops: stopsAt(timeline, core.stops, functions, core.done, n),
    found: core.ui.sheet === "search" ? search(timeline, core.ui.query, functions, core.done) : null,
    trail: core.ui.trail ? { ...core.ui.trail, writers: writersOf(timeline, core.ui.trail) } : null,
    /** Every stage held, and the index of its calls; both only grow, and `count` tells when. */
    spans: { stages: timeline.stages, time: timeline.time, ...timeline.calls },
    ui: core.ui.scrubbing ? { ...core.ui, motion: "instant" } : core.ui,
  };
}

/** @typedef {ReturnType<typeof viewState>} State */
