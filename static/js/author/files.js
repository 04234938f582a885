// @ts-check
/** The files of the lesson as tabs: arrows move between them, a dot marks what is not saved, a number what is wrong. */

import { attr, h, join, text } from "../dom.js";

/** @param {HTMLElement} root @param {(name: string) => void} choose */
export function createFiles(root, choose) {
  root.addEventListener("keydown", (event) => {
    const tabs = /** @type {HTMLElement[]} */ ([...root.children]);
    const here = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (here < 0 || !way) return;
    event.preventDefault();
    const next = tabs[(here + way + tabs.length) % tabs.length];
    next.focus();
    choose(next.dataset.file ?? "");
  });

  /** @param {string[]} names @param {string} open @param {string[]} wrong a file's name for each problem @param {(name: string) => boolean} changed */
  return (names, open, wrong, changed) =>
    join(root, names, (name) => name,
      (name) => h("button", { type: "button", role: "tab", class: "author-file", "data-file": name, "data-testid": `author-file-${name}`,
        "aria-controls": "author-editor", onClick: () => choose(name) }, h("span", {}), h("small", { class: "author-count" })),
      (tab, name) => {
        const count = wrong.filter((each) => each === name).length;
        attr(tab, "aria-selected", String(name === open));
        attr(tab, "tabindex", name === open ? 0 : -1);
        attr(tab, "title", changed(name) ? `${name}, not saved` : name);
        text(tab.firstElementChild, changed(name) ? `${name} •` : name);
        text(tab.lastElementChild, count || "");
      });
}
