// @ts-check
/** Hatches: static patterns, coloured by the stylesheet. */

import { s } from "./draw.js";

/** @param {string} id @param {number} size @param {number} stroke */
const hatch = (id, size, stroke) =>
  s(
    "pattern",
    { id, key: id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("rect", { class: "m-hatch-ground", width: size, height: size }),
    s("path", { class: "m-hatch-line", d: `M0 0V${size}`, "stroke-width": stroke }),
  );

export const defs = s(
  "defs",
  { key: "defs" },
  hatch("m-hatch-flight", 5, 4),
  hatch("m-hatch-end", 6, 2.4),
  hatch("m-hatch-kernel", 7, 1.6),
);
