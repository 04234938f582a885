// @ts-check
/** The mouse and the finger: hovering lights a page everywhere, a click pins what it hits. */

/**
 * @param {{svg: SVGSVGElement, card: HTMLElement, root: HTMLElement}} parts
 * @param {{pin: (ref: string | null) => void, hover: (ref: string | null) => void, signal: AbortSignal}} wires
 */
export function pointer({ svg, card, root }, { pin, hover, signal }) {
  let lit = /** @type {string | null} */ (null);

  /** @param {EventTarget | null} target */
  const placed = (target) =>
    /** @type {SVGElement | null} */ (/** @type {Element} */ (target)?.closest?.("[data-pin]") ?? null);

  /** @param {string | null} ref */
  function light(ref) {
    if (ref === lit) return;
    lit = ref;
    hover(ref);
  }

  svg.addEventListener(
    "pointerover",
    (event) => {
      const cell = placed(event.target);
      light(cell?.classList.contains("m-cell") ? (cell.dataset.pin ?? null) : null);
    },
    { signal },
  );
  svg.addEventListener("pointerleave", () => light(null), { signal });
  svg.addEventListener(
    "focusin",
    (event) => {
      const cell = placed(event.target);
      if (cell?.classList.contains("m-cell")) light(cell.dataset.pin ?? null);
    },
    { signal },
  );
  svg.addEventListener("focusout", () => light(null), { signal });
  svg.addEventListener(
    "click",
    (event) => {
      const hit = placed(event.target);
      if (!hit) return;
      pin(hit.hasAttribute("data-pinned") ? null : (hit.dataset.pin ?? null));
    },
    { signal },
  );
  card.addEventListener(
    "click",
    (event) => {
      if (/** @type {Element} */ (event.target).closest(".m-unpin")) pin(null);
    },
    { signal },
  );
  root.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && !card.hidden) pin(null);
    },
    { signal },
  );
}
