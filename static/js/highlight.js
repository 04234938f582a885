// @ts-check
/** Colours for source text: enough of C and Python to tell keywords, strings, numbers and comments apart. */

/** @typedef {[kind: string, text: string]} Token */

const C_WORDS =
  "auto break case char const continue default do double else enum extern float for goto if inline int long register return " +
  "short signed sizeof static struct switch typedef union unsigned void volatile while size_t off_t ssize_t pid_t";
const PYTHON_WORDS =
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda " +
  "nonlocal not or pass raise return try while with yield None True False";

const LANGUAGES = {
  c: {
    words: new Set(C_WORDS.split(" ")),
    scan: /(\/\*.*?(?:\*\/|$)|\/\/.*)|("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|<[\w./]+\.h>)|(\b0[xX][\da-fA-F]+\w*|\b\d[\w.]*)|(^\s*#\s*\w+|[A-Za-z_]\w*)/g,
    /** A comment that goes on into the next line. */
    open: /\/\*(?:(?!\*\/).)*$/,
    close: "*/",
    kind: "comment",
  },
  python: {
    words: new Set(PYTHON_WORDS.split(" ")),
    scan: /(#.*)|([rbf]?"""(?:.*?"""|.*$)|[rbf]?"(?:\\.|[^"\\])*"?|[rbf]?'(?:\\.|[^'\\])*'?)|(\b0[xXbB][\da-fA-F_]+|\b\d[\w.]*)|([A-Za-z_]\w*)/g,
    /** A docstring that goes on into the next line. */
    open: /^(?:[^"#]|"[^"]*")*"""(?:(?!""").)*$/,
    close: '"""',
    kind: "string",
  },
};

/** @param {string} line @param {typeof LANGUAGES.c} language @returns {Token[]} */
function scanLine(line, language) {
  /** @type {Token[]} */
  const tokens = [];
  let at = 0;
  for (const match of line.matchAll(language.scan)) {
    const [whole, comment, string, number, word] = match;
    const kind = comment
      ? "comment"
      : string
        ? "string"
        : number
          ? "number"
          : isKeyword(word, language.words)
            ? "keyword"
            : "";
    if (!kind) continue;
    if (match.index > at) tokens.push(["", line.slice(at, match.index)]);
    tokens.push([kind, whole]);
    at = match.index + whole.length;
  }
  if (at < line.length) tokens.push(["", line.slice(at)]);
  return tokens;
}

/** @param {string} word @param {Set<string>} words */
const isKeyword = (word, words) => words.has(word) || word.trim().startsWith("#");

/** The tokens of each line. @param {string[]} lines @param {"c" | "python"} name @returns {Token[][]} */
export function highlight(lines, name) {
  const language = LANGUAGES[name];
  let inside = false;
  return lines.map((line) => {
    if (!inside) {
      inside = language.open.test(line);
      return scanLine(line, language);
    }
    const end = line.indexOf(language.close);
    if (end < 0) return [[language.kind, line]];
    const rest = line.slice(end + language.close.length);
    inside = language.open.test(rest);
    return [[language.kind, line.slice(0, end + language.close.length)], ...scanLine(rest, language)];
  });
}
