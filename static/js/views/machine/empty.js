// @ts-check
/** Before the first run: the rows at their places, empty, and the way to fill them. */

import { s } from "./draw.js";
import { left } from "./geometry.js";
import { PAGE_HEIGHT, PTE_HEIGHT } from "./sizes.js";
import { gutter, rowHead } from "./glyphs.js";

/** @typedef {import("./geometry.js").Geometry} Geometry */

/** @param {Geometry} geo @returns {import("./draw.js").Drawn[]} */
export function emptyMachine(geo) {
  const [block] = geo.blocks;
  const heads = /** @type {const} */ ([
    ["pt", "Page table", block.pte + 9, block.head, 16],
    ["pc", "Page cache", block.page + 14, block.cacheHead, 26],
    ["io", "Disk", (block.disk ?? 0) + 11, block.diskHead, 24],
  ]);
  return [
    s(
      "g",
      { class: "m-empty", key: "empty" },
      heads.map(([tone, name, y, head, bar]) =>
        head === null
          ? gutter({ tone, name, note: "", y, bar })
          : rowHead({ tone, name, note: "", y: head, x: 0, right: geo.right }),
      ),
      geo.strip &&
        gutter({
          y: geo.strip.y + 11,
          tone: "",
          name: "Address space",
          note: geo.tight ? "not to scale" : "4 GiB, not to scale",
        }),
      geo.strip && space(geo, geo.strip),
      Array.from({ length: block.count }, (_, n) => [
        s("rect", {
          class: "m-void",
          key: `t${n}`,
          x: left(geo, block, n) + 2,
          y: block.pte + 0.5,
          width: geo.column - 4,
          height: PTE_HEIGHT - 1,
          rx: 2,
        }),
        s("rect", {
          class: "m-void",
          key: `c${n}`,
          x: left(geo, block, n) + 1.5,
          y: block.page + 0.5,
          width: geo.column - 3,
          height: PAGE_HEIGHT - 1,
          rx: 2,
        }),
      ]),
      s("rect", {
        class: "m-void",
        key: "disk",
        x: geo.gutter + 0.5,
        y: (block.disk ?? 0) + 0.5,
        width: geo.right - geo.gutter - 1,
        height: 26,
        rx: 3,
      }),
    ),
  ];
}

/** The program, nothing mapped, the kernel. @param {Geometry} geo @param {{y: number, h: number}} strip */
function space(geo, strip) {
  const kernel = 146;
  const middle = strip.y + strip.h / 2;
  const box = (/** @type {number} */ x, /** @type {number} */ w, /** @type {string} */ name) =>
    s(
      "g",
      { class: "m-vma", key: name, "data-state": name === "prog" ? "anon" : "kernel" },
      s("rect", { class: "m-box", x: x + 0.5, y: strip.y + 0.5, width: w - 1, height: strip.h - 1, rx: 2 }),
      s("text", { class: "m-vma-name", x: x + w / 2, y: strip.y + 17, "text-anchor": "middle" }, name),
    );
  return [
    box(geo.gutter, 56, "prog"),
    s("path", { class: "m-gap", d: `M${geo.gutter + 60} ${middle}H${geo.right - kernel - 4}` }),
    box(geo.right - kernel, kernel, "kernel, 0xc0000000 and up"),
  ];
}
