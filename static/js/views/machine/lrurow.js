// @ts-check
/** The row of the LRU lists, head at the left: the only row that is not in column order. */

import { s } from "./draw.js";
import { gauges } from "./gauge.js";
import { CACHED, LISTS, lists } from "./lru.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./lru.js").Member} Member
 * @typedef {import("./lru.js").ListName} ListName
 * @typedef {ReturnType<typeof import("./memory.js").memory>} Remember
 * @typedef {{list: ListName, x: number, box: number, right: number, y: number, members: Member[]}} Place
 */

const HEIGHT = 14;
const GAP = 19;
/** Advance of a letter of the names, on average. */
const LETTER = 5.7;
/** Shares of the room that the names leave. */
const SHARES = /** @type {Record<ListName, number>} */ ({
  active_file: 2,
  inactive_file: 6,
  active_anon: 1.5,
  inactive_anon: 1.5,
  unevictable: 1.5,
  isolated: 2,
  pagevec: 1.5,
  dentries: 1,
  inodes: 1,
});
/** The lists that are always there; the others show up while they hold something. */
const STANDING = new Set(["active_file", "inactive_file"]);

/** @param {View} view @param {Geometry} geo @param {Remember} remember */
export function lruRow(view, geo, remember) {
  if (geo.lru === null) return null;
  const y = geo.lru;
  const members = lists(view);
  const gauge = gauges(view, geo, y);
  return s(
    "g",
    { class: "m-lru", key: "lru", "data-testid": "machine-lru" },
    s("text", { class: "m-name", x: 10, y: y + 11 }, "LRU lists"),
    places(members, { from: geo.gutter + 20, to: gauge.from, y }).map((place) => list(view, remember, place)),
    gauge.drawn,
  );
}

/** Where each list stands. @param {Record<ListName, Member[]>} members
 *  @param {{from: number, to: number, y: number}} room @returns {Place[]} */
function places(members, { from, to, y }) {
  const names = /** @type {ListName[]} */ (Object.keys(LISTS)).filter(
    (name) => STANDING.has(name) || members[name].length > 0,
  );
  const label = (/** @type {ListName} */ name) => LISTS[name].name.length * LETTER + 9;
  const all = names.reduce((sum, name) => sum + SHARES[name], 0);
  const free = to - from - GAP * (names.length - 1) - names.reduce((sum, name) => sum + label(name), 0);
  let x = from;
  return names.map((name) => {
    const box = Math.round(x + label(name));
    const right = Math.round(box + (free * SHARES[name]) / all);
    const place = { list: name, x, box, right, y, members: members[name] };
    x = right + GAP;
    return place;
  });
}

/** @param {View} view @param {Remember} remember @param {Place} at */
function list(view, remember, at) {
  const room = at.right - at.box - 30;
  const step = Math.min(8.5, Math.max(room / Math.max(at.members.length, 1), 3));
  const shown = ends(at.members, Math.floor(room / step));
  let shows = `${at.x} ${at.box} ${at.right} ${at.y} ${at.members.length}`;
  for (const { ref, state } of shown) shows += `${ref}${state}${moved(view, ref) ? "m" : ""}`;
  return remember(`lru ${at.list}`, shows, () => drawList(view, at, shown, step));
}

/** As many as fit, from both ends: pages come in at the head and are reclaimed at the tail.
 *  @param {Member[]} members @param {number} fit @returns {Member[]} */
function ends(members, fit) {
  if (members.length <= fit) return members;
  const head = Math.ceil(fit / 2);
  return [...members.slice(0, head), ...members.slice(members.length - (fit - head))];
}

/** @param {View} view @param {string} ref */
const moved = (view, ref) => ["lru", "lru_pos", "d_count", "i_lru"].some((field) => view.changes.has(ref, field));

/** @param {View} view @param {Place} at @param {Member[]} shown @param {number} step */
function drawList(view, { list, x, box, right, y, members }, shown, step) {
  const count = members.length;
  const { name, means } = LISTS[list];
  const skipped = shown.length < count ? Math.ceil(shown.length / 2) : count;
  return s(
    "g",
    { key: name, class: CACHED.has(list) ? "m-cached" : null, "data-testid": `machine-lru-${name.replace(" ", "-")}`, "data-count": count },
    s("title", {}, `${name}: ${means}`),
    s("text", { class: "m-note", x, y: y + 10.5 }, name),
    s("rect", { class: "m-list", x: box + 0.5, y: y + 0.5, width: Math.max(right - box - 1, 1), height: HEIGHT - 1, rx: 2 }),
    count === 0
      ? s("text", { class: "m-note", key: "empty", x: (box + right) / 2, y: y + 10.5, "text-anchor": "middle" }, "empty")
      : s("text", { class: "m-note", key: "count", x: right - 6, y: y + 10.5, "text-anchor": "end" }, count),
    shown.map((member, n) => mini(view, member, n, box + 2 + n * step + (n >= skipped ? 3 : 0), y + 2, step - 0.9)),
    skipped < count && s("path", { class: "m-skip", d: `M${round(box + 2.5 + skipped * step)} ${y - 1}v${HEIGHT + 2}` }),
  );
}

/** Kept by place: a page that comes in at the head moves all others on, which are the same boxes with other pages.
 *  @param {View} view @param {Member} member @param {number} n @param {number} x @param {number} y @param {number} width */
const mini = (view, { ref, row, state }, n, x, y, width) =>
  s("rect", {
    class: "m-mini",
    key: n,
    "data-ref": ref,
    "data-state": state,
    "data-dirty": (row.flags & 8) !== 0 || null,
    "data-changed": moved(view, ref) || null,
    x: round(x),
    y,
    width: round(Math.max(width, 2)),
    height: HEIGHT - 4,
    rx: 1.5,
  });

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;
