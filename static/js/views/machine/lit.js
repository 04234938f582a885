// @ts-check
/** Whether what is pointed at is this page. */

/** @param {import("./select.js").View} view @param {any} row a struct page @returns {boolean} */
export function isLit({ hover, rows, sorted, task }, row) {
  if (hover?.kind === "page") return row.mapping === `cache/${hover.inode.slice(6)}` && row.index === hover.index;
  if (hover?.kind !== "pte") return false;
  const slot = Math.floor(hover.vpn / 512);
  const table = sorted.pt.find(({ row: pt }) => pt.slot === slot && (!task.mm || !pt.mm || pt.mm === task.mm));
  const words = table && rows[table.ref][hover.vpn % 512];
  return Boolean(words) && words[0] !== 0 && words[0] >>> 12 === row.pfn;
}
