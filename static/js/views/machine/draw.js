// @ts-check
/**
 * A keyed join for trees: a view returns what it wants to see, join() makes the DOM so.
 * An unchanged object (the same node returned twice) is skipped without a look inside.
 */

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";

/**
 * @typedef {string | number | boolean | null | undefined} Value null, undefined and false mean: no such attribute
 * @typedef {{ns: string, tag: string, key: string, attrs: Record<string, Value>, kids: Drawn[],
 *   dom?: Element | Text}} Drawn
 * @typedef {Drawn | string | number | null | undefined | false | readonly any[]} Kid a list holds kids again
 */

/** @param {string} ns @param {string} tag @param {Record<string, Value>} attrs @param {Kid[]} kids @returns {Drawn} */
function node(ns, tag, attrs, kids) {
  const { key, ...rest } = attrs;
  return { ns, tag, key: key === undefined ? "" : String(key), attrs: rest, kids: flatten(kids, []) };
}

/** An SVG element. @param {string} tag @param {Record<string, Value>} attrs @param {...Kid} kids */
export const s = (tag, attrs, ...kids) => node(SVG, tag, attrs, kids);

/** An HTML element. @param {string} tag @param {Record<string, Value>} attrs @param {...Kid} kids */
export const h = (tag, attrs, ...kids) => node(HTML, tag, attrs, kids);

/** @param {readonly Kid[]} kids @param {Drawn[]} into @returns {Drawn[]} */
function flatten(kids, into) {
  for (const kid of kids) {
    if (Array.isArray(kid)) flatten(/** @type {Kid[]} */ (kid), into);
    else if (typeof kid === "string" || typeof kid === "number") {
      into.push({ ns: "", tag: "#text", key: "", attrs: { text: kid }, kids: [] });
    } else if (kid) into.push(/** @type {Drawn} */ (kid));
  }
  return into;
}

/** Make *parent* hold exactly *after*, given that it holds *before*.
 *  @param {Element} parent @param {Drawn[]} before @param {Drawn[]} after */
export function join(parent, before, after) {
  if (alike(before, after)) {
    for (let n = 0; n < after.length; n += 1) update(before[n], after[n]);
    return;
  }
  const old = index(before);
  let cursor = parent.firstChild;
  for (const [key, drawn] of index(after)) {
    const was = old.get(key);
    old.delete(key);
    const dom = was ? update(was, drawn) : create(drawn);
    if (dom === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(dom, cursor);
  }
  for (const gone of old.values()) gone.dom?.remove();
}

/** The same things in the same order: nothing to add, to move or to take away.
 *  @param {Drawn[]} before @param {Drawn[]} after */
function alike(before, after) {
  if (before.length !== after.length) return false;
  for (let n = 0; n < after.length; n += 1) {
    if (before[n] !== after[n] && (before[n].tag !== after[n].tag || before[n].key !== after[n].key)) return false;
  }
  return true;
}

/** Siblings by key, or by tag and place among their like. @param {Drawn[]} list @returns {Map<string, Drawn>} */
function index(list) {
  const map = new Map();
  let n = 0;
  for (const drawn of list) map.set(`${drawn.tag}:${drawn.key || `#${n++}`}`, drawn);
  return map;
}

/** @param {Drawn} drawn @returns {Element | Text} */
function create(drawn) {
  if (drawn.tag === "#text") return (drawn.dom = document.createTextNode(String(drawn.attrs.text)));
  const dom = document.createElementNS(drawn.ns, drawn.tag);
  for (const [name, value] of Object.entries(drawn.attrs)) set(dom, name, value);
  for (const kid of drawn.kids) dom.append(create(kid));
  return (drawn.dom = dom);
}

/** @param {Drawn} was @param {Drawn} drawn @returns {Element | Text} */
function update(was, drawn) {
  const dom = /** @type {Element} */ (was.dom);
  if (was === drawn) return dom;
  drawn.dom = dom;
  if (drawn.tag === "#text") {
    if (was.attrs.text !== drawn.attrs.text) dom.textContent = String(drawn.attrs.text);
    return dom;
  }
  for (const name of Object.keys(was.attrs)) if (!(name in drawn.attrs)) dom.removeAttribute(name);
  for (const [name, value] of Object.entries(drawn.attrs)) if (was.attrs[name] !== value) set(dom, name, value);
  join(dom, was.kids, drawn.kids);
  return dom;
}

/** @param {Element} dom @param {string} name @param {Value} value */
function set(dom, name, value) {
  if (value === null || value === undefined || value === false) dom.removeAttribute(name);
  else dom.setAttribute(name, value === true ? "" : String(value));
}
