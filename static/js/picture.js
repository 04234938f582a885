// @ts-check
/** The machine as a picture that stands on its own: every style that the page gives it is written into it. */

/** What a node has from its parent unless it says otherwise. */
const INHERITED = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "font-family", "font-size", "font-weight", "letter-spacing", "paint-order", "text-anchor", "dominant-baseline", "visibility",
];
/** What it does not, and what it is by default. */
const OWN = { opacity: "1", display: "inline" };

const MARGIN = 12;

/** The page's fonts, each with its data in it. */
async function fonts() {
  const faces = [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules, ...[...sheet.cssRules].flatMap((rule) => (rule instanceof CSSImportRule ? [...(rule.styleSheet?.cssRules ?? [])] : []))]
      .filter((rule) => rule instanceof CSSFontFaceRule),
  );
  const texts = faces.map(async (face) => {
    const [, address] = /url\("?([^")]+)"?\)/.exec(face.cssText) ?? [];
    if (!address) return "";
    const blob = await (await fetch(new URL(address, face.parentStyleSheet?.href ?? location.href))).blob();
    const data = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(blob);
    });
    return face.cssText.replace(/url\("?[^")]+"?\)/, `url("${data}")`);
  });
  return (await Promise.all(texts)).join("\n");
}

/** The machine's drawing as the text of an SVG file. @returns {Promise<string>} */
export async function picture() {
  const drawn = /** @type {SVGSVGElement | null} */ (document.querySelector("#machine svg.m-svg"));
  if (!drawn) throw new Error("there is nothing drawn yet");
  const { width, height } = drawn.getBoundingClientRect();
  const copy = /** @type {SVGSVGElement} */ (drawn.cloneNode(true));
  const originals = [drawn, ...drawn.querySelectorAll("*")];
  const styles = new Map(originals.map((node) => [node, getComputedStyle(node)]));
  [copy, ...copy.querySelectorAll("*")].forEach((node, i) => {
    const computed = /** @type {CSSStyleDeclaration} */ (styles.get(originals[i]));
    const above = styles.get(originals[i].parentElement ?? drawn);
    const say = (/** @type {string} */ name, /** @type {string} */ usual) => {
      const value = computed.getPropertyValue(name);
      if (!value || value === usual) node.removeAttribute(name);
      else node.setAttribute(name, value.replaceAll(/url\("[^"#]*#/g, 'url("#'));
    };
    for (const name of INHERITED) say(name, above?.getPropertyValue(name) ?? "");
    for (const [name, usual] of Object.entries(OWN)) say(name, usual);
    for (const name of ["class", "style", "tabindex"]) node.removeAttribute(name);
  });
  for (const hidden of copy.querySelectorAll("[display=none]")) hidden.remove();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width + 2 * MARGIN));
  copy.setAttribute("height", String(height + 2 * MARGIN));
  const box = drawn.viewBox.baseVal;
  const [x, y, w, h] = box?.width ? [box.x, box.y, box.width, box.height] : [0, 0, width, height];
  copy.setAttribute("viewBox", [x - MARGIN, y - MARGIN, w + 2 * MARGIN, h + 2 * MARGIN].join(" "));
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = await fonts();
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("x", String(x - MARGIN));
  ground.setAttribute("y", String(y - MARGIN));
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(/** @type {Element} */ (drawn.closest(".pane"))).backgroundColor);
  copy.prepend(style, ground);
  return new XMLSerializer().serializeToString(copy);
}

/** The same as a PNG. @param {number} scale @returns {Promise<Blob>} */
export async function pixels(scale) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await picture())}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the picture is too large"))), "image/png"),
  );
}
