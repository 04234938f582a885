// @ts-check
/** The names of the lanes, one for each task, once a run has more than one of them. */

import { attrs, h, join, text } from "../../dom.js";

/** @typedef {import("./layout.js").Lane} Lane */

const FLAME_TOP = 38;

/** @param {HTMLElement} root */
export function createLanes(root) {
  return (/** @type {import("../../select.js").State} */ { rows }, /** @type {{lanes: Lane[], tops: number[]}} */ { lanes, tops }) => {
    const several = lanes.length > 1;
    attrs(root, { "data-lanes": lanes.length });
    let first = 0;
    join(
      root,
      several ? lanes : [{ task: -1, rows: 0 }],
      ({ task }) => task,
      () => h("span", { class: "lane-name" }),
      (node, { task, rows: own }) => {
        node.style.setProperty("top", `${FLAME_TOP + 4 + (several ? tops[first] : 0)}px`);
        attrs(node, { "data-task": task < 0 ? null : task });
        text(node, task < 0 ? "Kernel" : task === 0 ? "idle" : nameOf(rows[`task/${task}`], task));
        first += own;
      },
    );
  };
}

/** @param {any} row @param {number} task */
const nameOf = (row, task) => (row ? `${row.comm ?? "task"} ${row.pid ?? task}` : `task ${task}`);
