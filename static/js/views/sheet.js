// @ts-check
/** What every sheet shares: it opens and closes with the state, keeps the focus inside and gives it back. */

/**
 * @param {HTMLElement} root a <dialog>
 * @param {() => void} closed told when the reader closes it by any means
 * @param {AbortSignal} signal
 */
export function sheet(root, closed, signal) {
  const dialog = /** @type {HTMLDialogElement} */ (root);
  let wanted = false;
  // The event comes a moment after the closing: by then another sheet may be wanted, or this one again.
  dialog.addEventListener("close", () => wanted && !dialog.open && closed(), { signal });
  dialog.addEventListener(
    "click",
    (event) => {
      const target = /** @type {Element} */ (event.target);
      // A click on the dialog itself is one beside its content, on the backdrop.
      if (target === dialog || target.closest("[data-close]")) dialog.close();
    },
    { signal },
  );
  return (/** @type {boolean} */ open) => {
    wanted = open;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  };
}
