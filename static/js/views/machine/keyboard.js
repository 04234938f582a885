// @ts-check
/** Moving in the grid: arrows keep to the row or the column, Enter pins, Escape lets go. */

/**
 * @param {Element} grid the svg with the cells
 * @param {{pin: (ref: string | null) => void, focused: (stop: import("./grid.js").Stop) => void,
 *   signal: AbortSignal}} wires
 */
export function keyboard(grid, { pin, focused, signal }) {
  const rows = /** @type {const} */ (["pte", "page", "disk"]);

  /** @param {string} row */
  const cellsOf = (row) => /** @type {SVGElement[]} */ ([...grid.querySelectorAll(`.m-cell[data-row=${row}]`)]);

  /** @param {string} row @param {number} index */
  function go(row, index) {
    const cells = cellsOf(row);
    const exact = cells.find((cell) => Number(cell.dataset.index) === index);
    const near =
      exact ??
      cells.sort((a, b) => Math.abs(Number(a.dataset.index) - index) - Math.abs(Number(b.dataset.index) - index))[0];
    near?.focus();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const cell = /** @type {Element} */ (event.target).closest?.(".m-cell, [data-pin]");
    if (!(cell instanceof SVGElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      pin(cell.hasAttribute("data-pinned") ? null : (cell.dataset.pin ?? null));
      event.preventDefault();
      event.stopPropagation();
    }
    if (!cell.dataset.row) return;
    const row = cell.dataset.row;
    const index = Number(cell.dataset.index);
    const at = rows.indexOf(/** @type {any} */ (row));
    const moves = /** @type {Record<string, () => void>} */ ({
      ArrowLeft: () => go(row, index - 1),
      ArrowRight: () => go(row, index + 1),
      ArrowUp: () => go(rows[Math.max(at - 1, 0)], index),
      ArrowDown: () => go(rows[Math.min(at + 1, 2)], index),
      Home: () => cellsOf(row)[0]?.focus(),
      End: () => cellsOf(row).at(-1)?.focus(),
      PageUp: () => go(row, index - 16),
      PageDown: () => go(row, index + 16),
    });
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  grid.addEventListener("keydown", (event) => key(/** @type {KeyboardEvent} */ (event)), { signal });
  grid.addEventListener(
    "focusin",
    (event) => {
      const cell = /** @type {Element} */ (event.target).closest(".m-cell");
      if (cell instanceof SVGElement)
        focused({ row: /** @type {any} */ (cell.dataset.row), index: Number(cell.dataset.index) });
    },
    { signal },
  );
}
