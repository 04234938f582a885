// @ts-check
/** The sign of a mark: a triangle for a fault, a square for a bio, a ring for a system call. */

import { s } from "../../dom.js";

/** @param {string} type @returns {SVGElement} */
export const markIcon = (type) =>
  s("svg", { class: "mark", "data-type": type, "aria-hidden": "true" }, s("use", { href: `#m-${type}` }));
