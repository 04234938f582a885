// @ts-check
/** The overview strip over the columns: canvas, the movable band, and its keyboard. */

import { paint, signature } from "./overview.js";
import { isHeld } from "./focus.js";

/**
 * @typedef {import("./select.js").View} View
 * @typedef {import("./geometry.js").Geometry} Geometry
 */

/**
 * @param {HTMLElement} host
 * @param {{hold: (band: {run: unknown, inode: string, first: number} | null) => void, signal: AbortSignal}} wires
 */
export function createBand(host, { hold, signal }) {
  const canvas = document.createElement("canvas");
  const band = document.createElement("div");
  band.className = "m-band";
  band.tabIndex = 0;
  band.setAttribute("role", "slider");
  band.setAttribute("aria-label", "Pages shown");
  band.dataset.testid = "machine-band";
  host.append(canvas, band);
  /** @type {View | null} */
  let shown = null;
  /** @type {unknown[]} */
  let painted = [];

  /** Show 64 pages from *first*, a multiple of 32. @param {number} first */
  const moveTo = (first) => {
    if (!shown?.focus.inode) return;
    const last = Math.ceil(shown.focus.total / 32) * 32 - 64;
    hold({
      run: shown.state.run?.run,
      inode: shown.focus.inode,
      first: Math.min(Math.max(Math.round(first / 32) * 32, 0), last),
    });
  };

  host.addEventListener(
    "pointerdown",
    (event) => {
      host.setPointerCapture(event.pointerId);
      drag(event);
    },
    { signal },
  );
  host.addEventListener("pointermove", (event) => host.hasPointerCapture(event.pointerId) && drag(event), { signal });
  host.addEventListener("dblclick", () => hold(null), { signal });
  band.addEventListener(
    "keydown",
    (event) => {
      if (!shown) return;
      const { first, total } = shown.focus;
      if (event.key === "Escape") hold(null);
      const to = {
        ArrowLeft: first - 32,
        ArrowRight: first + 32,
        PageUp: first - 256,
        PageDown: first + 256,
        Home: 0,
        End: total,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      moveTo(to);
    },
    { signal },
  );

  /** @param {PointerEvent} event */
  function drag(event) {
    const box = host.getBoundingClientRect();
    if (shown) moveTo(((event.clientX - box.left) / box.width) * shown.focus.total - 32);
  }

  return (/** @type {View} */ view, /** @type {Geometry} */ geo) => {
    shown = view;
    host.hidden = !geo.overview;
    if (!geo.overview) return;
    const width = geo.right - geo.gutter;
    host.style.setProperty("left", `${geo.gutter}px`);
    host.style.setProperty("top", `${geo.overview.y}px`);
    host.style.setProperty("width", `${width}px`);
    host.style.setProperty("height", `${geo.overview.h}px`);
    const now = [width, ...signature(view)];
    if (now.length !== painted.length || now.some((part, n) => part !== painted[n])) {
      paint(canvas, view, width, geo.overview.h);
      painted = now;
    }
    const { first, total } = view.focus;
    const last = Math.min(first + 63, total - 1);
    const held = isHeld(view.state, view.focus);
    band.dataset.held = held ? "yes" : "no";
    host.title = held
      ? "Held here; double-click or Escape to follow the faults again"
      : "The whole file; drag to look elsewhere";
    band.style.setProperty("left", `${(first / total) * 100}%`);
    band.style.setProperty("width", `${((last - first + 1) / total) * 100}%`);
    band.setAttribute("aria-valuemin", "0");
    band.setAttribute("aria-valuemax", String(total - 1));
    band.setAttribute("aria-valuenow", String(first));
    band.setAttribute("aria-valuetext", `pages ${first} to ${last} of ${total}`);
  };
}
