// @ts-check
/** Fitting a box of the flame graph, and its name, into the plot. */

/** @typedef {import("./layout.js").Box} Box */

const LETTER = 5.7;

/** As much of a name as a box holds. @param {string} label @param {number} width */
export function fitted(label, width) {
  const letters = Math.floor((width - 7) / LETTER);
  if (letters < 3) return "";
  return label.length <= letters ? label : `${label.slice(0, letters - 1)}…`;
}

/** What is left of a box inside the plot. @param {Box} box @param {number} width */
export const clipped = ({ x, w }, width) => {
  const left = Math.max(x, -2);
  return { left, wide: Math.max(1, Math.min(x + w, width + 2) - left - 0.5) };
};
