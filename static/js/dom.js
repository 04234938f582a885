// @ts-check
/** Making elements and joining keyed rows, without ceremony. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 */

/** @param {Element} node @param {string} name @param {unknown} value */
export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Set several attributes; null and false take one away. @param {Element} node @param {Record<string, unknown>} values */
export function attrs(node, values) {
  for (const name in values) attr(node, name, values[name]);
}

/** Write text only where it differs, so that screen readers and selections rest. @param {Node} node @param {unknown} value */
export function text(node, value) {
  const wanted = value === null || value === undefined ? "" : String(value);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** @template {Element} T @param {T} node @param {Record<string, unknown>} props @param {Child[]} children @returns {T} */
function fill(node, props, children) {
  for (const name in props) {
    const value = props[name];
    if (typeof value === "function") node.addEventListener(name.slice(2).toLowerCase(), /** @type {any} */ (value));
    else attr(node, name, value);
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/**
 * An HTML element: `h("button", {class: "b", onClick: go}, "Run")`.
 * @param {string} tag @param {Record<string, unknown>} [props] @param {...Child} children @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element. @param {string} tag @param {Record<string, unknown>} [props] @param {...Child} children @returns {SVGElement} */
export function s(tag, props = {}, ...children) {
  return fill(/** @type {SVGElement} */ (document.createElementNS(SVG, tag)), props, children);
}

/** A symbol of the page's sprite. @param {string} name @param {string} [extra] @returns {SVGElement} */
export function icon(name, extra = "") {
  return s("svg", { class: `icon ${extra}`.trim(), "aria-hidden": "true" }, s("use", { href: `#i-${name}` }));
}

/**
 * Make the children of `parent` match `items`, one each, in order; a child is kept as long as its key is there.
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T, index: number) => string | number} key
 * @param {(item: T, index: number) => Element} create
 * @param {(node: any, item: T, index: number) => void} [update]
 */
export function join(parent, items, key, create, update) {
  /** @type {Map<string, Element>} */
  const old = new Map();
  for (const child of Array.from(parent.children)) old.set(/** @type {any} */ (child).__key ?? "", child);
  let place = parent.firstElementChild;
  items.forEach((item, index) => {
    const k = String(key(item, index));
    let node = old.get(k);
    if (node) old.delete(k);
    else {
      node = create(item, index);
      /** @type {any} */ (node).__key = k;
    }
    if (update) update(node, item, index);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  });
  for (const node of old.values()) node.remove();
}

/** The element with this selector, which the template promises. @param {ParentNode} root @param {string} selector @returns {any} */
export function must(root, selector) {
  const node = root.querySelector(selector);
  if (!node) throw new Error(`dom: no ${selector} in the page`);
  return node;
}
