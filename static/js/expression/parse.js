// @ts-check
/**
 * Conditions, read into a tree:
 *
 *     or      = and { "||" and }
 *     and     = not { "&&" not }
 *     not     = "!" not | compare
 *     compare = mask [ ("==" | "!=" | "<" | "<=" | ">" | ">=") mask ]
 *     mask    = value [ "&" value ]
 *     value   = number | text in quotes | "true" | "false" | name | "(" or ")"
 *
 * As in lessons, `and`, `or`, `not` may stand for the signs of C.
 * Our own grammar and our own reader: what a reader types is never run as code.
 */

import { Mistake } from "./mistake.js";
import { tokenize } from "./tokens.js";

/** @typedef {import("./tokens.js").Token} Token */
/**
 * @typedef {{kind: "literal", value: number | string | boolean, from: number, to: number}
 *   | {kind: "name", name: string, from: number, to: number}
 *   | {kind: "not", of: Tree, from: number, to: number}
 *   | {kind: "binary", sign: string, left: Tree, right: Tree, from: number, to: number}} Tree
 */

const LONGEST = 400;
const DEEPEST = 40;
const COMPARE = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** @param {string} text @returns {Tree} throws a Mistake when it cannot be read */
export function parse(text) {
  if (text.length > LONGEST) throw new Mistake(`A condition has at most ${LONGEST} characters.`, LONGEST, text.length);
  const tokens = tokenize(text);
  let at = 0;
  let depth = 0;

  const here = () => tokens[at];
  /** @param {string} sign */
  const accept = (sign) => (here().kind === "sign" && here().text === sign ? tokens[at++] : null);

  /** What stands before, for the sentence about what is missing. */
  const before = () => (at > 0 ? ` after "${tokens[at - 1].text}"` : "");

  /** @param {string} sign @param {() => Tree} part @returns {Tree} */
  function chain(sign, part) {
    let left = part();
    while (accept(sign)) left = binary(sign, left, part());
    return left;
  }

  /** @param {string} sign @param {Tree} left @param {Tree} right @returns {Tree} */
  const binary = (sign, left, right) => ({ kind: "binary", sign, left, right, from: left.from, to: right.to });

  /** @returns {Tree} */
  const or = () => chain("||", () => chain("&&", not));

  /** @returns {Tree} */
  function not() {
    const sign = accept("!");
    if (!sign) return compare();
    deeper(sign);
    const of = not();
    depth -= 1;
    return { kind: "not", of, from: sign.from, to: of.to };
  }

  /** @param {Token} token */
  function deeper(token) {
    depth += 1;
    if (depth > DEEPEST) throw new Mistake(`The condition is nested too deeply at "${token.text}".`, token.from, token.to);
  }

  /** @returns {Tree} */
  function compare() {
    const left = mask();
    if (here().kind !== "sign" || !COMPARE.has(here().text)) return left;
    const sign = tokens[at++].text;
    const whole = binary(sign, left, mask());
    const next = here();
    if (next.kind === "sign" && COMPARE.has(next.text))
      throw new Mistake(`"${text.slice(whole.from, next.to)}" compares twice; join two comparisons with "&&".`, whole.from, next.to);
    return whole;
  }

  /** @returns {Tree} */
  function mask() {
    const left = value();
    return accept("&") ? binary("&", left, value()) : left;
  }

  /** @returns {Tree} */
  function value() {
    const token = here();
    const { from, to } = token;
    if (token.kind === "end") throw new Mistake(`The condition ends too early: a value is missing${before()}.`, from, to);
    const open = accept("(");
    if (open) {
      deeper(open);
      const inner = or();
      depth -= 1;
      if (!accept(")")) throw new Mistake(`A ")" is missing${before()}.`, from, here().to);
      return inner;
    }
    if (token.kind === "sign") throw new Mistake(`A value is missing before "${token.text}"${before()}.`, from, to);
    at += 1;
    if (token.kind !== "name") return { kind: "literal", value: /** @type {any} */ (token.value), from, to };
    if (token.text === "true" || token.text === "false") return { kind: "literal", value: token.text === "true", from, to };
    return { kind: "name", name: token.text, from, to };
  }

  const tree = or();
  const rest = here();
  if (rest.kind !== "end")
    throw new Mistake(`"${rest.text}" does not belong${before()}; join two conditions with "&&" or "||".`, rest.from, rest.to);
  return tree;
}
