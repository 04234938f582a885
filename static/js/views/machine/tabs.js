// @ts-check
/** Which file stands in the columns: a tab for each mapping, and for each file that is only cached. */

import { hex, range } from "./decode.js";
import { s } from "./draw.js";
import { inodeOf, number, vmaPages } from "./rows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

/** @param {any} vma @returns {string} its file pages, "16-31" */
const pagesOf = (vma) => range(vma.vm_pgoff ?? 0, (vma.vm_pgoff ?? 0) + vmaPages(vma) - 1);

/** A mapping's name, with what tells it from the others of its file: its pages, or, if those are the same, its address.
 *  @param {any} vma @param {any[]} others @returns {string} */
function tabName(vma, others) {
  if (others.length === 0) return vma.name;
  const same = others.some((other) => pagesOf(other) === pagesOf(vma));
  return `${vma.name} ${same ? `at ${hex(vma.vm_start)}` : pagesOf(vma)}`;
}

/**
 * One tab for each mapping when there are several, and for each file that is cached but not mapped.
 * @param {View} view @param {Geometry} geo @param {number} top
 * @returns {{from: number, drawn: import("./draw.js").Drawn | null}} and where they begin
 */
export function fileTabs(view, geo, top) {
  const mapped = view.vmas.filter(({ row }) => inodeOf(view.rows, row));
  const bare = view.sorted.inode.filter(
    ({ ref, row }) => row.nrpages > 0 && !mapped.some((found) => inodeOf(view.rows, found.row) === ref),
  );
  const others = (/** @type {import("./rows.js").Found} */ { ref, row }) =>
    mapped
      .filter((other) => other.ref !== ref && inodeOf(view.rows, other.row) === inodeOf(view.rows, row))
      .map((other) => other.row);
  const list = [
    ...mapped.map((found) => ({
      pin: found.ref,
      inode: inodeOf(view.rows, found.row),
      on: found.ref === view.focus.vma?.ref,
      name: tabName(found.row, others(found)),
    })),
    ...bare.map(({ ref, row }) => ({
      pin: ref,
      inode: ref,
      name: row.name,
      on: !view.focus.vma && view.focus.inode === ref,
    })),
  ];
  if (list.length < 2 && view.focus.inode) return { from: geo.right, drawn: null };
  const most = list.slice(-6);
  let x = geo.right;
  const drawn = [];
  for (const tab of [...most].reverse()) {
    const busy = view.sorted.bio.some(({ row }) => row.inode === tab.inode && row.state !== "done");
    const width = tab.name.length * 6 + (busy ? 26 : 14);
    x -= width + 4;
    drawn.push(
      s(
        "g",
        {
          class: "m-file-tab",
          key: tab.pin,
          role: "button",
          tabindex: "0",
          "data-pin": tab.pin,
          "data-ref": tab.pin,
          "data-on": tab.on || null,
          "data-testid": `machine-tab-${number(tab.pin)}`,
          "aria-label": `Show ${tab.name}${busy ? ", being read" : ""}`,
          "aria-pressed": tab.on ? "true" : "false",
        },
        s("rect", { x: x + 0.5, y: top + 3.5, width: width - 1, height: 16, rx: 3 }),
        busy && s("circle", { class: "m-busy", cx: x + 10, cy: top + 11.5, r: 3.5 }),
        s("text", { x: x + (busy ? 18 : 7), y: top + 15.5 }, tab.name),
      ),
    );
  }
  return { from: x, drawn: s("g", { class: "m-tabs", key: "tabs" }, drawn.reverse()) };
}
