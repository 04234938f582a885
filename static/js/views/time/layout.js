// @ts-check
/**
 * The flame graph's boxes: which calls are wide enough to see, in which row, under which name.  Every task has a lane
 * of rows to itself; what an interrupt does while no task runs stands under the sleep that it falls into.
 *
 * A call whose only child takes up nearly all of it shares the child's row: "a › b › c".  A call too narrow to see is
 * passed over together with everything inside it, so the work grows with what is visible and not with the run.
 */

import { hex } from "../../format.js";
import { hue } from "../../hue.js";

const AGREE = 0.95;
const SAME = 4; // pixels: closer edges cannot be told apart
const NARROWEST = 0.7;

/** @typedef {{call: number, end: number, row: number, x: number, w: number, label: string, fns: string[], hue: string, wait: boolean, task: number}} Box */
/** @typedef {{task: number, rows: number}} Lane */

/** @param {any} stage */
const label = (stage) =>
  stage.fn === "handle_mm_fault" && stage.args?.flags ? `${stage.fn} (flags ${hex(stage.args.flags)})` : stage.fn;

/** Nobody: the CPU is idle. */
const IDLE = 0;

/** @param {import("../../select.js").State} state @param {import("./scale.js").Scale} scale @returns {{boxes: Box[], lanes: Lane[]}} */
export function layout({ spans, functions, count }, scale) {
  /** @type {Map<number, Box>} */
  const byCall = new Map();
  /** @type {Box[]} */
  const boxes = [];
  const { stages, calls, before, pair, parent, onlyChild, waits } = spans;
  const hueOf = (/** @type {string} */ fn) => hue(functions[fn]?.file ?? "");

  /** One line stands for all the narrow calls that begin in the same two pixels of a row. */
  /** @type {Map<number, number>} */
  const taken = new Map();
  function sliver(
    /** @type {number} */ call,
    /** @type {number} */ end,
    /** @type {number} */ x,
    /** @type {number} */ row,
    /** @type {number} */ task,
  ) {
    const place = task * 1000 + row;
    if (x - (taken.get(place) ?? -2) < 2) return;
    taken.set(place, x);
    const { fn } = stages[call];
    boxes.push({ call, end, row, x, w: 1, label: fn, fns: [fn], hue: hueOf(fn), wait: false, task });
  }

  const switches = new Map(waits.map((wait) => [wait.switch, wait]));
  let sleep = 0;
  /** Where a call without a call around it stands. @param {number} call @returns {[task: number, row: number]} */
  function ground(call) {
    const { task } = stages[call];
    if (task !== IDLE) return [task, 0];
    while (sleep < waits.length && waits[sleep].to >= 0 && waits[sleep].to < call) sleep += 1;
    const wait = waits[sleep];
    return wait && wait.from < call ? [wait.task, (byCall.get(parent.at[wait.from])?.row ?? -1) + 2] : [task, 0];
  }

  for (let i = 0; i < calls.length; i += 1) {
    const call = calls.at[i];
    // Silicon walks the page tables at every TLB miss; the graph shows what the kernel does.
    if (stages[call].ctx === "hw") continue;
    const end = pair.at[call] >= 0 ? pair.at[call] : count - 1;
    const x = scale.x(call);
    if (x > scale.width) break;
    const w = scale.x(end) - x;
    const above = byCall.get(parent.at[call]);
    // The sleep itself is drawn in its place.
    if (above && switches.has(call)) {
      byCall.set(call, above);
      continue;
    }
    const [task, row] = above ? [above.task, above.row + 1] : ground(call);
    if (x + w < 0 || w < NARROWEST) {
      i = Math.max(i, before.at[end] - 1);
      if (x >= 0) sliver(call, end, x, row, task);
      continue;
    }
    const stage = stages[call];
    const alone = above && onlyChild.at[before.at[parent.at[call]]] === call;
    if (above && alone && (w >= above.w * AGREE || above.w - w < SAME) && stages[above.call].ctx === stage.ctx) {
      above.fns.push(stage.fn);
      above.label += ` › ${label(stage)}`;
      above.hue = hueOf(stage.fn);
      byCall.set(call, above);
      continue;
    }
    const box = { call, end, row, x, w, label: label(stage), fns: [stage.fn], hue: hueOf(stage.fn), wait: false, task };
    byCall.set(call, box);
    boxes.push(box);
  }
  for (const wait of waits) {
    const end = wait.to >= 0 ? wait.to : count - 1;
    const x = scale.x(wait.from);
    const w = scale.x(end) - x;
    if (x > scale.width || x + w < 0 || w < NARROWEST) continue;
    const row = (byCall.get(parent.at[wait.from])?.row ?? -1) + 1;
    const words = stages[wait.from].text || "wait";
    boxes.push({ call: wait.from, end, row, x, w, label: words, fns: [], hue: "block", wait: true, task: wait.task });
  }
  return { boxes, lanes: inLanes(boxes) };
}

/** Move the boxes of each task below those of the task before. @param {Box[]} boxes @returns {Lane[]} */
function inLanes(boxes) {
  /** @type {Map<number, number>} */
  const rows = new Map();
  for (const { task, row } of boxes) rows.set(task, Math.max(rows.get(task) ?? 0, row + 1));
  const lanes = [...rows].sort(([a], [b]) => a - b).map(([task, own]) => ({ task, rows: own }));
  /** @type {Map<number, number>} */
  const first = new Map();
  let next = 0;
  for (const lane of lanes) {
    first.set(lane.task, next);
    next += lane.rows;
  }
  for (const box of boxes) box.row += first.get(box.task) ?? 0;
  return lanes;
}
