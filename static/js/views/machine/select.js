// @ts-check
/** What the machine pane shows of a state: one pure function from rows to a view model. */

import { changed } from "./changes.js";
import { pageCell, pteCell } from "./cells.js";
import { addressOf, bandStart, focusOn, inVma, isHeld, mappingOf } from "./focus.js";
import { readPin } from "./pins.js";
import * as read from "./rows.js";
import { framesOf, ownPageCell } from "./anonymous.js";
import { runningTask, shownTask } from "./tasks.js";

/**
 * @typedef {import("./rows.js").Rows} Rows
 * @typedef {import("./rows.js").Found} Found
 * @typedef {import("./cells.js").PageCell} PageCell
 * @typedef {import("./cells.js").PteCell} PteCell
 * @typedef {import("./focus.js").Focus} Focus
 * @typedef {{address: number | null, page: number | null, hot: "fault" | "next" | null}} Access
 * @typedef {ReturnType<typeof select>} View
 */

/** Stages of the program that speak of an access which has not faulted (yet). */
const ACCESS = new Set(["user-load", "user-store"]);

/** Where the CPU goes on when the MMU has given up; from here until the return the fault registers hold. */
const DATA_ABORT = "vector_dabt";

/** @param {any} state @returns {boolean} whether there is a machine to show */
export const hasMachine = (state) => Boolean(state.rows?.cpu);

/** @param {any} state a state of the store whose rows hold a machine */
export function select(state) {
  /** @type {Rows} */
  const rows = state.rows;
  const sorted = read.kinds(rows);
  const pin = readPin(state.ui?.pin, rows);
  const shown = shownTask(rows, sorted, pin);
  const running = runningTask(sorted);
  const task = shown.row;
  const vmas = sorted.vma.filter(({ row }) => row.linked && read.mmOf(row, task.mm) === task.mm);
  const hover = readPin(state.ui?.hover, rows);
  /** @type {any} */
  const fault = rows.fault?.n ? rows.fault : null;
  const elsewhere = running !== undefined && running.row.mm !== undefined && running.row.mm !== task.mm;
  /** @type {Access} */
  const access = { page: null, ...accessed(state, fault) };
  if (elsewhere) access.hot = null; // the same address, but in the address space of one who does not run
  const { address } = access;
  const focus = focusOn(rows, sorted, vmas, pin, access, fault);
  access.page =
    focus.vma && address !== null && inVma(focus.vma.row, address) ? read.pageAt(focus.vma.row, address) : null;
  focus.first = bandStart(focus, pin, access.page, isHeld(state, focus) ? state.ui.band.first : null);
  const bios = sorted.bio.filter(({ row }) => row.inode === focus.inode);
  const reading = bios.filter(({ row }) => row.state !== "done" && !row.op.includes("W"));
  /** @param {number} index */
  const inFlight = (index) => reading.some(({ row }) => index >= row.pages[0] && index <= row.pages[1]);
  return {
    state,
    rows,
    sorted,
    task,
    taskRef: shown.ref,
    running,
    vmas,
    pin,
    hover,
    fault,
    focus,
    access,
    bios,
    inFlight,
    changes: changed(state),
    cells: cells(rows, sorted, task.mm, focus, inFlight),
    ra: focus.vma ? raOf(rows, focus.vma.row.vm_file) : lastRa(rows, sorted, focus.inode),
  };
}

/**
 * The address this stage is about: the one that faults, the one that the program or the MMU is working on,
 * or, not hot, that of the last fault.
 * @param {any} state @param {any} fault @returns {Pick<Access, "address" | "hot">}
 */
function accessed(state, fault) {
  const { stage, rows } = state;
  if (fault?.active) return { address: fault.address, hot: "fault" };
  if (state.frames?.[0]?.fn === DATA_ABORT) return { address: rows.cpu.DFAR, hot: "fault" };
  const asked = ACCESS.has(stage?.kind) ? stage.args?.address : stage?.ctx === "hw" ? walked(state) : undefined;
  if (typeof asked === "number") return { address: asked, hot: "next" };
  return { address: fault ? fault.address : null, hot: null };
}

/** The access that the hardware is translating: the program's last load or store. @param {any} state */
function walked({ stages, cursor, stage, rows }) {
  for (let n = cursor; stages && n >= 0 && n > cursor - 24; n -= 1) {
    if (ACCESS.has(stages[n].kind)) return stages[n].args?.address;
  }
  const probed = rows.tlb?.probe?.[0];
  return stage.args?.address ?? (typeof probed === "number" ? probed * 4096 : undefined);
}

/**
 * @param {Rows} rows @param {import("./rows.js").Kinds} sorted @param {string | undefined} mm @param {Focus} focus
 * @param {(index: number) => boolean} inFlight @returns {{page: PageCell, pte: PteCell}[]} the pages in view
 */
function cells(rows, sorted, mm, focus, inFlight) {
  const { inode, first, total, end } = focus;
  const cache = inode ? read.cacheOf(inode) : "";
  const frames = inode ? null : framesOf(sorted);
  const list = [];
  for (let index = first; index < Math.min(first + 64, total); index += 1) {
    const address = addressOf(focus, index);
    const entry = address === null ? { table: null, index: 0, words: null } : read.entryAt(sorted, mm, address);
    const page = frames
      ? ownPageCell(frames, index, entry.words)
      : pageCell(rows, cache, index, end, inFlight);
    const own = frames ? null : (page.row?.pfn ?? -1);
    list.push({ page, pte: pteCell(index, address, entry, own, mappingOf(focus, index)?.row) });
  }
  return list;
}

/** @param {Rows} rows @param {string | undefined} file @returns {Found | null} */
function raOf(rows, file) {
  if (!file) return null;
  const ref = `ra/${read.number(file)}`;
  return rows[ref] ? { ref, row: rows[ref] } : null;
}

/** The readahead state of a file that is open but not mapped. @param {Rows} rows
 *  @param {import("./rows.js").Kinds} sorted @param {string | null} inode */
function lastRa(rows, sorted, inode) {
  const file = sorted.file.filter(({ row }) => row.inode === inode).at(-1);
  return file ? raOf(rows, file.ref) : null;
}
