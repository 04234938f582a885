// @ts-check
/** The example programs as a list: by topic, and those that a few words find. */

/** @typedef {{id: string, name: string, title: string, text: string, topic: string}} Program */

/** @param {Program[]} programs ordered by topic @returns {[string, Program[]][]} */
export function topics(programs) {
  /** @type {Map<string, Program[]>} */
  const found = new Map();
  for (const one of programs) found.set(one.topic, [...(found.get(one.topic) ?? []), one]);
  return [...found];
}

/**
 * Those that have every word somewhere in their name, title, topic or text, whatever its case.
 * @param {Program[]} programs @param {string} words
 */
export function matching(programs, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return programs.filter(({ name, title, topic, text }) => {
    const all = `${name} ${title} ${topic} ${text}`.toLowerCase();
    return wanted.every((word) => all.includes(word));
  });
}
