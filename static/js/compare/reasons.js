// @ts-check
/** Why two runs part at a step: what differs in their machines, programs and states just before it, in sentences. */

import { pageFlagNames, vmFlagNames } from "../flags.js";
import { cacheOf, entryAt, inodeOf, kinds, pageAt, vmaAt } from "../views/machine/rows.js";
import { isRef, trail } from "./align.js";
import { seek } from "../timeline.js";

/** @typedef {{timeline: import("../timeline.js").Timeline, machine: Record<string, any>}} Side */
/** @typedef {{rows: any, vma: any, page: number | null, cached: any, pte: boolean, ra: any}} Scene */

const UPTODATE = 1 << 2;
const MOST = 6;

/** @param {Side} a @param {Side} b @param {import("./align.js").Step} step @param {import("./align.js").Alignment} alignment @returns {string[]} */
export function reasons(a, b, step, alignment) {
  const [here, there] = [scene(a, step.a.from), scene(b, step.b.from)];
  const said = [
    ...settings(a.machine, b.machine),
    ...programs(alignment.names),
    ...flags(here.vma, there.vma),
    ...windows(here.ra, there.ra),
    ...pages(here, there),
  ];
  const parting = arguments_(a, b, step);
  return [...said.slice(0, MOST), ...(parting ? [parting] : [])];
}

/** @param {Side} side @param {number} n @returns {Scene} */
function scene({ timeline }, n) {
  const rows = seek(timeline, n);
  const address = timeline.stages[n].args?.address;
  const sorted = kinds(rows);
  const vma = address === undefined ? null : (vmaAt(sorted.vma, address)?.row ?? null);
  const inode = vma ? inodeOf(rows, vma) : null;
  const page = inode ? pageAt(vma, address) : null;
  const cached = inode && page !== null ? (rows[rows[cacheOf(inode)]?.[page]] ?? null) : null;
  const pte = address !== undefined && !!entryAt(sorted, vma?.vm_mm, address).words?.[0];
  const file = vma?.vm_file ? rows[vma.vm_file] : null;
  return { rows, vma, page, cached, pte, ra: file ? rows[file.f_ra] : null };
}

/** @param {Record<string, any>} a @param {Record<string, any>} b */
const settings = (a, b) =>
  Object.keys({ ...a, ...b })
    .filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .map((name) => `${name} is ${a[name] ?? "not set"} in A and ${b[name] ?? "not set"} in B.`);

/** Words about a program; what it runs on is no comment. */
const COMMENT = /^(\/\/(?!\s*(files|machine|disk):)|\/\*|\*)/;

/** @param {import("./align.js").Alignment["names"]} names */
function programs(names) {
  const [textA, textB] = [names.textA, names.textB].map((lines) => lines.filter((line) => !COMMENT.test(line)));
  const few = (/** @type {string[]} */ lines) => `“${lines[0]}”${lines.length > 1 ? ` and ${lines.length === 2 ? "one more line" : `${lines.length - 1} more lines`}` : ""}`;
  if (textA.length && textB.length) return [`The programs differ: A has ${few(textA)} where B has ${few(textB)}.`];
  if (textA.length) return [`Only A's program has ${few(textA)}.`];
  return textB.length ? [`Only B's program has ${few(textB)}.`] : [];
}

/** @param {any} a @param {any} b */
function flags(a, b) {
  if (!a || !b || a.vm_flags === b.vm_flags) return [];
  const [inA, inB] = [vmFlagNames(a.vm_flags), vmFlagNames(b.vm_flags)];
  return [...only("A", inA, inB), ...only("B", inB, inA)].map((words) => `The mapping of ${a.name || "this address"} has ${words}.`);
}

/** @param {string} side @param {string[]} mine @param {string[]} other */
function only(side, mine, other) {
  const extra = mine.filter((one) => !other.includes(one));
  return extra.length ? [`${extra.join(" and ")} in ${side} only`] : [];
}

/** @param {any} a @param {any} b */
const windows = (a, b) =>
  a && b
    ? ["ra_pages", "start", "size", "async_size", "mmap_miss"]
        .filter((name) => a[name] !== b[name])
        .map((name) => `The file's readahead state has ${name} ${a[name]} in A and ${b[name]} in B.`)
    : [];

/** @param {Scene} a @param {Scene} b */
function pages(a, b) {
  const said = [];
  const where = a.page === null ? "The page" : `Page ${a.page}`;
  const state = (/** @type {Scene} */ { cached }) => (!cached ? "not in the page cache" : cached.flags & UPTODATE ? "up to date in the page cache" : "in the page cache and still being read");
  if (a.vma && b.vma && state(a) !== state(b)) said.push(`${where} is ${state(a)} in A and ${state(b)} in B.`);
  if (a.pte !== b.pte) said.push(`${where} has a PTE in ${a.pte ? "A" : "B"} only.`);
  const marker = (/** @type {Scene} */ { cached }) => !!cached && pageFlagNames(cached.flags).includes("PG_readahead");
  if (marker(a) !== marker(b)) said.push(`${where} carries PG_readahead in ${marker(a) ? "A" : "B"} only.`);
  return said;
}

/** The first thing that the kernel does differently. @param {Side} a @param {Side} b @param {import("./align.js").Step} step */
function arguments_(a, b, step) {
  const [inA, inB] = [trail(a.timeline, step.a), trail(b.timeline, step.b)];
  const marksA = /** @type {any} */ (inA).marks;
  const marksB = /** @type {any} */ (inB).marks;
  const i = marksA.findIndex((/** @type {string} */ one, /** @type {number} */ k) => one !== marksB[k]);
  const at = i < 0 ? Math.min(inA.length, inB.length) : i;
  const [x, y] = [a.timeline.stages[inA[at]], b.timeline.stages[inB[at]]];
  if (!x && !y) return "";
  if (!x || !y) return `After the same beginning only ${x ? "A" : "B"} goes on, in ${(x ?? y).fn}.`;
  if (x.fn === y.fn && x.op === y.op) {
    if (x.op === "return" && x.ret !== y.ret && !(isRef(x.ret) && isRef(y.ret))) return `${x.fn} returns ${x.ret ?? "nothing"} in A and ${y.ret ?? "nothing"} in B.`;
    const name = Object.keys(x.args ?? {}).find((one) => x.args[one] !== y.args?.[one] && typeof x.args[one] === "number");
    if (name) return `They part in ${x.fn}: ${name} is ${x.args[name]} in A and ${y.args?.[name] ?? "absent"} in B.`;
  }
  const words = (/** @type {any} */ one) => (one.op === "call" ? `calls ${one.fn}` : one.op === "return" ? `returns from ${one.fn}` : `is in ${one.fn}`);
  return `They part where A ${words(x)} and B ${words(y)}.`;
}
