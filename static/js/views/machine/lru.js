// @ts-check
/** The LRU lists, and the places where a page is between two of them. */

/**
 * @typedef {import("./select.js").View} View
 * @typedef {{ref: string, row: any, state: string}} Member
 * @typedef {keyof typeof LISTS} ListName
 */

/** What page.lru names, what it is called here, and in words. */
export const LISTS = /** @type {const} */ ({
  active_file: { name: "active", means: "pages of files in frequent use; the head is at the left" },
  inactive_file: { name: "inactive", means: "the other pages of files; the head is at the left, and reclaim takes from the tail, at the right" },
  active_anon: { name: "active anon", means: "pages without a file; there is no swap, so they stay" },
  inactive_anon: { name: "inactive anon", means: "pages without a file; there is no swap, so they stay" },
  unevictable: { name: "unevictable", means: "pages that must stay: locked by mlock" },
  isolated: { name: "isolated", means: "taken off their list while reclaim decides about them" },
  pagevec: { name: "pagevec", means: "waiting to go on a list, up to 15 at once" },
  dentries: { name: "dentries", means: "names of files that nobody uses now: not pages, but a shrinker takes them when memory is short" },
  inodes: { name: "inodes", means: "inodes that nobody uses now: not pages, but a shrinker takes them when memory is short" },
});

/** What a shrinker takes: objects that are cached like pages, but are none. */
export const CACHED = new Set(["dentries", "inodes"]);


/** Pages by list, nearest the head first, and the objects that shrinkers look after. @param {View} view @returns {Record<ListName, Member[]>} */
export function lists(view) {
  const members = /** @type {Record<ListName, Member[]>} */ (
    Object.fromEntries(Object.keys(LISTS).map((name) => [name, []]))
  );
  const reading = view.sorted.bio.map(({ row }) => row).filter(({ state, op }) => state !== "done" && !op.includes("W"));
  for (const { ref, row } of view.sorted.page) {
    const list = members[/** @type {ListName} */ (row.lru)];
    if (list) list.push({ ref, row, state: stateOf(reading, row) });
  }
  for (const list of Object.values(members)) list.sort((a, b) => b.row.lru_pos - a.row.lru_pos);
  const cached = (/** @type {import("./rows.js").Found} */ found) => ({ ...found, state: "cached" });
  members.dentries = view.sorted.dentry.filter(({ row }) => row.d_count === 0).map(cached);
  members.inodes = view.sorted.inode.filter(({ row }) => row.i_lru).map(cached);
  return members;
}

/** @param {any[]} reading bios that read @param {any} row @returns {string} */
function stateOf(reading, row) {
  if (row.flags & 4) return row.mapcount > 0 ? "mapped" : "uptodate";
  const carried = reading.some(
    (bio) =>
      row.mapping === `cache/${bio.inode.slice(6)}` && row.index >= bio.pages[0] && row.index <= bio.pages[1],
  );
  return carried ? "inflight" : "allocated";
}
