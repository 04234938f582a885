// @ts-check
/**
 * Two runs in steps that belong together.  A step is what happens from one thing that the program does to the next that
 * both programs do; its two parts may differ in length, and one may hold accesses that the other run does not make.
 */

import { lineNames, positions } from "./positions.js";

/** @typedef {import("../timeline.js").Timeline} Timeline */
/** @typedef {{from: number, to: number}} Part the first and the last stage */
/** @typedef {{a: Part, b: Part, line: number, own: boolean, differs: boolean}} Step `own`: a line that was changed acts in it */
/** @typedef {{steps: Step[], paired: "lines" | "order", names: ReturnType<typeof lineNames>}} Alignment */

/**
 * @param {{timeline: Timeline, text: string}} a @param {{timeline: Timeline, text: string}} b @returns {Alignment}
 */
export function align(a, b) {
  const names = lineNames(a.text, b.text);
  const [inA, inB] = [positions(a.timeline, names.a), positions(b.timeline, names.b)];
  let pairs = byKey(inA, inB);
  // Two programs that have little in common go access by access.
  const paired = pairs.length * 2 < Math.min(inA.length, inB.length) ? "order" : "lines";
  if (paired === "order") pairs = inA.slice(0, inB.length).map((one, i) => [one, inB[i]]);
  const [actsInA, actsInB] = [acts(inA, names.changed.a), acts(inB, names.changed.b)];
  const steps = pairs.map(([here, there], i) => {
    const next = pairs[i + 1];
    const step = {
      a: { from: here.n, to: (next ? next[0].n : a.timeline.stages.length) - 1 },
      b: { from: there.n, to: (next ? next[1].n : b.timeline.stages.length) - 1 },
      line: here.line,
      own: false,
      differs: false,
    };
    const own = [actsInA(step.a), actsInB(step.b)];
    step.own = paired === "lines" && own.includes(true);
    step.differs = !same(trail(a.timeline, step.a), trail(b.timeline, step.b));
    return step;
  });
  return { steps, paired, names };
}

/**
 * Whether one of these lines does something in a part; parts have to be asked for in their order.
 * @param {import("./positions.js").Position[]} positions @param {number[]} lines
 */
function acts(positions, lines) {
  const wanted = new Set(lines);
  const stages = positions.filter(({ line }) => wanted.has(line)).map(({ n }) => n);
  let i = 0;
  return (/** @type {Part} */ { from, to }) => {
    while (stages[i] < from) i += 1;
    return stages[i] <= to;
  };
}

/** Positions with the same key, as far as they come in the same order in both runs. */
/** @param {import("./positions.js").Position[]} a @param {import("./positions.js").Position[]} b @returns {[any, any][]} */
function byKey(a, b) {
  const there = new Map(b.map((one) => [one.key, one]));
  /** @type {[any, any][]} */
  const pairs = [];
  let last = -1;
  for (const one of a) {
    const other = there.get(one.key);
    if (!other || other.n <= last) continue;
    last = other.n;
    pairs.push([one, other]);
  }
  return pairs;
}

/** Whether a value names an object of its own run, such as page/107: the same thing has another number in another run.
 *  @param {unknown} value */
export const isRef = (value) => typeof value === "string" && /^[a-z_]+\/\d+/.test(value);

/** One thing that the kernel does, in words that hold for both runs: numbers that name a frame or a moment are left out. */
/** @param {any} stage */
export function mark(stage) {
  const args = Object.entries(stage.args ?? {}).filter(([, value]) => typeof value === "number" && Math.abs(value) < 65536);
  const told = (typeof stage.ret === "string" && !isRef(stage.ret)) || Math.abs(stage.ret ?? 65536) < 65536 ? ` = ${stage.ret}` : "";
  return `${stage.op} ${stage.fn} ${stage.kind ?? ""} ${args.map(([name, value]) => `${name}=${value}`).join(" ")}${told}`;
}

/** What the kernel does for the program in a part of a run; interrupts come when they come. */
/** @param {Timeline} timeline @param {Part} part @returns {number[]} stages */
export function trail({ stages }, { from, to }) {
  const found = [];
  const { task } = stages[from];
  for (let n = from; n <= to; n += 1) if (stages[n].ctx === "kernel" && stages[n].task === task) found.push(n);
  return Object.assign(found, { marks: found.map((n) => mark(stages[n])) });
}

/** @param {any} a @param {any} b */
const same = (a, b) => a.length === b.length && a.marks.every((/** @type {string} */ one, /** @type {number} */ i) => one === b.marks[i]);

/** The first step that differs and that neither program asked for by another line; else the first that differs; -1. */
/** @param {Step[]} steps */
export function firstDifference(steps) {
  const found = steps.findIndex((step) => step.differs && !step.own);
  return found >= 0 ? found : steps.findIndex((step) => step.differs);
}

/** The nearest step that differs after step k, or before it; -1. @param {Step[]} steps @param {number} k @param {1 | -1} way */
export const nextDifference = (steps, k, way) =>
  way > 0 ? steps.findIndex((step, i) => i > k && step.differs) : steps.findLastIndex((step, i) => i < k && step.differs);

/**
 * The stages of both runs on show at step k: after it in A, and in B at the same place, moment or stage.
 * @param {Step[]} steps @param {number} k @param {"position" | "time" | "stage"} by @param {Timeline} a @param {Timeline} b
 * @returns {[number, number]}
 */
export function stagesAt(steps, k, by, a, b) {
  const n = steps[k].a.to;
  if (by === "position") return [n, steps[k].b.to];
  const last = b.stages.length - 1;
  if (by === "stage") return [n, Math.min(n, last)];
  const { t } = a.stages[n];
  return [n, b.stages[n]?.t === t ? n : Math.max(0, lastAt(b, t))]; // several stages may stand at one moment
}

/** The last stage at or before a moment. @param {Timeline} timeline @param {number} t */
function lastAt({ stages }, t) {
  let [low, high] = [0, stages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stages[middle].t <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
