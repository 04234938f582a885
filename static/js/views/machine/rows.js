// @ts-check
/** Reading the journal's rows: by kind, by address, by page. Nothing here draws. */

/**
 * @typedef {Record<string, any>} Row
 * @typedef {Record<string, Row>} Rows
 * @typedef {{ref: string, row: Row}} Found
 * @typedef {{vma: Found[], bio: Found[], pt: Found[], page: Found[], inode: Found[], file: Found[], task: Found[],
 *   kthread: Found[], mm: Found[], dentry: Found[], memcg: Found[]}} Kinds
 */

/** Sort the rows that are looked up by kind, in one pass. @param {Rows} rows @returns {Kinds} */
export function kinds(rows) {
  /** @type {Kinds} */
  const found = { vma: [], bio: [], pt: [], page: [], inode: [], file: [], task: [], kthread: [], mm: [], dentry: [], memcg: [] };
  for (const ref in rows) {
    const slash = ref.indexOf("/");
    const list = slash > 0 ? /** @type {any} */ (found)[ref.slice(0, slash)] : undefined;
    if (list) list.push({ ref, row: rows[ref] });
  }
  found.vma.sort((a, b) => a.row.vm_start - b.row.vm_start);
  found.bio.sort((a, b) => number(a.ref) - number(b.ref));
  return found;
}

/**
 * The address space a row belongs to; *otherwise* when it does not say.
 * @param {Row} row @param {string} [otherwise]
 */
export const mmOf = (row, otherwise) => row.vm_mm ?? row.mm ?? otherwise;

/** The number at the end of a ref. @param {string} ref */
export const number = (ref) => Number(ref.slice(ref.lastIndexOf("/") + 1));

/** The inode behind a VMA, or null. @param {Rows} rows @param {Row | undefined} vma @returns {string | null} */
export function inodeOf(rows, vma) {
  const file = vma?.vm_file;
  return file ? (rows[file]?.inode ?? null) : null;
}

/** @param {string} inode "inode/3" @returns {string} the address_space of the same number */
export const cacheOf = (inode) => `cache/${number(inode)}`;

/** The disk's device number: other inodes, those of shared memory, have no blocks on it. */
export const DISK = "fe:00";

/** @param {Row | undefined} inode @returns {boolean} */
export const onDisk = (inode) => inode?.s_dev === DISK && typeof inode.sector === "number";

/** @param {Row | undefined} inode @returns {number} pages that hold the file's bytes */
export const filePages = (inode) => Math.ceil((inode?.i_size ?? 0) / 4096);

/** @param {Row} vma @returns {number} */
export const vmaPages = (vma) => (vma.vm_end - vma.vm_start) / 4096;

/** @param {Found[]} vmas @param {number} address @returns {Found | undefined} the VMA that holds the address */
export const vmaAt = (vmas, address) => vmas.find(({ row }) => address >= row.vm_start && address < row.vm_end);

/** The first column of a mapping: its place in the file, or 0 where there is no file (vm_pgoff then only repeats the
 *  address). @param {Row} vma @returns {number} */
export const firstPage = (vma) => (vma.vm_file ? (vma.vm_pgoff ?? 0) : 0);

/** @param {Row} vma @param {number} address @returns {number} page of the file, or of a mapping without one */
export const pageAt = (vma, address) => Math.floor((address - vma.vm_start) / 4096) + firstPage(vma);

/** @param {Row} vma @param {number} index such a page @returns {number} the address it is mapped at */
export const addressAt = (vma, index) => vma.vm_start + (index - firstPage(vma)) * 4096;

/** @param {Row} vma @param {number} index @returns {boolean} whether the VMA maps page *index* */
export function covers(vma, index) {
  const offset = index - firstPage(vma);
  return offset >= 0 && offset < vmaPages(vma);
}

/**
 * The entry that translates *address*: its table's ref and the two words, or nulls.
 * @param {Kinds} sorted @param {string | undefined} mm @param {number} address
 * @returns {{table: string | null, index: number, words: [number, number] | null}}
 */
export function entryAt(sorted, mm, address) {
  const slot = Math.floor(address / 0x200000);
  const index = (address >>> 12) & 511;
  const table = sorted.pt.find(({ row }) => row.slot === slot && (!mm || !row.mm || row.mm === mm));
  return { table: table?.ref ?? null, index, words: table?.row[index] ?? null };
}
