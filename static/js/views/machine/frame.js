// @ts-check
/** The standing parts of the pane, and putting a drawing into one of them. */

import { h, join, s } from "./draw.js";

/** What each part showed last. @type {WeakMap<Element, import("./draw.js").Drawn[]>} */
const showing = new WeakMap();

/** @param {Element} part @param {import("./draw.js").Drawn[]} drawn */
export function show(part, drawn) {
  join(part, showing.get(part) ?? [], drawn);
  showing.set(part, drawn);
}

/** @param {SVGSVGElement} svg @param {import("./geometry.js").Geometry} geo */
export function size(svg, { width, height }) {
  if (svg.getAttribute("viewBox") === `0 0 ${width} ${height}`) return;
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
}

/** @param {HTMLElement} root */
export function build(root) {
  /** @type {Record<string, import("./draw.js").Drawn>} */
  const drawn = {
    head: h("header", { class: "m-head" }),
    stage: h(
      "div",
      { class: "m-stage" },
      s("svg", { class: "m-svg", role: "group", "aria-label": "State of the machine" }),
      s("svg", { class: "m-fx", "aria-hidden": "true" }),
      h("div", { class: "m-overview", hidden: true }),
      h(
        "div",
        { class: "m-call" },
        h("p", {}, "Run the program to see its first fault"),
        h("button", { type: "button", class: "button primary m-run", "data-testid": "machine-run" }, "Run"),
      ),
      h("p", { class: "m-words", hidden: true, "aria-hidden": "true", "data-testid": "machine-words" }),
      h("aside", { class: "m-pin", hidden: true, "aria-label": "Pinned", "data-testid": "machine-pin" }),
      h("div", {
        class: "m-text",
        hidden: true,
        tabindex: "0",
        role: "region",
        "aria-label": "Machine as text",
        "data-testid": "machine-text",
      }),
    ),
  };
  join(root, [], Object.values(drawn));
  const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  return {
    root,
    head: find(".m-head"),
    svg: /** @type {SVGSVGElement} */ (/** @type {unknown} */ (find(".m-svg"))),
    overlay: /** @type {SVGSVGElement} */ (/** @type {unknown} */ (find(".m-fx"))),
    overview: find(".m-overview"),
    run: find(".m-run"),
    words: find(".m-words"),
    card: find(".m-pin"),
    text: find(".m-text"),
  };
}
