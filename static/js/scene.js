// @ts-check
/**
 * The scene of a program, its files and its machine, from the first lines of its text; webapp/program/scene.py reads
 * the same.
 *
 *     // files: data.bin=512, small.bin=3+100
 *     // machine: read_ahead_kb=128 fault_around_bytes=65536
 */

/** @typedef {{name: string, pages: number, bytes: number}} SceneFile */
/** @typedef {{files: SceneFile[], machine: Record<string, number>}} Scene */

export const SCENE_LINES = 12;
const DIRECTIVE = /^\/\/\s*(files|machine):[ \t]*(.*)/;
const FILE = /^\s*([^=,\s]*)\s*=\s*(\d{1,9})(?:\+(\d{1,9}))?\s*$/;
const SETTING = /^(\w+)=(\d{1,12}(?:\.\d{1,6})?)$/;
const SHORT_FORMS = /** @type {Record<string, string>} */ ({ mem: "memory_mib" });
const PAGE = 4096;

/** @returns {SceneFile[]} */
const usual = () => [{ name: "data.bin", pages: 512, bytes: 0 }];

/** What the lines say; parts that make no sense are passed over. @param {string} text @returns {Scene} */
export function readScene(text) {
  let files = usual();
  /** @type {Record<string, number>} */
  const machine = {};
  for (const line of text.split("\n").slice(0, SCENE_LINES)) {
    const [, kind, rest] = DIRECTIVE.exec(line) ?? [];
    if (kind === "files") files = readFiles(rest);
    if (kind === "machine") {
      for (const word of rest.split(/\s+/)) {
        const [, name, value] = SETTING.exec(word) ?? [];
        if (name) machine[SHORT_FORMS[name] ?? name] = Number(value);
      }
    }
  }
  return { files, machine };
}

/** @param {string} text @returns {SceneFile[]} */
const readFiles = (text) =>
  text.split(",").flatMap((part) => {
    const [, name, pages, bytes] = FILE.exec(part) ?? [];
    if (!name) return [];
    const size = Number(pages) * PAGE + Number(bytes ?? 0);
    return [{ name, pages: Math.floor(size / PAGE), bytes: size % PAGE }];
  });

/** The text with this scene in its lines, every other line as it was. @param {string} text @param {Scene} scene */
export function writeScene(text, { files, machine }) {
  const lines = text.split("\n");
  const at = { files: placesOf(lines, "files"), machine: placesOf(lines, "machine") };
  const settings = Object.entries(machine).map(([name, value]) => ` ${name}=${value}`);
  const wanted = {
    files: sameFiles(files, usual()) && !at.files.length ? null : `// files: ${files.map(fileText).join(", ")}`.trimEnd(),
    machine: settings.length ? `// machine:${settings.join("")}` : null,
  };
  const missing = [at.files.length ? null : wanted.files, at.machine.length ? null : wanted.machine];
  const stand = (missing.filter(Boolean).length === 0) && !(wanted.files === null && at.files.length);
  if (stand) {
    for (const kind of /** @type {("files" | "machine")[]} */ (["files", "machine"])) {
      at[kind].forEach((line, i) => (lines[line] = i || wanted[kind] === null ? DROP : wanted[kind]));
    }
    return lines.filter((line) => line !== DROP).join("\n");
  }
  // A line is missing: both stand together below the first comment, where they are sure to be read.
  const rest = lines.filter((line, i) => i >= SCENE_LINES || !DIRECTIVE.test(line));
  const titled = /^\/\//.test(rest[0] ?? "");
  rest.splice(titled ? 1 : 0, 0, ...[wanted.files, wanted.machine].filter((line) => line !== null));
  return rest.join("\n");
}

const DROP = "\0";

/** @param {string[]} lines @param {string} kind */
const placesOf = (lines, kind) =>
  lines.slice(0, SCENE_LINES).flatMap((line, i) => (DIRECTIVE.exec(line)?.[1] === kind ? [i] : []));

/** @param {SceneFile} file */
const fileText = ({ name, pages, bytes }) => `${name}=${pages}${bytes ? `+${bytes}` : ""}`;

/** @param {SceneFile[]} a @param {SceneFile[]} b */
const sameFiles = (a, b) => a.map(fileText).join() === b.map(fileText).join();

/** What is wrong with a list of files, as a sentence, or "". */
/** @param {SceneFile[]} files @param {{files: number, file_pages: number, file_bytes: number}} limits */
export function wrongFiles(files, limits) {
  const names = files.map((file) => file.name);
  for (const { name, pages, bytes } of files) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name) || name === "." || name === "..")
      return `"${name}" cannot be the name of a file: use letters, digits, ".", "-" and "_", 64 at most.`;
    if (names.indexOf(name) !== names.lastIndexOf(name)) return `The file ${name} is listed twice.`;
    if (!Number.isInteger(pages) || pages < 0 || pages > limits.file_pages)
      return `${name} has 0 to ${limits.file_pages} whole pages, not ${pages}.`;
    if (!Number.isInteger(bytes) || bytes < 0 || bytes >= PAGE) return `${name} has 0 to ${PAGE - 1} bytes more, not ${bytes}.`;
  }
  if (files.length > limits.files) return `${files.length} files are too many: at most ${limits.files}.`;
  const total = files.reduce((sum, { pages, bytes }) => sum + pages * PAGE + bytes, 0);
  if (total > limits.file_bytes) return `All files together have ${total} bytes; this server takes ${limits.file_bytes}.`;
  return "";
}
