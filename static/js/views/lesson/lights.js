// @ts-check
/**
 * Outlines around what the lesson speaks of, wherever the page draws it.
 *
 * They lie in a layer of the lesson pane's own, above the page and out of the pointer's way: no other pane needs to
 * know of them.  They follow the drawing when it settles, when the window changes and when anything scrolls.
 */

import { h, join } from "../../dom.js";
import { elementsOf, hueOf } from "./objects.js";

const MARGIN = 3;

/** @typedef {{name: string, hue: string, strong: boolean}} Light */

/** @param {HTMLElement} layer @param {AbortSignal} signal */
export function createLights(layer, signal) {
  /** @type {Light[]} what the step lights up */
  let lit = [];
  /** @type {Light[]} what the reader points at in the text */
  let named = [];
  let frame = 0;

  function draw() {
    frame = 0;
    const wanted = [...lit.filter(({ name }) => !named.some((light) => light.name === name)), ...named];
    const boxes = wanted.flatMap((light) => {
      const box = around(elementsOf(document, light.name));
      return box ? [{ ...light, box }] : [];
    });
    join(layer, boxes, ({ name }) => name, () => h("div", { class: "light" }), (node, { name, hue, strong, box }) => {
      node.dataset.light = name;
      node.dataset.hue = hue;
      node.toggleAttribute("data-strong", strong);
      node.style.transform = `translate(${box.left}px, ${box.top}px)`;
      node.style.width = `${box.right - box.left}px`;
      node.style.height = `${box.bottom - box.top}px`;
    });
  }

  /** Draw once the other panes have drawn. */
  function soon() {
    if (!frame) frame = requestAnimationFrame(draw);
  }

  // The machine measures its room first, and draws in the frame after.
  addEventListener("resize", () => requestAnimationFrame(() => requestAnimationFrame(soon)), { signal });
  addEventListener("scroll", soon, { signal, capture: true, passive: true });
  document.addEventListener("pagewalk:settled", soon, { signal });
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));

  return {
    /** What the step lights up. @param {string[]} names */
    step(names) {
      lit = names.map((name) => ({ name, hue: hueOf(name), strong: false }));
      soon();
    },
    /**
     * What a mark names while the reader points at it; null when no more.
     * @param {string | null} name @param {string} [hue]
     */
    mark(name, hue = "") {
      named = name ? [{ name, hue: hue || hueOf(name), strong: true }] : [];
      soon();
    },
    soon,
  };
}

/** The box around elements that can be seen, with a margin. @param {Element[]} elements */
function around(elements) {
  const boxes = elements
    .map((element) => element.getBoundingClientRect())
    .filter(({ width, height }) => width > 0 && height > 0);
  if (boxes.length === 0) return null;
  return {
    left: Math.min(...boxes.map(({ left }) => left)) - MARGIN,
    top: Math.min(...boxes.map(({ top }) => top)) - MARGIN,
    right: Math.max(...boxes.map(({ right }) => right)) + MARGIN,
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)) + MARGIN,
  };
}
