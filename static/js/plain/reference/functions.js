// @ts-check
/** Every modelled function with its first sentence, by the file of Linux that it stands in. */

import { h } from "../../views/machine/draw.js";

const KERNEL = "https://elixir.bootlin.com/linux/v5.10.223/source/";

/** @param {string} doc @returns {string} */
const firstSentence = (doc) => doc.split("\n\n")[0].replace(/\s+/g, " ").split(/(?<=[.;])\s/)[0].replaceAll("`", "");

/** @param {Record<string, any>} functions @returns {import("../../views/machine/draw.js").Drawn[]} */
export function functionTables(functions) {
  /** @type {Map<string, [string, any][]>} */
  const files = new Map();
  for (const [name, entry] of Object.entries(functions)) {
    const file = entry.hardware ? "hardware" : entry.file;
    files.set(file, [...(files.get(file) ?? []), [name, entry]]);
  }
  return [...files]
    .sort(([a], [b]) => (a === "hardware" ? -1 : b === "hardware" ? 1 : a < b ? -1 : 1))
    .map(([file, entries]) =>
      h(
        "section",
        { class: "functions", key: file },
        h("h3", {}, file === "hardware" ? "Hardware, not kernel code" : h("a", { href: KERNEL + file, rel: "noreferrer" }, file)),
        h(
          "dl",
          {},
          entries.map(([name, entry]) =>
            h("div", { key: name, id: `fn-${name}` }, h("dt", { class: "mono" }, name), h("dd", {}, firstSentence(entry.doc ?? ""))),
          ),
        ),
      ),
    );
}
