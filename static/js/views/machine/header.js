// @ts-check
/** The pane's head: mode, fault, and the counters a student compares. */

import { h } from "./draw.js";
import { processes, taskName } from "./tasks.js";
import { who } from "./who.js";

/** @typedef {import("./select.js").View} View */

const MODES = /** @type {Record<string, string>} */ ({ user: "user mode", kernel: "kernel mode", irq: "interrupt" });

/** @param {View} view @returns {string} "fault 1, attempt 1" while one is handled, else how many there were */
export function faultWords({ fault }) {
  if (!fault) return "no fault so far";
  if (fault.active) return fault.attempt > 0 ? `fault ${fault.n}, attempt ${fault.attempt}` : `fault ${fault.n}`;
  return fault.n === 1 ? "1 fault so far" : `${fault.n} faults so far`;
}

/**
 * @param {View} view @param {boolean} asText @param {{phone: boolean, lru: number | null}} geo
 * @returns {import("./draw.js").Drawn[]}
 */
export function header(view, asText, { phone, lru }) {
  const { rows, task, changes } = view;
  const mode = rows.cpu.mode ?? "user";
  const ref = view.taskRef;
  return [
    h("h2", { class: "m-title" }, "Machine"),
    h(
      "span",
      { class: "m-chip", "data-testid": "machine-origin", title: "Where these numbers come from" },
      view.state.run?.recorded ? `recorded, ${view.state.run.recorded}` : "model",
    ),
    h("span", { class: "m-chip m-mode", "data-testid": "machine-mode", "data-state": mode }, MODES[mode] ?? mode),
    ...runner(view),
    h(
      "span",
      {
        class: "m-chip m-fault",
        "data-testid": "machine-fault",
        "data-active": view.fault?.active || null,
        "data-fault": view.fault?.n ?? 0,
        "data-attempt": view.fault?.attempt ?? 0,
      },
      faultWords(view),
    ),
    h(
      "button",
      {
        type: "button",
        class: "m-text-toggle",
        "data-testid": "machine-as-text",
        "aria-pressed": asText ? "true" : "false",
      },
      phone ? "Text" : "As text",
    ),
    h(
      "dl",
      { class: "m-counters" },
      lru === null &&
        !phone && [
          counter("active", rows.lru?.active_file ?? 0, ["lru", "active_file"], changes, "m-spare"),
          counter("inactive", rows.lru?.inactive_file ?? 0, ["lru", "inactive_file"], changes, "m-spare"),
        ],
      counter("maj_flt", task.maj_flt ?? 0, [ref, "maj_flt"], changes),
      counter("min_flt", task.min_flt ?? 0, [ref, "min_flt"], changes),
      counter("pgmajfault", rows.vmstat?.pgmajfault ?? 0, ["vmstat", "pgmajfault"], changes, "m-rare"),
      counter("read", kibRead(view), ["vmstat", "pgpgin"], changes),
      lru !== null &&
        counter("refaults", rows.vmstat?.workingset_refault_file ?? 0, ["vmstat", "workingset_refault_file"], changes, "m-rare"),
    ),
  ];
}

/** Who runs, where that is a question: there are several processes, a kernel thread works, or nobody does.
 *  @param {View} view */
function runner({ running, sorted }) {
  const only = processes(sorted).length < 2 && !running?.ref.startsWith("kthread/");
  if (only && (running || processes(sorted).length === 0)) return [];
  const words = running ? taskName(running) : nobody(processes(sorted));
  return [h("span", { class: "m-chip m-runner", "data-testid": "machine-runner", "data-ref": running?.ref ?? null }, words)];
}

/** Why nobody runs. @param {import("./rows.js").Found[]} all @returns {string} */
function nobody(all) {
  const next = all.find(({ row }) => row.state === "runnable");
  if (next) return all.length > 1 ? `${taskName(next)} is next` : "runnable";
  return all.some(({ row }) => row.state === "sleeping") ? "all asleep" : "ended";
}

/** What submit_bio() has counted: asked of the disk, not yet arrived. @param {View} view */
const kibRead = ({ rows }) => `${rows.vmstat?.pgpgin ?? 0} KiB`;

/** @param {string} name @param {string | number} value @param {[ref: string, field: string]} of @param {View["changes"]} changes
 *  @param {"m-rare" | "m-spare"} [leave] which width of the pane leaves it out */
const counter = (name, value, of, changes, leave) =>
  h(
    "div",
    { class: leave ? `m-counter ${leave}` : "m-counter", key: name },
    h("dt", {}, name),
    h(
      "dd",
      { "data-testid": `machine-counter-${name}`, "data-changed": changes.has(...of) || null },
      h("button", { type: "button", class: "m-who", "data-who": who(...of), title: `Who changed ${name}?` }, value),
    ),
  );
