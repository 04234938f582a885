// @ts-check
/** Breakpoints are kept in this browser, for each program by its name. */

/** @typedef {{text: string, on: boolean}} Kept */

const STORED = "pagewalk.breakpoints";
const PROGRAMS = 30;
const MOST = 50;

/** @returns {Record<string, Kept[]>} */
function all() {
  try {
    const found = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {}; // storage is off or holds something else: start without
  }
}

/** @param {any} one @returns {one is Kept} */
const isKept = (one) => typeof one?.text === "string" && one.text.length <= 500 && typeof one.on === "boolean";

/** The breakpoints of a program. @param {string} program @returns {Kept[]} */
export function load(program) {
  const kept = all()[program];
  return Array.isArray(kept) ? kept.filter(isKept).slice(0, MOST) : [];
}

/** Store them whenever they change. */
export function remember() {
  /** @type {Kept[] | null} */
  let last = null;
  return (/** @type {{program: {name: string} | null, run: unknown, stopsKept: Kept[]}} */ { program, run, stopsKept }) => {
    if (!run || !program || stopsKept === last) return;
    const first = last === null;
    last = stopsKept;
    if (first && stopsKept.length === 0) return;
    const { [program.name]: _, ...others } = all();
    const kept = Object.entries(others).slice(-PROGRAMS);
    if (stopsKept.length) kept.push([program.name, stopsKept.slice(0, MOST)]);
    try {
      localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // Without storage they last as long as the page.
    }
  };
}
