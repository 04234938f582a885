// @ts-check
/** The mouse and the finger: a click pins what it hits. */

/**
 * @param {{svg: SVGSVGElement, card: HTMLElement, root: HTMLElement}} parts
 * @param {{pin: (ref: string | null) => void, signal: AbortSignal}} wires
 */
export function pointer({ svg, card, root }, { pin, signal }) {
  /** @param {EventTarget | null} target */
  const placed = (target) =>
    /** @type {SVGElement | null} */ (/** @type {Element} */ (target)?.closest?.("[data-pin]") ?? null);

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
