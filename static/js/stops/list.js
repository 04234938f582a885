// @ts-check
/** The list of breakpoints as plain data, and the few things that can be done to it. */

/** @typedef {import("./shelf.js").Kept} Kept */

/**
 * What an action does to the list: `add`, `remove`, `toggle` (there or not), `on`, `off`.
 * @param {Kept[]} list @param {string} how @param {string} text @returns {Kept[]}
 */
export function changed(list, how, text) {
  const there = list.some((one) => one.text === text);
  if (how === "toggle") return changed(list, there ? "remove" : "add", text);
  if (how === "add") return there ? changed(list, "on", text) : [...list, { text, on: true }];
  if (how === "remove") return list.filter((one) => one.text !== text);
  if (how === "on" || how === "off") return list.map((one) => (one.text === text ? { text, on: how === "on" } : one));
  throw new Error(`stops: nothing is called "${how}"`);
}
