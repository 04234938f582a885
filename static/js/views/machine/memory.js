// @ts-check
/** What was drawn before is drawn again as the same object, which join() then passes over. */

/** @typedef {import("./draw.js").Drawn} Drawn */

/** The same group again when all its kids are the same: then nobody looks inside.
 *  @returns {(place: string, kids: Drawn[], make: () => Drawn) => Drawn} */
export function steady() {
  /** @type {Map<string, Drawn>} */
  const held = new Map();
  return (place, kids, make) => {
    const last = held.get(place);
    if (last && last.kids.length === kids.length && kids.every((kid, n) => kid === last.kids[n])) return last;
    const drawn = make();
    held.set(place, drawn);
    return drawn;
  };
}

/** Remember drawn nodes by place, as long as what they show stays the same.
 *  @returns {(place: string, shows: string, make: () => Drawn) => Drawn} */
export function memory() {
  /** @type {Map<string, {shows: string, drawn: Drawn}>} */
  const held = new Map();
  return (place, shows, make) => {
    const last = held.get(place);
    if (last?.shows === shows) return last.drawn;
    const drawn = make();
    held.set(place, { shows, drawn });
    return drawn;
  };
}
