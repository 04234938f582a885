// @ts-check
/** What an element stands for, as a name that outlives the element. */

/** Rows of the journal whose fields are places of their own. @type {Record<string, (ref: string, field: string, rows: any) => string | null>} */
const FIELDS = {
  cache: (ref, field) => (/^\d+$/.test(field) ? `${ref}/${field}` : null),
  pt: (ref, field, rows) =>
    /^\d+$/.test(field) && rows[ref] ? `pte/${(rows[ref].slot * 512 + Number(field)).toString(16).padStart(5, "0")}` : null,
};

/** What a lesson may point at, by the words of its marks. @type {[RegExp, (found: RegExpMatchArray) => string][]} */
const WORDS = [[/^(?:page|pte) (\d+)$/, ([, index]) => `column/${index}`]];

/**
 * A place as in views/machine/pins.js, a ref of the journal, `fn/filemap_fault`, or `column/24` in the machine.
 * @param {Element} element @param {Record<string, any>} rows @returns {string | null}
 */
export function placeOf(element, rows) {
  const { point, place, pin, ref, field, fn, light } = /** @type {HTMLElement} */ (element).dataset;
  if (point ?? place) return point ?? place ?? null; // a block stands for the request that carries it
  if (ref && field) return FIELDS[ref.split("/")[0]]?.(ref, field, rows) ?? ref;
  if (pin ?? ref) return pin ?? ref ?? null;
  if (fn) return `fn/${fn}`;
  for (const [words, name] of WORDS) {
    const found = light?.match(words);
    if (found) return name(found);
  }
  return null;
}
