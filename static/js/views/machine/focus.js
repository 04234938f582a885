// @ts-check
/** Which file stands in the columns, which of its pages, and where they are mapped. */

import * as read from "./rows.js";

/**
 * @typedef {import("./rows.js").Rows} Rows
 * @typedef {import("./rows.js").Found} Found
 * @typedef {{vma: Found | null, inode: string | null, name: string, end: number, total: number, first: number,
 *   maps: Found[]}} Focus
 *   the file in the columns: *end* its pages, *total* the pages worth a column, *maps* its mappings
 */

/** @param {any} vma @param {number} address */
export const inVma = (vma, address) => address >= vma.vm_start && address < vma.vm_end;

/**
 * Which file fills the columns: the pinned one, else that of the access, else the newest mapping,
 * else a file whose pages are still cached, else the first file. Memory without a file takes their place while it is
 * accessed, or as long as nothing newer is mapped.
 * @param {Rows} rows @param {import("./rows.js").Kinds} sorted @param {Found[]} vmas
 * @param {import("./pins.js").Pin | null} pin @param {import("./select.js").Access} access @param {any} fault
 * @returns {Focus}
 */
export function focusOn(rows, sorted, vmas, pin, { address, hot }, fault) {
  const mapped = vmas.filter(({ row }) => read.inodeOf(rows, row));
  const wanted = pin?.kind === "page" ? pin.inode : pin?.kind === "inode" ? pin.ref : null;
  const newest = mapped.reduce(
    (/** @type {Found | null} */ a, b) => (a && read.number(a.ref) > read.number(b.ref) ? a : b),
    null,
  );
  const at = address === null ? undefined : read.vmaAt(vmas, address);
  const touched = at && mapped.includes(at) ? at : undefined;
  const pinned = wanted ? undefined : pinnedVma(vmas, pin, rows);
  const latest = at && (hot || !newest || read.number(at.ref) > read.number(newest.ref)) ? at : undefined;
  const own = pinned ?? (wanted ? undefined : latest);
  if (own && !mapped.includes(own)) return ofItsOwn(own);
  const faulted = mapped.find(({ ref }) => ref === fault?.vma);
  const cached = sorted.inode.find(({ row }) => row.nrpages > 0);
  let vma = pinnedVma(mapped, pin, rows) ?? touched ?? faulted ?? newest;
  let inode = vma ? read.inodeOf(rows, vma.row) : (cached?.ref ?? sorted.inode[0]?.ref ?? null);
  if (wanted && rows[wanted] && wanted !== inode) {
    inode = wanted;
    vma = mapped.find(({ row }) => read.inodeOf(rows, row) === wanted) ?? null;
  }
  const maps = mapped.filter(({ row }) => read.inodeOf(rows, row) === inode);
  const end = read.filePages(inode ? rows[inode] : undefined);
  const reach = maps.map(({ row }) => read.firstPage(row) + read.vmaPages(row));
  return {
    vma: vma ?? null,
    inode,
    maps,
    end,
    name: inode ? (rows[inode].name ?? inode) : "",
    total: Math.max(end, ...reach, 0),
    first: 0,
  };
}

/** A mapping without a file stands in the columns by itself: its pages are nobody else's. @param {Found} vma @returns {Focus} */
const ofItsOwn = (vma) => ({
  vma,
  inode: null,
  maps: [vma],
  end: read.vmaPages(vma.row),
  name: vma.row.name || "anonymous memory",
  total: read.vmaPages(vma.row),
  first: 0,
});

/** @param {Found[]} mapped @param {import("./pins.js").Pin | null} pin @param {Rows} rows */
function pinnedVma(mapped, pin, rows) {
  if (pin?.kind === "vma") return mapped.find(({ ref }) => ref === pin.ref);
  if (pin?.kind === "pte") return mapped.find(({ row }) => inVma(row, pin.vpn * 4096));
  if (pin?.kind === "page") {
    return mapped.find(({ row }) => read.inodeOf(rows, row) === pin.inode && read.covers(row, pin.index));
  }
  return undefined;
}

/**
 * Whether the band of this file, in this run, is held by hand.
 * @param {any} state @param {Focus} focus
 * @returns {boolean}
 */
export function isHeld({ ui, run }, focus) {
  return Boolean(ui?.band) && ui.band.run === run?.run && ui.band.inode === focus.inode;
}

/**
 * First page of the 64 in view: a multiple of 32 that keeps 16 pages on both sides of the page in question.
 * The pinned page is in question first, then a band held by hand, then the access.
 * @param {Focus} focus @param {import("./pins.js").Pin | null} pin @param {number | null} page
 * @param {number | null} held
 */
export function bandStart(focus, pin, page, held) {
  if (focus.total <= 64) return 0;
  const last = Math.ceil(focus.total / 32) * 32 - 64;
  const pinned =
    pin?.kind === "page"
      ? pin.index
      : pin?.kind === "pte" && focus.vma
        ? read.pageAt(focus.vma.row, pin.vpn * 4096)
        : null;
  if (pinned === null && held !== null) return Math.min(held, last);
  const about = pinned ?? page ?? (focus.vma ? read.firstPage(focus.vma.row) : 0) + 16;
  return Math.min(Math.max(Math.floor((about - 16) / 32) * 32, 0), last);
}

/** The mapping through which page *index* is shown, the focus mapping first. @param {Focus} focus @param {number} index */
export const mappingOf = (focus, index) =>
  [focus.vma, ...focus.maps].find((found) => found && read.covers(found.row, index)) ?? null;

/** Where page *index* is mapped. @param {Focus} focus @param {number} index @returns {number | null} */
export function addressOf(focus, index) {
  const by = mappingOf(focus, index);
  return by ? read.addressAt(by.row, index) : null;
}
