// @ts-check
/** The files of the scene: name, whole pages and bytes beyond them, a row for each. */

import { h } from "../../dom.js";

/** @typedef {import("../../scene.js").SceneFile} SceneFile */

/** @param {HTMLElement} list @param {HTMLElement} add @param {() => void} changed @param {AbortSignal} signal */
export function createFileRows(list, add, changed, signal) {
  /** @param {HTMLElement} row @param {string} part @returns {HTMLInputElement} */
  const input = (row, part) => /** @type {HTMLInputElement} */ (row.querySelector(`[data-part=${part}]`));
  const rows = () => /** @type {HTMLElement[]} */ ([...list.children]);

  /** @param {string} part @param {string} label @param {string | number} value */
  const field = (part, label, value) =>
    h(
      "label",
      {},
      h("span", {}, label),
      h("input", { "data-part": part, value, autocomplete: "off", inputmode: part === "name" ? "text" : "numeric", "data-testid": `settings-file-${part}` }),
    );

  /** @param {SceneFile} file */
  function row({ name, pages, bytes }) {
    const node = h("li", { class: "field file-row" }, field("name", "Name", name), field("pages", "Pages", pages), field("bytes", "+ bytes", bytes));
    const remove = () => {
      const next = node.nextElementSibling ?? add;
      node.remove();
      changed();
      /** @type {HTMLElement} */ (next.querySelector("input") ?? next).focus();
    };
    node.append(h("button", { type: "button", class: "button square quiet", "aria-label": `Remove ${name || "this file"}`, onClick: remove }, "×"));
    return node;
  }

  list.addEventListener("input", changed, { signal });
  add.addEventListener(
    "click",
    () => {
      list.append(row({ name: "", pages: 1, bytes: 0 }));
      input(rows().at(-1) ?? list, "name").focus();
      changed();
    },
    { signal },
  );

  /** @param {string} text */
  const number = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : NaN);

  return {
    /** @param {SceneFile[]} files */
    fill: (files) => list.replaceChildren(...files.map(row)),
    /** @returns {SceneFile[]} */
    read: () =>
      rows().map((node) => ({
        name: input(node, "name").value.trim(),
        pages: number(input(node, "pages").value),
        bytes: number(input(node, "bytes").value || "0"),
      })),
    /** Where to look when something is wrong. */
    first: () => /** @type {HTMLElement} */ (list.querySelector("input") ?? add),
  };
}
