// @ts-check
/** Completion: the functions that the model has and the constants of its headers, each with one line on it. */

/** @typedef {{name: string, form: string, doc: string, header: string}} Entry */

/** @param {Entry} entry */
const option = ({ name, form, doc, header }) => ({
  label: name,
  type: form.endsWith(")") ? "function" : "constant",
  detail: form.endsWith(")") ? form.slice(name.length) : `= ${form}`,
  info: [doc, header && `<${header}>`].filter(Boolean).join(" ") || undefined,
});

/** @param {() => Entry[]} library */
export function completions(library) {
  let read = /** @type {Entry[] | null} */ (null);
  let options = /** @type {ReturnType<typeof option>[]} */ ([]);

  return (/** @type {any} */ context) => {
    const word = context.matchBefore(/[A-Za-z_]\w*/);
    const before = context.state.doc.lineAt(context.pos).text.slice(0, (word?.from ?? 0) - context.state.doc.lineAt(context.pos).from);
    // Neither in a comment nor, unless asked for, after a single letter.
    if (/\/\//.test(before) || (!context.explicit && (!word || word.to - word.from < 2))) return null;
    if (library() !== read) {
      read = library();
      options = read.map(option);
    }
    return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ };
  };
}
