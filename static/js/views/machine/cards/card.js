// @ts-check
/** The frame that the four cards of the walk share, and the arrows between them. */

import { s } from "../draw.js";

/** @typedef {import("../geometry.js").Box & {y: number, h: number}} CardBox */

/**
 * @param {CardBox} box
 * @param {{name: string, title: string, note: string, tone: string, hot?: boolean, attrs?: Record<string, any>}} what
 * @param {...import("../draw.js").Kid} kids drawn with the card's corner as origin
 */
export const card = (box, { name, title, note, tone, hot = false, attrs = {} }, ...kids) =>
  s(
    "g",
    {
      class: "m-card",
      key: name,
      transform: `translate(${box.x} ${box.y})`,
      "data-testid": `machine-card-${name}`,
      "data-hot": hot ? "fault" : null,
      "data-tone": tone,
      role: "group",
      "aria-label": `${title}, ${note}`,
      ...attrs,
    },
    s("rect", { class: "m-card-box", x: 0.5, y: 0.5, width: box.w - 1, height: box.h - 1, rx: 6 }),
    title !== "" && s("rect", { class: "m-swatch", x: 10, y: 9, width: 8, height: 8, rx: 2 }),
    title !== "" && s("text", { class: "m-card-title", x: 24, y: 17.5 }, title),
    s("text", { class: "m-note m-card-note", x: box.w - 10, y: 17, "text-anchor": "end" }, note),
    kids,
  );

/** @param {number} x left end @param {number} y @param {string | null} hot */
export const arrow = (x, y, hot) =>
  s("path", { class: "m-arrow", key: `arrow${x}`, "data-hot": hot, d: `M${x + 2} ${y}h5v-5l10 5l-10 5v-5` });

/** @param {string} value @param {number} x @param {number} y @param {Record<string, any>} [attrs] */
export const mono = (value, x, y, attrs = {}) => s("text", { class: "m-mono", x, y, ...attrs }, value);
