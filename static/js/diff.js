// @ts-check
/** Which lines of one text stand in another: the longest common subsequence, equal ends first. */

const MOST = 4_000_000; // cells of the table; where more differ than that, lines are held against their own numbers

/**
 * For each line of `b` the line of `a` it stands for, or -1.
 * @param {readonly string[]} a @param {readonly string[]} b @returns {Int32Array}
 */
export function common(a, b) {
  const of = new Int32Array(b.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) of[start] = start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) of[--endB] = --endA;
  const [rows, columns] = [endA - start, endB - start];
  if (rows * columns > MOST) {
    for (let i = start; i < Math.min(endA, endB); i += 1) if (a[i] === b[i]) of[i] = i;
    return of;
  }
  const width = columns + 1;
  const length = new Int32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1)
    for (let j = columns - 1; j >= 0; j -= 1)
      length[i * width + j] =
        a[start + i] === b[start + j]
          ? length[(i + 1) * width + j + 1] + 1
          : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[start + i] === b[start + j]) of[start + j++] = start + i++;
    else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i += 1;
    else j += 1;
  }
  return of;
}
