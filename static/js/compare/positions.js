// @ts-check
/**
 * Where a program is, in terms that hold for another run too: the line, what it does there, where, and how often before.
 *
 * Addresses are told from the mapping they lie in, the third of the run at offset 0x4000, for two runs may map elsewhere.
 * Lines are told by the program's text: a line that stands in both is the same, wherever it stands.
 */

import { common } from "../diff.js";

/** @typedef {import("../timeline.js").Timeline} Timeline */
/** @typedef {{n: number, key: string, line: number}} Position */

const BEGINS = new Set(["user-load", "user-store", "user-call", "user-print", "exit"]);

/** The second try of an access is no new one: it does not say again how many bytes it wants. @param {any} stage */
const begins = (stage) =>
  stage.ctx === "user" && BEGINS.has(stage.kind) && !(stage.args?.address !== undefined && stage.args.size === undefined);

/** @param {Timeline} timeline @param {(line: number) => string} nameOf how a line is called in both programs @returns {Position[]} */
export function positions(timeline, nameOf) {
  /** @type {[from: number, to: number][]} */
  const mapped = [];
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** @type {Position[]} */
  const found = [{ n: 0, key: "start", line: 0 }];
  let length = 0;
  timeline.stages.forEach((stage, n) => {
    if (stage.kind === "user-call" && stage.args?.name === "mmap") length = Number(stage.args.args?.[1] ?? 0);
    if (stage.kind === "syscall-return" && stage.args?.name === "mmap" && stage.args.ret > 0) mapped.push([stage.args.ret, stage.args.ret + length]);
    if (n === 0 || !begins(stage)) return;
    const what = stage.args?.address === undefined ? (stage.args?.name ?? "") : place(stage.args.address, mapped);
    const key = `${stage.task} ${stage.kind} ${nameOf(stage.at ?? 0)} ${what}`;
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    found.push({ n, key: `${key} ${nth}`, line: stage.at ?? 0 });
  });
  return found;
}

/** @param {number} address @param {[number, number][]} mapped */
function place(address, mapped) {
  const i = mapped.findLastIndex(([from, to]) => address >= from && address < to);
  return i < 0 ? String(address) : `${i}+${address - mapped[i][0]}`;
}

/**
 * How lines of two programs are called so that those that stand for each other have one name; and the lines that differ.
 * @param {string} a @param {string} b
 */
export function lineNames(a, b) {
  const [linesA, linesB] = [a.split("\n"), b.split("\n")];
  const of = common(linesA, linesB);
  /** @type {number[]} */
  const counterpart = Array.from(of);
  const used = new Set(of);
  const changedA = linesA.map((_, i) => i).filter((i) => !used.has(i));
  const changedB = linesB.map((_, i) => i).filter((i) => of[i] < 0);
  // A line that was changed stands between the same neighbours as the one it was changed from.
  for (const j of changedB) {
    const before = j > 0 ? counterpart[j - 1] : -1;
    if ((j === 0 || before >= 0) && changedA.includes(before + 1)) counterpart[j] = before + 1;
  }
  return {
    a: (/** @type {number} */ line) => `a${line - 1}`,
    b: (/** @type {number} */ line) => (counterpart[line - 1] >= 0 ? `a${counterpart[line - 1]}` : `b${line - 1}`),
    /** Numbers of lines, from 1. */
    changed: { a: changedA.map((i) => i + 1), b: changedB.map((i) => i + 1) },
    textA: changedA.map((i) => linesA[i].trim()).filter(Boolean),
    textB: changedB.map((i) => linesB[i].trim()).filter(Boolean),
  };
}
