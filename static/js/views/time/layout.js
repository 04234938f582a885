// @ts-check
/**
 * The flame graph's boxes: which calls are wide enough to see, in which row, under which name.
 *
 * A call whose only child takes up nearly all of it shares the child's row: "a › b › c".  A call too narrow to see is
 * passed over together with everything inside it, so the work grows with what is visible and not with the run.
 */

import { hex } from "../../format.js";
import { hue } from "../../hue.js";

const AGREE = 0.95;
const SAME = 4; // pixels: closer edges cannot be told apart
const NARROWEST = 0.7;

/** @typedef {{call: number, end: number, row: number, x: number, w: number, label: string, fns: string[], hue: string, wait: boolean}} Box */

/** @param {any} stage */
const label = (stage) =>
  stage.fn === "handle_mm_fault" && stage.args?.flags ? `${stage.fn} (flags ${hex(stage.args.flags)})` : stage.fn;

/** @param {import("../../select.js").State} state @param {import("./scale.js").Scale} scale @returns {Box[]} */
export function layout({ spans, functions, count }, scale) {
  /** @type {Map<number, Box>} */
  const byCall = new Map();
  /** @type {Box[]} */
  const boxes = [];
  const { stages, calls, before, pair, parent, onlyChild } = spans;
  const hueOf = (/** @type {string} */ fn) => hue(functions[fn]?.file ?? "");

  /** One line stands for all the narrow calls that begin in the same two pixels of a row. */
  /** @type {number[]} */
  const taken = [];
  function sliver(
    /** @type {number} */ call,
    /** @type {number} */ end,
    /** @type {number} */ x,
    /** @type {number} */ row,
  ) {
    if (x - (taken[row] ?? -2) < 2) return;
    taken[row] = x;
    const { fn } = stages[call];
    boxes.push({ call, end, row, x, w: 1, label: fn, fns: [fn], hue: hueOf(fn), wait: false });
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
    if (x + w < 0 || w < NARROWEST) {
      i = Math.max(i, before.at[end] - 1);
      if (x >= 0) sliver(call, end, x, above ? above.row + 1 : 0);
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
    const row = above ? above.row + 1 : 0;
    const box = { call, end, row, x, w, label: label(stage), fns: [stage.fn], hue: hueOf(stage.fn), wait: false };
    byCall.set(call, box);
    boxes.push(box);
  }
  for (const wait of spans.waits) {
    const end = wait.to >= 0 ? wait.to : count - 1;
    const x = scale.x(wait.from);
    const w = scale.x(end) - x;
    if (x > scale.width || x + w < 0 || w < NARROWEST) continue;
    const row = (byCall.get(parent.at[wait.from])?.row ?? -1) + 1;
    boxes.push({ call: wait.from, end, row, x, w, label: "wait for the disk", fns: [], hue: "block", wait: true });
  }
  return boxes;
}
