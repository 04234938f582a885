// @ts-check
/**
 * Looking for one selector, link by link, each inside the extent of the one before: the run, an access with its
 * fault, a kernel function.  What another task does meanwhile is outside; what an interrupt does is inside.
 */

/** @typedef {import("./parse.js").Part} Part */
/** @typedef {{n: number, task: number, ctx: string, op: string, fn: string, kind?: string, args?: any}} Stage */
/** @typedef {{stage: Stage, level: number}} Seen */
/**
 * How far one selector has got: links found so far, and the extent that the next one must lie in.
 * @typedef {object} Search
 * @property {Part[]} parts
 * @property {number} next
 * @property {number} left  occurrences of parts[next] still to pass
 * @property {"run" | "access" | "fault" | "tail" | "again" | "frame"} extent
 * @property {number} task
 * @property {number} level
 * @property {boolean} over
 * @property {number} answer
 */

const SYSTEM_CALL = "vector_swi";
export const ABORT_HANDLER = "do_DataAbort";

/** Is this the program's own step of a load or a store? @param {Stage} stage */
export const isAccess = (stage) => stage.kind === "user-load" || stage.kind === "user-store";

/** @param {Part[]} parts @returns {Search} */
export function startSearch(parts) {
  return { parts, next: 0, left: parts[0].count, extent: "run", task: 0, level: 0, over: false, answer: -1 };
}

/**
 * Let one search look at one stage. `access` is what led to it if it enters the abort handler.
 * @param {Search} search @param {Stage} stage @param {number} level @param {Seen[]} access
 */
export function advance(search, stage, level, access) {
  const link = search.parts[search.next];
  if (search.next === 0 && link.kind !== "run") {
    if (isPlace(link, stage) && --search.left === 0) enterPlace(search, link, stage, level, access);
    return;
  }
  if (link.kind === "run") descend(search, stage);
  lookInside(search, stage, level);
}

/** Does this stage open the place that a selector begins with? @param {Part} link @param {Stage} stage */
function isPlace(link, stage) {
  if (link.kind === "start") return true;
  if (link.kind === "exit") return stage.kind === "exit";
  if (stage.op !== "call") return false;
  if (link.kind === "call") return stage.fn === SYSTEM_CALL && stage.args?.name === link.name;
  return stage.fn === ABORT_HANDLER;
}

/**
 * The place that the selector begins with is here; the rest of it is looked for inside.
 * @param {Search} search @param {Part} link @param {Stage} stage @param {number} level @param {Seen[]} access
 */
function enterPlace(search, link, stage, level, access) {
  search.task = stage.task;
  search.level = level;
  search.extent = link.kind === "call" ? "frame" : "access";
  descend(search, stage);
  if (link.kind !== "fault") return;
  for (const earlier of access) if (!search.over) lookInside(search, earlier.stage, earlier.level);
  if (search.extent === "access") search.extent = "fault";
}

/** The current link is found: go on to the next one, or answer. @param {Search} search @param {Stage} stage */
function descend(search, stage) {
  search.next += 1;
  if (search.next === search.parts.length) {
    search.answer = stage.n;
    search.over = true;
  } else search.left = search.parts[search.next].count;
}

/**
 * Look for the current link in a stage that may lie in the extent, and notice where the extent ends.
 * @param {Search} search @param {Stage} stage @param {number} level
 */
function lookInside(search, stage, level) {
  const link = search.parts[search.next];
  const own = stage.task === search.task || search.extent === "run";
  const irq = stage.ctx === "irq";
  if (!own && !irq) return;
  if (own && !irq && hasEnded(search, stage)) {
    search.over = true;
    return;
  }
  if (search.extent === "tail" && stage.ctx === "hw") search.extent = "again";
  if (matches(link, stage) && --search.left === 0) {
    descend(search, stage);
    search.extent = "frame";
    search.task = stage.task;
    search.level = level;
    return;
  }
  if (!own || !closes(search, stage, level)) return;
  if (link.kind === "return") descend(search, stage);
  else if (search.extent === "fault") search.extent = "tail";
  else search.over = true;
}

/**
 * Is this stage already outside the extent? A task that is back in its program has left all of them.
 * @param {Search} search @param {Stage} stage
 */
function hasEnded(search, stage) {
  const hardware = stage.ctx === "hw";
  if (search.extent === "again") return !hardware;
  if (search.extent === "tail") return !hardware && stage.op !== "return" && !isAccess(stage);
  if (search.extent === "run" || search.extent === "access") return false;
  return stage.ctx === "user";
}

/** Is this stage what a link inside an extent asks for? @param {Part} link @param {Stage} stage */
function matches(link, stage) {
  if (link.kind === "function") return stage.op === "call" && stage.fn === link.name;
  return link.kind === "step" && stage.op === "step" && stage.kind === link.name;
}

/** Is this the last stage of the extent? @param {Search} search @param {Stage} stage @param {number} level */
function closes(search, stage, level) {
  if (search.extent !== "fault" && search.extent !== "frame") return false;
  return stage.op === "return" && level === search.level;
}
