// @ts-check
/** Whose page table stands in the columns: a tab for each process at the left end of the lens. */

import { s } from "./draw.js";
import { processes, taskName } from "./tasks.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

const MOST = 6;

/**
 * @param {View} view @param {Geometry} geo @param {number} top
 * @returns {{to: number, drawn: import("./draw.js").Drawn | null}} the tabs, and where they end
 */
export function taskTabs(view, geo, top) {
  const all = processes(view.sorted);
  if (all.length < 2) return { to: geo.gutter, drawn: null };
  let x = geo.gutter;
  const drawn = all.slice(-MOST).map((task) => {
    const name = taskName(task);
    const running = task.ref === view.running?.ref;
    const on = task.ref === view.taskRef;
    const width = name.length * 6 + (running ? 26 : 14);
    const left = x;
    x += width + 4;
    return s(
      "g",
      {
        class: "m-file-tab m-task-tab",
        key: task.ref,
        role: "button",
        tabindex: "0",
        "data-pin": task.ref,
        "data-ref": task.ref,
        "data-on": on || null,
        "data-pinned": (view.pin?.kind === "task" && view.pin.ref === task.ref) || null,
        "data-testid": `machine-task-${task.ref.slice(5)}`,
        "aria-label": `Page table of ${name}${running ? ", which runs" : ""}`,
        "aria-pressed": on ? "true" : "false",
      },
      s("rect", { x: left + 0.5, y: top + 3.5, width: width - 1, height: 16, rx: 3 }),
      running && s("circle", { class: "m-runs", cx: left + 10, cy: top + 11.5, r: 3 }),
      s("text", { x: left + (running ? 18 : 7), y: top + 15.5 }, name),
    );
  });
  return { to: x, drawn: s("g", { class: "m-tabs", key: "tasks" }, drawn) };
}
