// @ts-check
/**
 * A link that carries a program, its machine and a stage: `#s=` and base64url of deflated JSON.  Nothing is stored, and
 * what comes in is a stranger's: bounded, checked field by field, refused in a sentence.
 */

/**
 * @typedef {object} Share
 * @property {string} program
 * @property {string} name
 * @property {Record<string, number>} machine settings that override the program's own
 * @property {number} stage
 * @property {import("./place.js").Place | null} place where that is, should another model number its stages differently
 * @property {string} title
 * @property {string} note
 * @property {string} model its version
 */

const PREFIX = "#s=";
/** Longer links get cut by mail and chat programs. */
export const LONGEST = 6000;
const MOST = 262_144; // bytes of JSON

/** @param {Share} share @returns {Promise<string>} the fragment */
export async function encode(share) {
  const packed = await through(new TextEncoder().encode(JSON.stringify(share)), new CompressionStream("deflate-raw"), Infinity);
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return PREFIX + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** What a fragment carries; null when it is none of ours; throws an Error with a sentence. */
/** @param {string} hash @returns {Promise<Share | null>} */
export async function decode(hash) {
  if (!hash.startsWith(PREFIX)) return null;
  let share;
  try {
    const text = atob(hash.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const plain = await through(packed, new DecompressionStream("deflate-raw"), MOST);
    share = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain));
  } catch (error) {
    if (error instanceof TooMuch) throw new Error(`This link holds more than ${MOST} bytes, which no link of Pagewalk does.`);
    throw new Error("This link is damaged: part of it was lost or changed on the way. Ask for it again.");
  }
  return checked(share);
}

class TooMuch extends Error {}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} stream @param {number} most */
async function through(bytes, stream, most) {
  const writer = stream.writable.getWriter();
  // What goes wrong here goes wrong in reading too, which tells.
  writer.write(bytes).then(() => writer.close()).catch(() => {});
  const parts = [];
  let size = 0;
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw new TooMuch();
    }
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {unknown} value @param {number} most */
const isText = (value, most) => typeof value === "string" && value.length <= most;
/** @param {unknown} value */
const isCount = (value) => Number.isInteger(value) && Number(value) >= 0;

/** @param {any} place */
const isPlace = (place) =>
  place === null ||
  (typeof place === "object" && isCount(place.fault) && isCount(place.nth) && [place.op, place.fn, place.kind].every((one) => isText(one, 80)));

/** @param {any} machine */
const isMachine = (machine) =>
  typeof machine === "object" && machine !== null && !Array.isArray(machine) && Object.values(machine).every(Number.isFinite);

/** @param {any} share @returns {Share} throws an Error with a sentence */
export function checked(share) {
  const { program, name, machine = {}, stage = 0, place = null, title = "", note = "", model = "" } = share ?? {};
  /** @type {[boolean, string][]} */
  const fields = [
    [isText(program, MOST) && program.length > 0, "program"],
    [isText(name, 80) && /^[^\0-\x1f/\\<>]+$/.test(name), "name"],
    [isMachine(machine), "machine"],
    [isCount(stage), "stage"],
    [isPlace(place), "place"],
    [isText(title, 120), "title"],
    [isText(note, 2000), "note"],
    [isText(model, 80), "model"],
  ];
  const bad = fields.find(([right]) => !right);
  if (bad) throw new Error(`This link is not one of Pagewalk's: its ${bad[1]} makes no sense.`);
  return { program, name, machine, stage, place, title, note, model };
}
