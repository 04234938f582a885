// @ts-check
/** The marks on the ruler, as a list of buttons; where they would lie on each other the weightier one stays. */

import { attr, h, join, text } from "../../dom.js";
import { moment } from "../../format.js";
import { markIcon } from "./mark.js";

/** @typedef {import("../../marks.js").Mark} Mark */

/** @type {Record<string, number>} */
const WEIGHT = { signal: 5, major: 4, minor: 3, bio: 2, tlbflush: 1, syscall: 1 };
/** @type {Record<string, string>} */
const WORDS = {
  major: "major fault",
  minor: "minor fault",
  bio: "disk request",
  syscall: "system call",
  signal: "signal",
  tlbflush: "TLB flush",
};
const APART = 9;
const LETTER = 6.2;

/** @param {Mark} mark */
const isFault = (mark) => mark.type === "major" || mark.type === "minor";

/** The marks that have room, left to right. @param {Mark[]} marks @param {import("./scale.js").Scale} scale */
function roomy(marks, scale) {
  /** @type {{mark: Mark, x: number}[]} */
  const kept = [];
  for (const mark of marks) {
    if (mark.type === "done") continue; // the end of a request is the end of its span
    const x = scale.x(mark.n);
    if (x < -1 || x > scale.width + 1) continue;
    const last = kept.at(-1);
    if (!last || x - last.x >= APART) kept.push({ mark, x });
    else if (WEIGHT[mark.type] > WEIGHT[last.mark.type]) kept[kept.length - 1] = { mark, x };
  }
  return kept;
}

/** @param {Element} list @param {(action: any) => void} dispatch */
export function createMarks(list, dispatch) {
  /** @param {{mark: Mark}} one */
  const item = ({ mark }) => {
    const key = mark.k === undefined ? `${mark.type}-${mark.n}` : `fault-${mark.k}`;
    const button = h("button", {
      type: "button",
      tabindex: "-1",
      "data-testid": `time-mark-${key}`,
      onClick: () => dispatch({ type: "goto", n: mark.n }),
    });
    return h("li", {}, button);
  };

  /** @param {HTMLElement} node @param {{mark: Mark, x: number}} one @param {number} room @param {boolean} current */
  function update(node, { mark, x }, room, current) {
    const button = /** @type {HTMLElement} */ (node.firstElementChild);
    node.style.setProperty("left", `${x.toFixed(1)}px`);
    const label = isFault(mark) && current ? `page ${mark.label}` : mark.label;
    const shown = label && room > label.length * LETTER + 16 ? label : "";
    if (button.dataset.type !== mark.type || button.dataset.shown !== shown) {
      button.replaceChildren(markIcon(mark.type), h("span", {}, shown));
      attr(button, "data-type", mark.type);
      attr(button, "data-shown", shown);
    }
    const name = `${moment(mark.t)}, ${WORDS[mark.type]}${mark.label ? ` ${isFault(mark) ? "on page " : ""}${mark.label}` : ""}`;
    attr(button, "aria-label", name);
    attr(button, "title", name);
  }

  return (
    /** @type {import("../../select.js").State} */ { marks, cursor },
    /** @type {import("./scale.js").Scale} */ scale,
  ) => {
    const kept = roomy(marks, scale);
    const current = marks.findLast((mark) => mark.n <= cursor && isFault(mark));
    join(
      list,
      kept,
      ({ mark }) => `${mark.n} ${mark.k ?? mark.type}`,
      item,
      (node, one, i) => update(node, one, (kept[i + 1]?.x ?? scale.width) - one.x, one.mark === current),
    );
  };
}
