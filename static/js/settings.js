// @ts-check
/** The machine's settings: what each is called, where it may lie, and how it is shown on a chip. */

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {string} label
 * @property {string} unit
 * @property {boolean} power only powers of two
 * @property {boolean} whole only whole numbers
 * @property {number} default
 * @property {number} low
 * @property {number} high
 * @property {string} help
 */

/** The settings that have a name shorter or clearer than the model's own. @type {Record<string, string>} */
const LABELS = {
  read_ahead_kb: "Readahead",
  disk_request_us: "Disk, per request",
  disk_page_us: "Disk, per page",
  tlb_entries: "TLB",
  dirty_background_ratio: "Flusher starts at",
  dirty_ratio: "Writers wait at",
  dirty_writeback_centisecs: "Flusher looks every",
  dirty_expire_centisecs: "Dirty data is old after",
};
/** @type {Record<string, string>} */
const UNITS = { kb: "KiB", mib: "MiB", bytes: "bytes", us: "µs", ns: "ns", pages: "pages", entries: "entries", ratio: "%", centisecs: "1/100 s" };

/** The settings as the model states them: a new one appears by itself. @param {any} catalogue @returns {Setting[]} */
export const settingsOf = (catalogue) =>
  Object.entries(catalogue?.settings ?? {}).map(([name, stated]) => {
    const words = name.split("_");
    const unit = UNITS[words.at(-1) ?? ""] ?? "";
    const own = (unit ? words.slice(0, -1) : words).join("-");
    const label = LABELS[name] ?? own.charAt(0).toUpperCase() + own.slice(1);
    return { name, label, unit, power: /power of two/.test(stated.help), whole: stated.whole, ...stated };
  });

/** What is wrong with a value, as a sentence, or "". @param {Setting} setting @param {string} text */
export function wrong({ label, low, high, whole, power }, text) {
  const value = Number(text);
  const number = whole ? Number.isInteger(value) : Number.isFinite(value);
  if (text.trim() === "" || !number) return `${label} is a ${whole ? "whole " : ""}number, not "${text}".`;
  if (value < low || value > high) return `${label} lies between ${low} and ${high}, not at ${value}.`;
  if (power && (value & (value - 1)) !== 0) return `${label} is a power of two, not ${value}.`;
  return "";
}

/** @param {number} bytes */
const size = (bytes) => (bytes >= 1048576 && bytes % 1048576 === 0 ? `${bytes / 1048576} MiB` : `${bytes / 1024} KiB`);

/** @type {[name: string, label: string, say: (value: number) => string][]} */
const CHIPS = [
  ["read_ahead_kb", "readahead", (kib) => size(kib * 1024)],
  ["fault_around_bytes", "fault-around", size],
  ["memory_mib", "memory", (mib) => `${mib} MiB`],
];

/** The chips of the top bar. @param {Record<string, any>} machine @param {any} catalogue */
export const chips = (machine, catalogue) =>
  CHIPS.filter(([name]) => typeof machine[name] === "number").map(([name, label, say]) => {
    const usual = catalogue?.settings?.[name]?.default;
    return { name, label, value: say(machine[name]), changed: usual !== undefined && usual !== machine[name] };
  });
