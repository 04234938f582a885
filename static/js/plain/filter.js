// @ts-check
/** The search of the catalogue: lessons whose words hold every word that is typed. */

export function filter() {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-testid=home-search]"));
  if (!field) return;
  const cards = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-card]")]);
  const none = /** @type {HTMLElement} */ (document.querySelector("[data-testid=home-none]"));

  function apply() {
    const words = field?.value.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
    for (const card of cards) {
      const text = card.textContent?.toLowerCase() ?? "";
      card.hidden = !words.every((word) => text.includes(word));
    }
    for (const unit of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-unit]")))
      unit.hidden = !unit.querySelector("[data-card]:not([hidden])");
    const found = cards.filter((card) => !card.hidden).length;
    none.textContent = found ? "" : `No lesson speaks of “${field?.value.trim()}”.`;
  }

  field.addEventListener("input", apply);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
  apply();
}
