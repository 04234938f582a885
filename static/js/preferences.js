// @ts-check
/** What a student chose before, what the address asks for, and what the device prefers. */

const STORED = "pagewalk.preferences";

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {}; // storage is off or holds something else: start plain
  }
}

/** @param {string} media */
const prefers = (media) => matchMedia(media).matches;

/** The first `ui`: the address wins over what is stored, that over the device. @param {URLSearchParams} query @returns {any} */
export function startingUi(query) {
  const before = stored();
  const calm = prefers("(prefers-reduced-motion: reduce)") ? "reduced" : "full";
  const asked = query.get("motion") ?? (query.get("speed") === "instant" ? "instant" : null);
  const speed = Number(query.get("speed") ?? before.speed ?? 1);
  return {
    theme: oneOf(
      ["light", "dark"],
      query.get("theme") ?? before.theme,
      prefers("(prefers-color-scheme: dark)") ? "dark" : "light",
    ),
    motion: oneOf(["full", "reduced", "instant"], asked ?? before.motion, calm),
    calm: calm === "reduced",
    speed: oneOf([0.25, 1, 4, 16], speed, 1),
    letters: before.letters ?? true,
    bare: before.bare ?? false,
  };
}

/** Where to go first: `?stage=203`. @param {URLSearchParams} query */
export function startingWish(query) {
  const n = Number.parseInt(query.get("stage") ?? "", 10);
  return Number.isInteger(n) && n >= 0 ? { type: "goto", n } : null;
}

/** Keep the theme that was chosen on a page without a run. @param {"light" | "dark"} theme */
export function storeTheme(theme) {
  try {
    localStorage.setItem(STORED, JSON.stringify({ ...stored(), theme }));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** @template T @param {T[]} allowed @param {any} value @param {T} otherwise @returns {T} */
const oneOf = (allowed, value, otherwise) => (allowed.includes(value) ? value : otherwise);

/** Store the choices whenever one changes; those that only the address made are kept until then. */
export function remember() {
  let last = "";
  return (/** @type {import("./select.js").State} */ { ui }) => {
    const choices = JSON.stringify({
      theme: ui.theme,
      motion: ui.motion === "instant" ? "instant" : undefined,
      speed: ui.speed,
      letters: ui.letters,
      bare: ui.bare,
    });
    if (last && choices !== last) {
      try {
        localStorage.setItem(STORED, choices);
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    }
    last = choices;
  };
}
