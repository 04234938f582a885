// @ts-check
/**
 * Rows: the state of the machine at one stage, and the few lines that carry it forwards and backwards.
 *
 * A change is [ref, field, before, after]; the field "*" is the whole row, and null means "not there".
 * Rows are shared between states: `owned` holds the refs whose row may be written in place, every other row is
 * copied before its first write.  So a row that did not change is the same object before and after.
 */

/** @typedef {Record<string, any>} Row */
/** @typedef {Record<string, Row>} Rows */
/** @typedef {[string, string | number, any, any]} Change */

/** @param {Rows} rows @param {Set<string>} owned @param {string} ref @param {string | number} field @param {any} value */
function put(rows, owned, ref, field, value) {
  if (field === "*") {
    owned.add(ref);
    if (value === null) delete rows[ref];
    else rows[ref] = { ...value };
    return;
  }
  if (!owned.has(ref)) {
    rows[ref] = { ...rows[ref] };
    owned.add(ref);
  }
  if (value === null) delete rows[ref][field];
  else rows[ref][field] = value;
}

/** @param {Rows} rows @param {Change[] | undefined} changes @param {Set<string>} [owned] */
export function apply(rows, changes, owned = new Set()) {
  if (changes) for (const [ref, field, , after] of changes) put(rows, owned, ref, field, after);
}

/** @param {Rows} rows @param {Change[] | undefined} changes @param {Set<string>} [owned] */
export function revert(rows, changes, owned = new Set()) {
  if (!changes) return;
  for (let i = changes.length - 1; i >= 0; i -= 1) put(rows, owned, changes[i][0], changes[i][1], changes[i][2]);
}
