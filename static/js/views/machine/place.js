// @ts-check
/** Where the pin card stands: at the far side of its column, so that the column and its neighbours stay in view. */

import { blockOf, middle } from "./geometry.js";

const WIDTH = 280;

/**
 * @param {HTMLElement} card @param {import("./geometry.js").Geometry} geo
 * @param {{index: number | null} | null} pinned
 */
export function placeCard(card, geo, pinned) {
  if (!pinned) {
    if (card.hasAttribute("style")) card.removeAttribute("style");
    return;
  }
  const { index } = pinned;
  const block = (index !== null && blockOf(geo, index)) || geo.blocks[0];
  const x = index === null ? geo.gutter : middle(geo, block, Math.max(index, block.first));
  const left = x < geo.width / 2 ? geo.width - WIDTH : geo.gutter;
  card.style.setProperty("left", `${geo.phone ? (geo.width - WIDTH) / 2 : left}px`);
  card.style.setProperty("top", `${geo.phone ? (block.disk ?? 0) : geo.cards.h + 8}px`);
}
