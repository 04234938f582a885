// @ts-check
/** The few movements there are: grow a line, send a dot, drop, open, fade, sweep. All leave the end state alone. */

export const MOVE = "cubic-bezier(.2, .7, .2, 1)";

/**
 * @typedef {{running: Animation[], overlay: SVGSVGElement, unit: number}} Stage
 *   *unit* multiplies every duration: 4, 1 or a quarter
 */

const SVG = "http://www.w3.org/2000/svg";

/** @param {Stage} stage @param {Element | null | undefined} element @param {Keyframe[]} frames
 *  @param {{ms: number, after?: number, ease?: string}} how @returns {Animation | null} */
export function run(stage, element, frames, { ms, after = 0, ease = MOVE }) {
  if (!element) return null;
  const animation = element.animate(frames, {
    duration: ms * stage.unit,
    delay: after * stage.unit,
    easing: ease,
    fill: "backwards",
  });
  stage.running.push(animation);
  return animation;
}

/**
 * @param {Stage} stage @param {Iterable<Element>} elements @param {{ms?: number, gap?: number, from?: number}} [how]
 */
export function fade(stage, elements, { ms = 160, gap = 0, from = 0 } = {}) {
  let n = 0;
  for (const element of elements) run(stage, element, [{ opacity: from }, { opacity: 1 }], { ms, after: gap * n++ });
}

/** Come down from a little above. @param {Stage} stage @param {Iterable<Element>} elements
 *  @param {{ms?: number, gap?: number, px?: number, after?: number}} [how] */
export function drop(stage, elements, { ms = 200, gap = 0, px = 8, after = 0 } = {}) {
  let n = 0;
  for (const element of elements) {
    run(
      stage,
      element,
      [
        { opacity: 0, transform: `translateY(${-px}px)` },
        { opacity: 1, transform: "none" },
      ],
      { ms, after: after + gap * n++ },
    );
  }
}

/** Draw a path from its start. @param {Stage} stage @param {SVGPathElement | null} path
 *  @param {{ms: number, from?: number, after?: number}} how *from*: the length already drawn */
export function draw(stage, path, { ms, from = 0, after = 0 }) {
  if (!path) return;
  const length = path.getTotalLength();
  if (from >= length) return;
  const dash = { strokeDasharray: `${length} ${length}` };
  run(
    stage,
    path,
    [
      { ...dash, strokeDashoffset: length - from },
      { ...dash, strokeDashoffset: 0 },
    ],
    { ms, after, ease: "linear" },
  );
}

/** Let a drawn line go back to where it came from. @param {Stage} stage @param {string} d its path
 *  @param {string} className @param {number} ms */
export function retract(stage, d, className, ms) {
  const path = /** @type {SVGPathElement} */ (document.createElementNS(SVG, "path"));
  path.setAttribute("d", d);
  path.setAttribute("class", className);
  stage.overlay.append(path);
  const length = path.getTotalLength();
  const dash = { strokeDasharray: `${length} ${length}` };
  const animation = run(
    stage,
    path,
    [
      { ...dash, strokeDashoffset: 0 },
      { ...dash, strokeDashoffset: length },
    ],
    { ms, ease: "linear" },
  );
  leave(animation, path);
}

/**
 * A 6 px dot along straight lines.
 * @param {Stage} stage @param {[number, number][]} points @param {number} ms for each leg
 */
export function travel(stage, points, ms) {
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", "3");
  dot.setAttribute("class", "m-dot-travel");
  stage.overlay.append(dot);
  const frames = points.map(([x, y]) => ({ transform: `translate(${x}px, ${y}px)`, opacity: 1 }));
  const animation = run(stage, dot, frames, { ms: ms * (points.length - 1) });
  leave(animation, dot);
}

/** A band that closes from left to right over what it covers. @param {Stage} stage
 *  @param {{x: number, y: number, width: number, height: number}} place @param {string} className @param {number} ms */
export function sweep(stage, place, className, ms) {
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries(place)) rect.setAttribute(name, String(value));
  rect.setAttribute("class", className);
  stage.overlay.append(rect);
  const animation = run(stage, rect, [{ clipPath: "inset(0 0 0 0)" }, { clipPath: "inset(0 0 0 100%)" }], {
    ms,
    ease: "linear",
  });
  leave(animation, rect);
}

/** What goes away: its outline sinks and fades. @param {Stage} stage @param {SVGGraphicsElement[]} elements
 *  @param {{ms: number, gap?: number, px?: number}} how */
export function sink(stage, elements, { ms, gap = 0, px = 12 }) {
  elements.forEach((element, n) => {
    const ghost = outline(stage, element.getBBox());
    const gone = [
      { opacity: 1, transform: "none" },
      { opacity: 0, transform: `translateY(${px}px)` },
    ];
    leave(run(stage, ghost, gone, { ms, after: gap * n }), ghost);
  });
}

/** An outline goes from one place to another, as a copy does. @param {Stage} stage
 *  @param {SVGGraphicsElement | null | undefined} from @param {SVGGraphicsElement | null | undefined} to @param {number} ms */
export function carry(stage, from, to, ms) {
  if (!from || !to) return;
  const [a, b] = [from.getBBox(), to.getBBox()];
  const ghost = outline(stage, b);
  const start = `translate(${a.x - b.x}px, ${a.y - b.y}px) scale(${a.width / b.width}, ${a.height / b.height})`;
  ghost.style.transformBox = "fill-box";
  ghost.style.transformOrigin = "0 0";
  leave(run(stage, ghost, [{ transform: start }, { transform: "none" }], { ms }), ghost);
}

/** @param {Stage} stage @param {{x: number, y: number, width: number, height: number}} place */
function outline(stage, { x, y, width, height }) {
  const rect = /** @type {SVGRectElement} */ (document.createElementNS(SVG, "rect"));
  for (const [name, value] of Object.entries({ x, y, width, height, rx: 2 })) rect.setAttribute(name, String(value));
  rect.setAttribute("class", "m-ghost");
  stage.overlay.append(rect);
  return rect;
}

/**
 * Nothing stays behind, whether the movement ends or is cut short.
 * @param {Animation | null} animation @param {Element} element
 */
function leave(animation, element) {
  animation?.finished.then(
    () => element.remove(),
    () => element.remove(),
  );
}
