// @ts-check
/** The machine as text: the same state as tables of ranges, for screen readers, for print, for copying. */

import { decodeFaultStatus, hex, range } from "./decode.js";
import { diskWords } from "./disk.js";
import { h } from "./draw.js";
import { faultWords } from "./header.js";
import { LISTS, lists } from "./lru.js";
import { readings } from "./gauge.js";
import { taskName } from "./tasks.js";
import { framesOf, ownPageCell } from "./anonymous.js";
import { pageCell, pteCell } from "./cells.js";
import { cacheOf, entryAt, number } from "./rows.js";
import { addressOf, mappingOf } from "./focus.js";
import { VECTORS, mapsLine } from "./maps.js";
import { tlbEntries } from "./cards/tlb.js";

/** @typedef {import("./select.js").View} View */

/** Neighbours that read the same become one line. @param {{index: number, words: string}[]} list
 *  @returns {[string, string][]} range and words */
export function ranges(list) {
  /** @type {{first: number, last: number, words: string}[]} */
  const runs = [];
  for (const { index, words } of list) {
    const run = runs.at(-1);
    if (run && run.words === words && run.last === index - 1) run.last = index;
    else runs.push({ first: index, last: index, words });
  }
  return runs.map(({ first, last, words }) => [range(first, last), words]);
}

/** @param {string} name @returns {string} what follows the first comma of a cell's name */
const words = (name) => name.slice(name.indexOf(", ") + 2);

/** @param {View} view @returns {{pages: [string, string][], ptes: [string, string][]}} */
export function pageRanges(view) {
  const { focus, rows, sorted } = view;
  const pages = [];
  const ptes = [];
  const frames = focus.inode ? null : framesOf(sorted);
  for (let index = 0; index < focus.total; index += 1) {
    const address = addressOf(focus, index);
    const entry = address === null ? { table: null, index: 0, words: null } : entryAt(sorted, view.task.mm, address);
    const page = frames
      ? ownPageCell(frames, index, entry.words)
      : pageCell(rows, cacheOf(focus.inode ?? ""), index, focus.end, view.inFlight);
    pages.push({ index, words: words(page.name) });
    ptes.push({ index, words: words(pteCell(index, address, entry, frames ? null : (page.row?.pfn ?? -1), mappingOf(focus, index)?.row).name) });
  }
  return { pages: ranges(pages), ptes: ranges(ptes) };
}

/** @param {string} caption @param {string[]} heads @param {(string | number)[][]} lines */
const table = (caption, heads, lines) =>
  h(
    "table",
    { key: caption },
    h("caption", {}, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    h(
      "tbody",
      {},
      lines.map((line, n) =>
        h(
          "tr",
          { key: n },
          line.map((cell) => h("td", {}, cell)),
        ),
      ),
    ),
  );

/** @param {View} view @returns {import("./draw.js").Drawn[]} */
export function asText(view) {
  const { rows, focus, ra, fault } = view;
  const { pages, ptes } = pageRanges(view);
  const members = lists(view);
  const status = fault ? decodeFaultStatus(rows.cpu.DFSR).words : "no fault so far";
  return [
    table(
      "Processor",
      ["Register", "Value"],
      [
        ["Mode", rows.cpu.mode],
        ["Fault", faultWords(view)],
        ["DFAR", `0x${hex(rows.cpu.DFAR ?? 0)}`],
        ["DFSR", `0x${hex(rows.cpu.DFSR ?? 0, 3)}, ${status}`],
        ["TTBR0", `0x${hex(rows.cpu.TTBR0 ?? 0)}`],
      ],
    ),
    table(
      "Page directory",
      ["Slot", "First-level words"],
      Object.entries(rows[rows[view.task.mm]?.pgd] ?? {})
        .filter(([slot, pair]) => Array.isArray(pair) && Number(slot) < 1528)
        .map(([slot, pair]) => [slot, pair.map((/** @type {number} */ word) => hex(word)).join(" ")]),
    ),
    table(
      "Address space, as in /proc/self/maps",
      ["Mapping"],
      [...view.vmas.map((found) => [mapsLine(view, found)]), [VECTORS]],
    ),
    focus.total > 0 && table(`Page table of ${focus.name}`, ["Pages", "PTE"], ptes),
    focus.total > 0 && table(`${focus.inode ? "Page cache" : "Pages"} of ${focus.name}`, ["Pages", "State"], pages),
    table(
      "Windows",
      ["Window", "Pages"],
      [
        [
          "Fault-around",
          fault?.active && fault.around
            ? `${range(fault.around[0], fault.around[1])}, ${fault.mapped ?? 0} PTEs set`
            : "none",
        ],
        [
          "Readahead",
          ra && ra.row.size > 0 ? `start ${ra.row.start}, size ${ra.row.size}, async ${ra.row.async_size}` : "none",
        ],
      ],
    ),
    table(
      `Disk: ${diskWords(view)}`,
      ["Request", "Pages", "State"],
      view.sorted.bio.map(({ ref, row }) => [
        `bio ${number(ref)}, ${row.op}, sector ${row.sector} + ${row.nr_sectors}`,
        range(row.pages[0], row.pages[1]),
        row.state,
      ]),
    ),
    table(
      "TLB",
      ["Virtual page", "Frame and rights", "State"],
      tlbEntries(view).entries.map((entry) => [
        hex(entry.vpn, 5),
        [entry.pfn ? hex(entry.pfn, 5) : "", entry.rights].join(" ").trim(),
        entry.asid === null ? entry.state : `${entry.state}, of ASID ${entry.asid}`,
      ]),
    ),
    table(
      "LRU lists",
      ["List", "Pages"],
      Object.entries(members).map(([name, list]) => [LISTS[/** @type {import("./lru.js").ListName} */ (name)].name, list.length]),
    ),
    table(
      "Memory",
      ["Measure", "Value"],
      [["free pages", rows.vmstat?.nr_free_pages ?? 0], ...readings(view).map(({ name, words }) => [name, words])],
    ),
    view.sorted.task.length + view.sorted.kthread.length > 1 &&
      table(
        "Tasks",
        ["Task", "State"],
        [...view.sorted.task, ...view.sorted.kthread].map((task) => [
          taskName(task),
          task.row.waiting ? `${task.row.state}, waits for ${task.row.waiting}` : task.row.state,
        ]),
      ),
  ].filter((part) => part !== null && part !== "");
}
