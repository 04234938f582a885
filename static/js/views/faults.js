// @ts-check
/** The faults so far, in user mode: what each tried, set, read, and how the kernel counted it. */

import { attr, h, join, must, text } from "../dom.js";
import { duration, hex } from "../format.js";
import { ranges } from "../ranges.js";
import { markIcon } from "./time/mark.js";

const SHOWN = 60;

/** @typedef {import("../select.js").State} State */
/** @typedef {import("../faults.js").Fault} Fault */

/** @param {Fault} fault @returns {string[]} */
const cells = (fault) => [
  hex(fault.address),
  fault.around ? `${fault.around[0]}-${fault.around[1]}` : "none",
  fault.set.length ? `${fault.set.length} (${ranges(fault.set)})` : fault.mapped ? String(fault.mapped) : "none",
  fault.read === 0 ? "none" : fault.read === 1 ? "1 page" : `${fault.read} pages`,
  `${fault.attempts}${fault.results.length ? `: ${fault.results.map((one) => one.replaceAll("VM_FAULT_", "").replaceAll("|", " ")).join(", ")}` : ""}`,
  fault.major === null ? "not counted" : fault.major ? "major" : "minor",
  duration(fault.tEnd - fault.t),
];

/** @param {HTMLElement} root @param {{dispatch: (action: any) => void}} tools */
export function create(root, { dispatch }) {
  const body = must(root, "tbody");
  const table = must(root, "table");
  const empty = must(root, "[data-testid=kernel-faults-empty]");
  const note = must(root, "[data-testid=kernel-faults-note]");

  /** @param {Fault} fault */
  const row = (fault) =>
    h(
      "tr",
      { "data-testid": `kernel-fault-${fault.k}` },
      h("td", {}, markIcon(fault.major ? "major" : "minor")),
      h(
        "td",
        {},
        h(
          "button",
          {
            type: "button",
            class: "link mono",
            "aria-label": `Fault ${fault.k}, page ${fault.page ?? "none"}`,
            onClick: () => dispatch({ type: "goto", n: fault.n }),
          },
          fault.page === null ? "no file" : fault.page,
        ),
      ),
      ...cells(fault).map((one, i, all) =>
        h("td", { class: i === all.length - 1 ? "num mono" : i === 4 || i === 5 || i === 3 ? null : "mono" }, one),
      ),
    );

  return (/** @type {State} */ { faults, cursor, frames }) => {
    if (frames.length) return;
    const over = faults.filter((fault) => fault.end >= 0 && fault.end <= cursor);
    join(body, over.slice(-SHOWN), (fault) => `${fault.k} ${fault.n}`, row);
    table.hidden = over.length === 0;
    attr(note, "hidden", over.length === 0);
    text(note, over.length > SHOWN ? `the last ${SHOWN} of ${over.length}` : "select one to go there");
    text(empty, over.length === 0 ? "No fault yet." : "");
  };
}
