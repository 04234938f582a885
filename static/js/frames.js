// @ts-check
/** The call stack at a stage, read off the call index and the function catalogue. */

/** @typedef {import("./timeline.js").Timeline} Timeline */
/**
 * @typedef {object} Frame
 * @property {string} fn
 * @property {string} file the file of Linux, "mm/filemap.c"
 * @property {string} model the file of the model, "mm/filemap.py"
 * @property {number} line the current line in the model, 0 when not known
 * @property {number} stage the stage of its call
 * @property {boolean} inlined
 */

/** @param {Record<string, any>} functions @param {string} fn @param {number} stage @param {number} line @returns {Frame} */
function frame(functions, fn, stage, line) {
  const entry = functions[fn] ?? {};
  return {
    fn,
    file: entry.file ?? "",
    model: entry.model ?? "",
    line: line || entry.line || 0,
    stage,
    inlined: !!entry.inlined,
  };
}

/** The calls around stage n, outermost first, itself included when it is a call. */
/** @param {Timeline} timeline @param {number} n @returns {number[]} */
export function enclosingCalls(timeline, n) {
  const { stages, calls } = timeline;
  const chain = [];
  let call = stages[n].op === "call" && stages[n].ctx !== "user" ? n : calls.parent.at[n];
  for (; call >= 0; call = calls.parent.at[call]) chain.push(call);
  return chain.reverse();
}

/** The frames that are live at stage n, outermost first. */
/** @param {Timeline} timeline @param {Record<string, any>} functions @param {number} n @returns {Frame[]} */
export function framesAt(timeline, functions, n) {
  const { stages, calls } = timeline;
  const stage = stages[n];
  if (!stage || stage.ctx === "user") return [];
  const chain = enclosingCalls(timeline, n);
  const here = stage.op === "return" && calls.pair.at[n] >= 0 ? stages[calls.pair.at[n]].at : stage.at;
  const frames = chain.map((call, i) => {
    const inner = i + 1 < chain.length ? stages[chain[i + 1]].at : call === n ? 0 : here;
    return frame(functions, stages[call].fn, call, inner);
  });
  const top = frames.at(-1);
  // Silicon and a few helpers record a step without a call of their own.
  if (stage.op === "step" && stage.fn && stage.fn !== top?.fn) frames.push(frame(functions, stage.fn, n, stage.at));
  return frames;
}

/** The frames that returned on the way to stage n, with nothing else between, outermost first. */
/** @param {Timeline} timeline @param {Record<string, any>} functions @param {number} n @returns {Frame[]} */
export function returnedAt(timeline, functions, n) {
  const { stages, calls } = timeline;
  const frames = [];
  for (let i = n; i >= 0 && frames.length < 12 && stages[i].op === "return" && stages[i].ctx !== "user"; i -= 1)
    frames.push(frame(functions, stages[i].fn, calls.pair.at[i], 0));
  return frames;
}
