// @ts-check
/** The drawing: every row at its place, in the order in which one lies over the other. */

import { arrow } from "./cards/card.js";
import { cpuCard } from "./cards/cpu.js";
import { pgdCard } from "./cards/pgd.js";
import { pteCard } from "./cards/pte.js";
import { tlbCard } from "./cards/tlb.js";
import { callout } from "./callout.js";
import { defs } from "./defs.js";
import { depthLine } from "./depthline.js";
import { bios } from "./bios.js";
import { diskCells, diskHead, extent } from "./disk.js";
import { s } from "./draw.js";
import { tabStop } from "./grid.js";
import { lens } from "./lens.js";
import { lruRow } from "./lrurow.js";
import { endOfFile, pageCacheCells, pageCacheHead } from "./pagecache.js";
import { axis } from "./axis.js";
import { pageTableCells, pageTableHead } from "./pagetable.js";
import { folded } from "./folded.js";
import { segments } from "./segments.js";
import { strip } from "./strip.js";
import { aroundWindow, readaheadWindows } from "./windows.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {ReturnType<typeof import("./memory.js").memory>} Remember
 * @typedef {{remember: Remember, steadily: ReturnType<typeof import("./memory.js").steady>}} Memory
 */

/**
 * @param {View} view @param {Geometry} geo @param {import("./grid.js").Stop | null} held @param {Memory} memory
 * @returns {import("./draw.js").Drawn[]}
 */
export function scene(view, geo, held, { remember, steadily }) {
  const list = geo.strip ? segments(view, geo) : [];
  const stop = tabStop(view, held);
  const each = (/** @type {(block: import("./geometry.js").Block) => any} */ draw) => geo.blocks.map(draw);
  const role = (/** @type {string} */ name, /** @type {any[][]} */ kids) => {
    const flat = kids.flat();
    if (flat.length === 0) return null;
    return steadily(name, flat, () => s("g", { role: "row", key: name, "aria-label": name }, flat));
  };
  return [
    defs,
    s(
      "g",
      { class: "m-cards", key: "cards" },
      cpuCard(view, geo),
      tlbCard(view, geo),
      pgdCard(view, geo),
      pteCard(view, geo),
      arrows(view, geo),
    ),
    lens(view, geo, list),
    each((block) => extent(view, geo, block)),
    depthLine(view, geo, list),
    strip(view, geo, list) ?? false,
    s(
      "g",
      { class: "m-heads", key: "heads" },
      each((block) => [pageTableHead(view, geo, block), pageCacheHead(view, geo, block), diskHead(view, geo, block)]),
    ),
    s(
      "g",
      { class: "m-bios", key: "bios" },
      each((block) => bios(view, geo, block)),
    ),
    lruRow(view, geo, remember),
    folded(view, geo),
    s(
      "g",
      { class: "m-windows", key: "windows" },
      each((block) => [aroundWindow(view, geo, block), readaheadWindows(view, geo, block)]),
    ),
    s(
      "g",
      { role: "grid", class: "m-grid", key: "grid", "aria-label": `Pages of ${view.focus.name || "no file"}` },
      role(
        "Page table",
        each((block) => pageTableCells(view, geo, block, stop, remember)),
      ),
      role(
        "Page cache",
        each((block) => pageCacheCells(view, geo, block, stop, remember)),
      ),
      role(
        "Disk",
        each((block) => diskCells(view, geo, block, stop, remember)),
      ),
    ),
    each((block) => [axis(view, geo, block), endOfFile(view, geo, block)]),
    callout(view, geo),
  ]
    .flat(3)
    .filter((part) => part !== null && part !== false);
}

/** @param {View} view @param {Geometry} geo */
function arrows(view, geo) {
  const { tlb, pgd, pte, tall } = geo.cards;
  const hot = view.access.hot === "fault" ? "fault" : view.state.stage?.ctx === "hw" ? "next" : null;
  return [tlb, pgd, pte].map((box) => box && arrow(box.x - 18, tall ? 20 : 18, hot));
}
