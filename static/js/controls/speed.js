// @ts-check
/** Speeds: a quarter, one, four, sixteen, and instant, which is a kind of motion and not a factor. */

const SPEEDS = [0.25, 1, 4, 16];

/** @typedef {{motion: string, calm: boolean, speed: number}} Pace */

/** @param {Pace} ui */
const moving = (ui) => (ui.calm ? "reduced" : "full");

/** @param {Pace} ui @param {string | number} wanted */
export function choose(ui, wanted) {
  return wanted === "instant" ? { motion: "instant" } : { motion: moving(ui), speed: Number(wanted) };
}

/** @param {Pace} ui */
export function slower(ui) {
  if (ui.motion === "instant") return { motion: moving(ui) };
  return { speed: SPEEDS[Math.max(0, SPEEDS.indexOf(ui.speed) - 1)] };
}

/** @param {Pace} ui */
export function faster(ui) {
  const next = SPEEDS.indexOf(ui.speed) + 1;
  return next < SPEEDS.length ? { speed: SPEEDS[next] } : { motion: "instant" };
}

/** @param {Pace} ui */
export const toggleInstant = (ui) => ({ motion: ui.motion === "instant" ? moving(ui) : "instant" });
