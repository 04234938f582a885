// @ts-check
/** Marks: the stages that stand on the ruler.  Faults are marked by faults.js, for their kind shows only later. */

/** @typedef {"major" | "minor" | "bio" | "done" | "syscall" | "signal" | "tlbflush"} MarkType */
/** @typedef {{n: number, t: number, type: MarkType, label: string, k?: number}} Mark */

/** @type {Record<string, MarkType>} */
const KINDS = {
  "submit-bio": "bio",
  "io-done": "done",
  "user-call": "syscall",
  signal: "signal",
  "tlb-flush": "tlbflush",
};

/**
 * The mark of a stage, if it has one.
 * @param {any} stage @param {number} n @param {any} bio the bio that it submits @returns {Mark | null}
 */
export function markOf(stage, n, bio) {
  const type = KINDS[stage.kind];
  return type ? { n, t: stage.t, type, label: label(type, stage, bio) } : null;
}

/** @param {MarkType} type @param {any} stage @param {any} bio the bio that is submitted @returns {string} */
function label(type, stage, bio) {
  if (type === "bio" || type === "done") return bio?.pages ? `bio ${bio.pages[0]}-${bio.pages[1]}` : "bio";
  if (type === "syscall") return `${stage.args?.name ?? "system call"}()`;
  return stage.args?.name ?? stage.text ?? type;
}
