// @ts-check
/** Numbers, moments and stages in words. */

/** An address or word: 0x413ed79f. @param {number} n @param {number} [digits] */
export const hex = (n, digits = 0) => `0x${(n < 0 ? n + 2 ** 32 : n).toString(16).padStart(digits, "0")}`;

/** A moment of virtual time: "1.545 ms". @param {number} ns */
export function moment(ns) {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e5 || ns === 0) return `${(ns / 1e6).toFixed(3)} ms`;
  return `${(ns / 1e3).toFixed(2)} µs`;
}

/** A length of time, to be compared: "2 234 µs". @param {number} ns */
export const duration = (ns) => `${grouped(Math.round(ns / 1e3))} µs`;

/** 200 000: thin groups of three. @param {number} n */
export const grouped = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

/** What a call was given or a step saw: "address 0xb6fbd000, flags 0x254". @param {any} stage */
export function argsText(stage) {
  const given = Object.entries(stage?.args ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return given.map(([name, value]) => `${name} ${argText(name, value)}`).join(", ");
}

/** @param {string} name @param {any} value @returns {string} */
function argText(name, value) {
  if (typeof value === "number") return numberText(name, value);
  return value !== null && typeof value === "object" ? `{${argsText({ args: value })}}` : String(value);
}

/** The words for a stage, one phrase. @param {any} stage @param {Record<string, any>} functions */
export function sentence(stage, functions) {
  if (!stage) return "";
  if (stage.text) return stage.text;
  const file = functions[stage.fn]?.file;
  if (stage.op === "call") return `${stage.fn} begins${file ? `, in ${file}` : ""}`;
  if (stage.op === "return")
    return stage.ret === undefined ? `${stage.fn} returns` : `${stage.fn} returns ${retText(stage.ret)}`;
  return stage.kind ? `${stage.fn}: ${stage.kind}` : stage.fn;
}

const BITS = /^(flags|vm_flags|fgp_flags|fsr|pte|word|fault)$/;

/** A number that goes by this name: bits in hex, and what is as large as an address. @param {string} name @param {number} value */
export const numberText = (name, value) => (BITS.test(name) ? hex(value) : retText(value));

/** A return value: small numbers as they are, addresses in hex. @param {any} ret */
export function retText(ret) {
  if (typeof ret !== "number") return String(ret);
  return Math.abs(ret) >= 65536 ? hex(ret) : String(ret);
}
