// @ts-check
/** What changed in this stage, by the object that shows it. */

/**
 * @typedef {[string, string | number, any, any]} Change ref, field, before, after
 * @typedef {{refs: Set<string>, slots: Set<string>, before: (ref: string, field: string | number) => any,
 *   has: (ref: string, field: string | number) => boolean, list: Change[]}} Changed
 */

/** Stages that put a whole state in place: marking everything would mark nothing. */
const WHOLESALE = new Set(["boot", "exec"]);

/** @param {any} state @returns {Changed} */
export function changed(state) {
  const list = WHOLESALE.has(state.stage?.kind) ? [] : (state.changes ?? []);
  const refs = new Set();
  const befores = new Map();
  for (const [ref, field, before] of list) {
    refs.add(ref);
    if (!befores.has(`${ref} ${field}`)) befores.set(`${ref} ${field}`, before);
  }
  return {
    refs,
    list,
    slots: new Set(befores.keys()),
    before: (ref, field) => befores.get(`${ref} ${field}`),
    has: (ref, field) => befores.has(`${ref} ${field}`),
  };
}
