// @ts-check
/**
 * A moment: one stage with what it stands in, for whoever goes through all stages in order.
 *
 * It is carried from stage to stage with `advance`, and knows the fault around the stage, the values that it was told
 * to follow, whether the program has arrived at another line, and which pages of files the stage has touched.
 */

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {ReturnType<typeof createMoment>} Moment */

/** Whose values and pages are followed. @typedef {{rows?: [string, string][], pages?: boolean}} Wanted */

/** @param {Timeline} timeline @param {Wanted} [wanted] */
export function createMoment(timeline, { rows = [], pages = false } = {}) {
  const { stages, faults } = timeline;
  /** @type {Map<string, Map<string, any>>} */
  const followed = new Map();
  for (const [ref, field] of rows) followed.set(ref, (followed.get(ref) ?? new Map()).set(field, undefined));
  const holders = pages ? createHolders() : null;
  /** The line of each task's program, as of its last stage there. @type {Map<number, number>} */
  const lines = new Map();
  let next = 0;

  const moment = {
    n: -1,
    /** @type {any} */
    stage: null,
    /** @type {import("./faults.js").Fault | null} */
    fault: null,
    /** Whether the program comes to `stage.at` here, anew or in the next turn of a loop. */
    arrives: false,
    /** @param {string} ref @param {string} field */
    value: (ref, field) => followed.get(ref)?.get(field),
    /** Did this stage change the page of that file, or open a fault on it? @param {number} page @param {string} file "" for any */
    touches: (page, file) => holders?.touched(page, file) ?? false,
    /** Go on to the next stage. */
    advance() {
      moment.n += 1;
      const stage = (moment.stage = stages[moment.n]);
      if (moment.fault && moment.fault.end >= 0 && moment.fault.end < moment.n) moment.fault = null;
      while (next < faults.faults.length && faults.faults[next].n <= moment.n) moment.fault = faults.faults[next++];
      if (stage.ctx === "user" && stage.op === "step") arrive(stage);
      else moment.arrives = false;
      if (followed.size && stage.changes) for (const change of stage.changes) follow(change);
      holders?.follow(stage, moment.fault?.n === moment.n ? moment.fault : null);
    },
  };

  /** @param {any} stage */
  function arrive({ task, at, kind, changes }) {
    const returns = kind === "syscall-return";
    const again = changes?.some((/** @type {any} */ change) => change[0].startsWith("program") && change[1] === "vars");
    moment.arrives = !returns && (lines.get(task) !== at || !!again);
    lines.set(task, at);
  }

  /** @param {import("./rows.js").Change} change */
  function follow([ref, field, , after]) {
    const fields = followed.get(ref);
    if (!fields) return;
    if (field !== "*") {
      if (fields.has(String(field))) fields.set(String(field), after ?? undefined);
    } else for (const name of fields.keys()) fields.set(name, after?.[name]);
  }

  return moment;
}

/** Which page of which file each struct page holds, kept up from change to change. */
function createHolders() {
  /** @type {Map<string, {mapping: string | undefined, index: number}>} */
  const held = new Map();
  /** @type {Map<string, string>} */
  const names = new Map();
  /** @type {[number, string][]} */
  let here = [];
  const fileOf = (/** @type {string} */ cache) => names.get(cache.replace(/^cache/, "inode")) ?? "";

  /** @param {string} ref @param {string | number} field @param {any} after */
  function carry(ref, field, after) {
    if (ref.startsWith("inode/") && field === "*" && after) names.set(ref, after.name ?? "");
    if (ref.startsWith("cache/") && field !== "*") here.push([Number(field), fileOf(ref)]);
    if (!ref.startsWith("page/")) return;
    const was = held.get(ref);
    if (was?.mapping?.startsWith("cache/")) here.push([was.index, fileOf(was.mapping)]);
    if (field === "*") {
      if (after) held.set(ref, { mapping: after.mapping, index: after.index });
      else held.delete(ref);
    } else if (was && (field === "mapping" || field === "index")) held.set(ref, { ...was, [field]: after ?? undefined });
  }

  return {
    /** @param {any} stage @param {import("./faults.js").Fault | null} begun the fault that begins here */
    follow(stage, begun) {
      here = begun && begun.page !== null ? [[begun.page, ""]] : [];
      for (const [ref, field, , after] of stage.changes ?? []) carry(ref, field, after);
    },
    /** @param {number} page @param {string} file */
    touched: (page, file) => here.some(([index, name]) => index === page && (!file || !name || name === file)),
  };
}
