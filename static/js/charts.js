// @ts-check
/**
 * What charts are drawn from: when each page of a file was in the page cache, its readahead windows, and the faults.
 * Read off the changes of the stages, those that are new each time, so that a long run is gone through only once.
 */

/** A page from the stage it came at to the one it left at; -1: it is still there. @typedef {{page: number, from: number, to: number}} Stay */
/** @typedef {{n: number, start: number, size: number, async_size: number}} Window */
/** @typedef {{name: string, stays: Stay[], here: Map<number, Stay>, windows: Window[]}} FileChart */
/**
 * @typedef {object} Charts
 * @property {number} seen stages gone through
 * @property {Map<string, FileChart>} files by the ref of their cache
 * @property {Map<string, string>} caches of inodes
 * @property {Map<string, string>} names of inodes
 * @property {Map<string, string>} inodes of readahead states
 * @property {Map<string, Window>} windows as they stand now, by readahead state
 * @property {Set<string>} moved readahead states whose window has changed since a window was last told of
 */

/** @returns {Charts} */
export const createCharts = () =>
  ({ seen: 0, files: new Map(), caches: new Map(), names: new Map(), inodes: new Map(), windows: new Map(), moved: new Set() });

/** Take in the stages that are new. @param {Charts} charts @param {any[]} stages @returns {Charts} */
export function catchUp(charts, stages) {
  for (; charts.seen < stages.length; charts.seen += 1) {
    const { changes, kind } = stages[charts.seen];
    if (changes) note(charts, changes, charts.seen);
    if (kind === "ra-window") noteWindows(charts, charts.seen);
  }
  return charts;
}

/** The files that have had a page in the cache, with what happened to them. @param {Charts} charts @returns {FileChart[]} */
export const filesOf = ({ files }) => [...files.values()].filter(({ stays }) => stays.length);

/** @param {Charts} charts @param {any[]} changes @param {number} n */
function note(charts, changes, n) {
  for (const [ref, field, , value] of changes) {
    const kind = ref.slice(0, ref.indexOf("/"));
    if (kind === "cache") noteCache(charts, ref, field, value, n);
    else if (kind === "inode" && field === "*" && value) charts.names.set(ref, value.name);
    else if (kind === "file" && field === "*" && value) charts.inodes.set(value.f_ra, value.inode);
    else if (kind === "ra" && moveWindow(charts, ref, field, value)) charts.moved.add(ref);
  }
}

/** The stage that tells of a window: those that have moved by now are new ones. @param {Charts} charts @param {number} n */
function noteWindows(charts, n) {
  for (const ref of charts.moved) {
    const window = charts.windows.get(ref);
    const cache = charts.caches.get(charts.inodes.get(ref) ?? "");
    if (window?.size && cache) fileOf(charts, cache).windows.push({ ...window, n });
  }
  charts.moved.clear();
}

/** A slot of a file's index holds a page, a shadow, or nothing. */
/** @param {Charts} charts @param {string} ref @param {number | string} field @param {any} value @param {number} n */
function noteCache(charts, ref, field, value, n) {
  if (field === "*" && value) charts.caches.set(value.inode, ref);
  if (typeof field !== "number") return;
  const file = fileOf(charts, ref);
  const stay = file.here.get(field);
  const comes = typeof value === "string";
  if (comes && !stay) {
    const made = { page: field, from: n, to: -1 };
    file.here.set(field, made);
    file.stays.push(made);
  } else if (!comes && stay) {
    stay.to = n;
    file.here.delete(field);
  }
}

/** @param {Charts} charts @param {string} ref @param {string} field @param {any} value */
function moveWindow(charts, ref, field, value) {
  const before = charts.windows.get(ref) ?? { n: 0, start: 0, size: 0, async_size: 0 };
  if (field !== "*" && !["start", "size", "async_size"].includes(field)) return false;
  const { start, size, async_size } = field === "*" ? (value ?? before) : { ...before, [field]: value };
  charts.windows.set(ref, { n: 0, start, size, async_size });
  return true;
}

/** @param {Charts} charts @param {string} ref @returns {FileChart} */
function fileOf({ files, caches, names }, ref) {
  const known = files.get(ref);
  if (known) return known;
  const inode = [...caches].find(([, cache]) => cache === ref)?.[0] ?? "";
  const made = { name: names.get(inode) ?? ref, stays: [], here: new Map(), windows: [] };
  files.set(ref, made);
  return made;
}

/**
 * Stays as few rectangles as the eye can tell apart: neighbours in the file that come and go within the same step.
 * @param {Stay[]} stays @param {(n: number) => number} column of a stage @param {number} end the column of what is still there
 * @returns {{first: number, last: number, from: number, to: number}[]}
 */
export function blocks(stays, column, end) {
  const placed = stays.map(({ page, from, to }) => ({ page, from: column(from), to: to < 0 ? end : column(to) }));
  placed.sort((a, b) => a.from - b.from || a.to - b.to || a.page - b.page);
  /** @type {{first: number, last: number, from: number, to: number}[]} */
  const found = [];
  for (const { page, from, to } of placed) {
    const last = found.at(-1);
    if (last && last.from === from && last.to === to && last.last + 1 === page) last.last = page;
    else found.push({ first: page, last: page, from, to });
  }
  return found;
}
