// @ts-check
/** The LRU lists, head at the left: the only row that is not in column order. */

import { s } from "./draw.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {{ref: string, row: any, state: string}} Member
 */

const HEIGHT = 14;
const LISTS = /** @type {const} */ (["active_file", "inactive_file", "pagevec"]);

/** File pages by list, nearest the head first. @param {View} view */
export function lists(view) {
  /** @type {Record<string, Member[]>} */
  const members = { active_file: [], inactive_file: [], pagevec: [] };
  for (const { ref, row } of view.sorted.page) {
    if (row.lru && members[row.lru]) members[row.lru].push({ ref, row, state: stateOf(view, row) });
  }
  for (const name of LISTS) members[name].sort((a, b) => b.row.lru_pos - a.row.lru_pos);
  return members;
}

/** @param {View} view @param {any} row */
function stateOf(view, row) {
  if (row.flags & 4) return row.mapcount > 0 ? "mapped" : "uptodate";
  const reading = view.sorted.bio.some(
    ({ row: bio }) =>
      bio.state !== "done" &&
      !bio.op.includes("W") &&
      row.mapping === `cache/${bio.inode.slice(6)}` &&
      row.index >= bio.pages[0] &&
      row.index <= bio.pages[1],
  );
  return reading ? "inflight" : "allocated";
}

/** @param {View} view @param {Geometry} geo @param {ReturnType<typeof import("./memory.js").memory>} remember */
export function lruRow(view, geo, remember) {
  if (geo.lru === null) return null;
  const y = geo.lru;
  const g = geo.gutter;
  const members = lists(view);
  const waiting = members.pagevec.length;
  const vec = waiting > 0 ? 190 : 0;
  return s(
    "g",
    { class: "m-lru", key: "lru", "data-testid": "machine-lru" },
    s("text", { class: "m-name", x: 10, y: y + 11 }, "LRU lists"),
    list(view, remember, { name: "active", x: g + 20, box: g + 58, right: g + 231, y, members: members.active_file }),
    list(view, remember, {
      name: "inactive",
      x: g + 250,
      box: g + 301,
      right: geo.right - vec,
      y,
      members: members.inactive_file,
    }),
    waiting > 0 &&
      list(view, remember, {
        name: "pagevec",
        x: geo.right - vec + 12,
        box: geo.right - vec + 60,
        right: geo.right,
        y,
        members: members.pagevec,
      }),
  );
}

/** @typedef {{name: string, x: number, box: number, right: number, y: number, members: Member[]}} List */

/** @param {View} view @param {ReturnType<typeof import("./memory.js").memory>} remember @param {List} at */
function list(view, remember, at) {
  const room = at.right - at.box - 34;
  const step = Math.min(8.5, Math.max(room / Math.max(at.members.length, 1), 3));
  const shown = at.members.slice(0, Math.floor(room / step));
  let shows = `${at.box} ${at.right} ${at.y} ${at.members.length}`;
  for (const { ref, row, state } of shown) shows += `${ref}${state}${lit(view, row) ? "l" : ""}`;
  return remember(`lru ${at.name}`, shows, () => drawList(view, at, shown, step));
}

/** @param {View} view @param {List} at @param {Member[]} shown @param {number} step */
function drawList(view, { name, x, box, right, y, members }, shown, step) {
  const count = members.length;
  return s(
    "g",
    { key: name, "data-testid": `machine-lru-${name}`, "data-count": count },
    s("title", {}, `${name}: ${name === "pagevec" ? "waiting to go on a list" : "head of the list at the left"}`),
    s("text", { class: "m-note", x, y: y + 10.5 }, name),
    s("rect", { class: "m-list", x: box + 0.5, y: y + 0.5, width: right - box - 1, height: HEIGHT - 1, rx: 2 }),
    count === 0
      ? s(
          "text",
          { class: "m-note", key: "empty", x: (box + right) / 2, y: y + 10.5, "text-anchor": "middle" },
          "empty",
        )
      : s("text", { class: "m-note", key: "count", x: right - 6, y: y + 10.5, "text-anchor": "end" }, count),
    shown.map(({ ref, row, state }, n) =>
      s("rect", {
        class: "m-mini",
        key: ref,
        "data-ref": ref,
        "data-state": state,
        "data-lit": lit(view, row) || null,
        x: round(box + 2 + n * step),
        y: y + 2,
        width: round(Math.max(step - 0.9, 2)),
        height: HEIGHT - 4,
        rx: 1.5,
      }),
    ),
  );
}

/** @param {View} view @param {any} row */
const lit = (view, row) =>
  view.hover?.kind === "page" && row.mapping === `cache/${view.hover.inode.slice(6)}` && row.index === view.hover.index;

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;
