// @ts-check
/** What a condition may ask of a stage, by name: its type, its meaning, and where it is found in a moment. */

/** @typedef {import("../moment.js").Moment} Moment */
/** @typedef {"number" | "text" | "flag"} Type */
/** @typedef {{type: Type, help: string, of: (moment: Moment) => any}} Field */

/** @param {Type} type @param {string} help @param {(moment: Moment) => any} of @returns {Field} */
const field = (type, help, of) => ({ type, help, of });

/** @type {Record<string, Field>} */
export const FIELDS = {
  page: field("number", "page of the file that the fault is about", ({ fault }) => fault?.page),
  address: field(
    "number",
    "address of the access, else of the fault",
    ({ stage, fault }) => stage.args?.address ?? stage.args?.addr ?? fault?.address,
  ),
  major: field("flag", "the fault counts as major", ({ fault }) => fault?.major === true),
  minor: field("flag", "the fault counts as minor", ({ fault }) => fault?.major === false),
  write: field("flag", "the access is a store", ({ stage, fault }) => stage.kind === "user-store" || !!fault?.write),
  fault: field("number", "number of the fault, 0 outside", ({ fault }) => fault?.k ?? 0),
  fn: field("text", "function", ({ stage }) => stage.fn),
  kind: field("text", "kind of step, as in beats: wait, set-pte", ({ stage }) => stage.kind ?? ""),
  op: field("text", "call, return or step", ({ stage }) => stage.op),
  ctx: field("text", "user, kernel, irq or hw", ({ stage }) => stage.ctx),
  text: field("text", "the stage in words", ({ stage }) => stage.text ?? ""),
  ret: field("number", "what the function returns", ({ stage }) => stage.ret),
  line: field("number", "line of the program or the model", ({ stage }) => stage.at ?? 0),
  depth: field("number", "how deep in calls", ({ stage }) => stage.depth),
  task: field("number", "number of the task", ({ stage }) => stage.task),
  stage: field("number", "number of the stage", ({ n }) => n),
  time: field("number", "virtual time in ns", ({ stage }) => stage.t),
};
