// @ts-check
/** Making run B from run A: the same share but for one thing. */

/** @typedef {import("../share.js").Share} Share */

const ADVICE = /(\bmadvise\s*\([^;]*?)\bMADV_[A-Z_]+/;
const MAPPING = /^([ \t]*)(?:[\w\s*]*?[\s*])?(\w+)\s*=\s*(?:\([^()]*\)\s*)?mmap\s*\(\s*[^,]+,\s*([^,]+),[^;]*;[^\n]*\n/m;

/** @param {Share} share @param {string} name @param {number} value @returns {Share} */
export const withSetting = (share, name, value) => ({ ...share, machine: { ...share.machine, [name]: value } });

/**
 * The program with this advice: in its first madvise(), or in one added after its first mmap().
 * @param {Share} share @param {string} advice @returns {Share | null} null when it has neither
 */
export function withAdvice(share, advice) {
  if (ADVICE.test(share.program)) return { ...share, program: share.program.replace(ADVICE, `$1${advice}`) };
  const found = MAPPING.exec(share.program);
  if (!found) return null;
  const [whole, indent, pointer, length] = found;
  const end = found.index + whole.length;
  const line = `${indent}madvise((void *)${pointer}, ${length.trim()}, ${advice});\n`;
  return { ...share, program: share.program.slice(0, end) + line + share.program.slice(end) };
}

/** The address of the comparison. @param {Share} a @param {Share} b @param {(share: Share) => Promise<string>} encode */
export async function address(a, b, encode) {
  const [left, right] = await Promise.all([encode(a), encode(b)]);
  return `/compare#a=${left.slice(3)}&b=${right.slice(3)}`;
}
