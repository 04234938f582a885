// @ts-check
/** Numbers into words: the fault status, an address and its parts, sizes, ranges. */

/** Fault status FS = DFSR bits 10 and 3:0, as the ARMv7 short format names it. */
export const FAULT_STATUS = new Map([
  [1, "alignment fault"],
  [2, "debug event"],
  [3, "access flag fault, section"],
  [4, "instruction cache maintenance fault"],
  [5, "translation fault, section"],
  [6, "access flag fault, page"],
  [7, "translation fault, page"],
  [8, "external abort"],
  [9, "domain fault, section"],
  [11, "domain fault, page"],
  [12, "external abort on the walk, first level"],
  [13, "permission fault, section"],
  [14, "external abort on the walk, second level"],
  [15, "permission fault, page"],
  [22, "asynchronous external abort"],
]);

/**
 * @param {number} fsr the DFSR as the fault left it
 * @returns {{status: number, name: string, domain: number, write: boolean, words: string}}
 */
export function decodeFaultStatus(fsr) {
  const status = ((fsr >>> 6) & 16) | (fsr & 15);
  const domain = (fsr >>> 4) & 15;
  const write = ((fsr >>> 11) & 1) === 1 && ((fsr >>> 13) & 1) === 0;
  const name = FAULT_STATUS.get(status) ?? `fault status ${status}`;
  return { status, name, domain, write, words: `${name} · domain ${domain} · ${write ? "write" : "read"}` };
}

/** @param {number} value @param {number} [digits] @returns {string} hex without 0x */
export const hex = (value, digits = 8) => (value >>> 0).toString(16).padStart(digits, "0");

/** @param {number} address @returns {{pgd: number, half: number, pte: number, offset: number, bits: string[]}} */
export function splitAddress(address) {
  const bits = (address >>> 0).toString(2).padStart(32, "0");
  return {
    pgd: address >>> 21,
    half: (address >>> 20) & 1,
    pte: (address >>> 12) & 511,
    offset: address & 4095,
    bits: [bits.slice(0, 11), bits.slice(11, 20), bits.slice(20)],
  };
}

/** @param {number} bytes @returns {string} 4 KiB, 1.5 MiB, 2.8 GiB */
export function bytesInWords(bytes) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** @param {number} first @param {number} last @returns {string} "3-18", or "3" */
export const range = (first, last) => (first === last ? `${first}` : `${first}-${last}`);
