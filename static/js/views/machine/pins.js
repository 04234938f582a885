// @ts-check
/** What a pin or a hover points at. A place outlives the object in it, so places are named, not incarnations:
 *  `cache/12/24` page 24 of inode 12, `pte/b6fbd` the entry of that virtual page, `vma/7`, `bio/1`, `file/12`,
 *  `task/2` the address space of that task. */

/**
 * @typedef {{kind: "page", inode: string, index: number} | {kind: "pte", vpn: number}
 *   | {kind: "vma" | "bio" | "inode" | "task", ref: string}} Pin
 */

/** @param {string} inode @param {number} index */
export const pagePin = (inode, index) => `cache/${inode.slice(inode.indexOf("/") + 1)}/${index}`;

/** @param {number} address */
export const ptePin = (address) => `pte/${(address >>> 12).toString(16).padStart(5, "0")}`;

/**
 * @param {string | null | undefined} ref a place as above, or a journal ref such as page/17
 * @param {Record<string, any>} rows
 * @returns {Pin | null}
 */
export function readPin(ref, rows) {
  if (!ref) return null;
  const [kind, id, index] = ref.split("/");
  if (kind === "cache" && index !== undefined) return { kind: "page", inode: `inode/${id}`, index: Number(index) };
  if (kind === "pte") return { kind: "pte", vpn: parseInt(id, 16) };
  if (kind === "page") return ofPage(rows[ref]);
  if (kind === "file") return { kind: "inode", ref: rows[ref]?.inode ?? `inode/${id}` };
  if (kind === "inode") return { kind, ref };
  return (kind === "vma" || kind === "bio" || kind === "task") && rows[ref] ? { kind, ref } : null;
}

/** @param {any} page @returns {Pin | null} */
function ofPage(page) {
  if (!page?.mapping?.startsWith("cache/")) return null;
  return { kind: "page", inode: `inode/${page.mapping.slice(6)}`, index: page.index };
}
