// @ts-check
/** A typed array that grows: one column of the timeline's index, four or eight bytes a stage. */

/**
 * @template {Int32Array | Float64Array | Uint8Array} A
 * @typedef {{at: A, length: number, push: (value: number) => void}} Column
 */

/**
 * @template {Int32Array | Float64Array | Uint8Array} A
 * @param {{new (length: number): A}} Kind
 * @returns {Column<A>}
 */
export function column(Kind) {
  const self = {
    at: new Kind(1024),
    length: 0,
    /** @param {number} value */
    push(value) {
      if (self.length === self.at.length) {
        const wider = new Kind(self.at.length * 2);
        wider.set(/** @type {any} */ (self.at));
        self.at = wider;
      }
      self.at[self.length] = value;
      self.length += 1;
    },
  };
  return self;
}
