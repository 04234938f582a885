// @ts-check
/** The reference page: the key to the machine's signs, drawn by the machine's own code; bit tables; the functions. */

import { must } from "../dom.js";
import { h, join } from "../views/machine/draw.js";
import { bitTables, flagTables, statusTable } from "./reference/bits.js";
import { functionTables } from "./reference/functions.js";
import { keyTables } from "./reference/key.js";

export async function reference() {
  const root = document.querySelector("[data-part=reference]");
  if (!root) return;
  const put = (/** @type {string} */ part, /** @type {any[]} */ drawn) => join(must(root, `[data-part=${part}]`), [], drawn);
  put("key", keyTables());
  put("status", [statusTable()]);
  put("bits", bitTables());
  put("flags", flagTables());
  const response = await fetch("/model.json");
  if (!response.ok) {
    put("functions", [h("p", { role: "alert" }, `The list of functions did not arrive (${response.status}). Reload the page.`)]);
    return;
  }
  put("functions", functionTables((await response.json()).functions));
}
