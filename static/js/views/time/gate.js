// @ts-check
/** The future behind an open question: hatched, with a sign at its edge, at the right end of the timeline. */

const SHARE = 0.3; // of the timeline
const LEAST = 96;

/** @param {HTMLElement} node */
export function createGate(node) {
  /** How much room it takes, in pixels. @param {{held: boolean}} state @param {number} width of the timeline */
  return ({ held }, width) => {
    const room = held ? Math.max(LEAST, Math.round(width * SHARE)) : 0;
    node.hidden = !held;
    node.style.setProperty("width", `${room}px`);
    return room;
  };
}
