// @ts-check
/** Reading a selector: the grammar of lessons/README.md, as webapp/lesson/selector.py reads it. */

/** One link: the count-th thing of that kind and name inside what stands before it. */
/** @typedef {{kind: string, name: string, count: number}} Part */

const NAME = "[A-Za-z_][A-Za-z0-9_]*";
const COUNT = "(?:\\[([1-9][0-9]{0,5})\\])?";
const FIRST = new RegExp(`(?:(start|exit|run)|call\\[(${NAME})\\]${COUNT}|fault\\[([1-9][0-9]{0,5})\\])(?![^.])`, "y");
const RESERVED = "(?!(?:return|step)(?![A-Za-z0-9_]))";
const INNER = new RegExp(`\\.(?:(return)|step\\(([a-z0-9_-]+)\\)${COUNT}|(${RESERVED}${NAME})${COUNT})(?![^.])`, "y");

/** Read a selector; null when it cannot be read. @param {string} text @returns {Part[] | null} */
export function parse(text) {
  const first = matchAt(FIRST, text, 0);
  if (!first) return null;
  const [, word, call, callCount, faultCount] = first;
  const parts = [
    word ? part(word) : call ? part("call", call, callCount) : part("fault", "", faultCount),
  ];
  for (let at = FIRST.lastIndex; at < text.length; at = INNER.lastIndex) {
    const inner = matchAt(INNER, text, at);
    if (!inner) return null;
    const [, isReturn, kind, kindCount, fn, fnCount] = inner;
    parts.push(isReturn ? part("return") : kind ? part("step", kind, kindCount) : part("function", fn, fnCount));
  }
  return inOrder(parts) ? parts : null;
}

/** @param {RegExp} pattern @param {string} text @param {number} at */
function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** @param {string} kind @param {string} [name] @param {string} [count] @returns {Part} */
function part(kind, name = "", count = "1") {
  return { kind, name, count: Number(count) };
}

/** May these links follow each other? @param {Part[]} parts */
function inOrder(parts) {
  const first = parts[0].kind;
  if ((first === "start" || first === "exit") && parts.length > 1) return false;
  if (first === "run" && (parts.length === 1 || parts[1].kind === "return")) return false;
  return parts.slice(0, -1).every(({ kind }) => kind !== "step" && kind !== "return");
}
