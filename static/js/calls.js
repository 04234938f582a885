// @ts-check
/**
 * The call index: which call each stage stands in, and where each call ends.  It grows by a stage at a time.
 *
 * Calls push on the stack of their task and returns pop it; an interrupt's functions push on top of whatever its
 * task was doing.  The C program's own functions are not kernel frames and never enter.
 */

import { column } from "./growable.js";

/** `switch` is the call of schedule() that gives the CPU away, or -1. */
/** @typedef {{from: number, to: number, depth: number, task: number, switch: number}} Wait */

export function createCalls() {
  return {
    /** For each stage, the stage of the innermost call around it, or -1. */
    parent: column(Int32Array),
    /** For a call, the stage of its return, and the other way round; -1 while open and for steps. */
    pair: column(Int32Array),
    /** How many calls are around it. */
    depth: column(Int32Array),
    /** How many calls come before it. */
    before: column(Int32Array),
    /** The stages that are calls, in order; with each, the stage of its only child call, -1 none, -2 several. */
    calls: column(Int32Array),
    onlyChild: column(Int32Array),
    /** @type {Wait[]} Sleeps: from the stage that waits to the task's next one, its call of schedule() apart. */
    waits: [],
    /** @type {Map<number, number[]>} */
    stacks: new Map(),
    /** @type {Map<number, Wait>} */
    asleep: new Map(),
  };
}

/** @typedef {ReturnType<typeof createCalls>} Calls */

/** @param {Calls} calls @param {any} stage @param {number} n */
export function noteCall(calls, stage, n) {
  const task = stage.task ?? 0;
  const stack = calls.stacks.get(task) ?? [];
  if (stack.length === 0) calls.stacks.set(task, stack);
  const wait = calls.asleep.get(task);
  if (wait && stage.op === "call" && stage.fn === "schedule") wait.switch = n;
  else if (wait && stage.ctx !== "irq") {
    wait.to = n;
    calls.asleep.delete(task);
  }
  const kernel = stage.ctx !== "user";
  const pair = kernel && stage.op === "return" ? (stack.pop() ?? -1) : -1;
  if (pair >= 0) calls.pair.at[pair] = n;
  // A task that is back in its program has left the kernel, however it left.
  if (!kernel) for (const open of stack.splice(0)) calls.pair.at[open] = n;
  const parent = stack.length ? stack[stack.length - 1] : -1;
  calls.before.push(calls.calls.length);
  calls.parent.push(parent);
  calls.depth.push(stack.length);
  calls.pair.push(pair);
  if (kernel && stage.op === "call") {
    if (parent >= 0) adopt(calls, parent, n);
    calls.calls.push(n);
    calls.onlyChild.push(-1);
    stack.push(n);
  } else if (stage.kind === "wait") {
    const sleep = { from: n, to: -1, depth: stack.length, task, switch: -1 };
    calls.waits.push(sleep);
    calls.asleep.set(task, sleep);
  }
}

/** @param {Calls} calls @param {number} parent @param {number} n */
function adopt(calls, parent, n) {
  const place = calls.before.at[parent];
  calls.onlyChild.at[place] = calls.onlyChild.at[place] === -1 ? n : -2;
}
