// @ts-check
/** The comparison starts here: two runs on two connections, their steps aligned, and one playhead for both. */

import { align, firstDifference, nextDifference, stagesAt } from "./compare/align.js";
import { follow } from "./compare/side.js";
import { attr, must, text } from "./dom.js";
import { startingUi } from "./preferences.js";
import { checked, decode, encode } from "./share.js";
import * as difference from "./views/compare/difference.js";
import * as lanes from "./views/compare/lanes.js";
import * as metrics from "./views/compare/metrics.js";
import * as state from "./views/compare/state.js";

/** @typedef {import("./compare/side.js").Side} Side */
/** @typedef {"position" | "time" | "stage"} By */
/** @typedef {{a: Side, b: Side, alignment: import("./compare/align.js").Alignment, by: By, k: number, first: number, n: [number, number]}} View */

const { signal } = new AbortController();
const page = document;
const root = page.documentElement;
const find = (/** @type {string} */ name) => must(page, `[data-testid=compare-${name}]`);
const boot = JSON.parse(must(page, "#boot").textContent);
const hash = new URLSearchParams(location.hash.slice(1));
const query = new URLSearchParams(location.search);
let by = /** @type {By} */ ("position");
let k = 0;
let view = /** @type {View | null} */ (null);
let functions = {};
let moving = 0;
let playing = 0;
/** How long one access stays while both runs play, in ms. */
const BEAT = 900;

/** @param {string} theme */
function dress(theme) {
  root.dataset.theme = theme;
  attr(find("theme"), "aria-pressed", String(theme === "dark"));
  attr(must(find("theme"), "use"), "href", theme === "dark" ? "#i-sun" : "#i-moon");
}

/** @param {string} what */
function problem(what) {
  const node = find("problem");
  node.hidden = what === "";
  text(node, what);
}

/** @param {"a" | "b"} name */
async function shareOf(name) {
  const packed = hash.get(name);
  const share = packed ? await decode(`#s=${packed}`) : boot[name] && checked(boot[name]);
  if (!share) throw new Error(`This address names no run ${name.toUpperCase()}. Open a program and press Compare there.`);
  return share;
}

/** @param {number} step */
function move(step) {
  if (!view) return;
  k = Math.max(0, Math.min(view.alignment.steps.length - 1, step));
  draw();
}

/** Whoever goes somewhere has stopped the playing. @param {number} step */
function go(step) {
  play(false);
  move(step);
}

const atEnd = () => !view || k >= view.alignment.steps.length - 1;

/** Both runs go on in lock-step, an access a beat, up to the end; from there they begin anew. @param {boolean} on */
function play(on) {
  clearInterval(playing);
  if (on && atEnd()) move(0);
  playing = on ? window.setInterval(() => (atEnd() ? play(false) : move(k + 1)), BEAT) : 0;
  const button = find("play");
  attr(button, "aria-label", on ? "Pause" : "Play both");
  attr(must(button, "use"), "href", on ? "#i-pause" : "#i-play");
  root.dataset.playing = on ? "yes" : "no";
}
const goDifference = (/** @type {1 | -1} */ way) => {
  const found = view ? nextDifference(view.alignment.steps, k, way) : -1;
  if (found >= 0) go(found);
  else text(must(page, "#live"), way > 0 ? "No difference follows." : "No difference before this.");
};

async function start() {
  dress(startingUi(query).theme);
  let [shareA, shareB] = await Promise.all([shareOf("a"), shareOf("b")]);
  let [a, b] = await Promise.all([follow(shareA, signal), follow(shareB, signal)]);
  const views = [
    state.create(find("state-a"), "a"),
    state.create(find("state-b"), "b"),
    metrics.create(find("metrics"), find("sums")),
    difference.create(find("difference"), { link }),
    lanes.create(find("lanes"), { go, signal }),
  ];

  function pair() {
    const alignment = align({ timeline: a.timeline, text: shareA.program }, { timeline: b.timeline, text: shareB.program });
    const first = firstDifference(alignment.steps);
    view = { a, b, alignment, by, k: 0, first, n: [0, 0] };
    text(find("title"), shareA.title || titles(a, b));
    const slider = /** @type {HTMLInputElement} */ (find("playhead"));
    slider.max = String(alignment.steps.length - 1);
  }

  render = () => {
    if (!view) return;
    view.k = k;
    view.by = by;
    view.n = stagesAt(view.alignment.steps, k, by, a.timeline, b.timeline);
    for (const one of views) one(view, functions);
    const step = view.alignment.steps[k];
    const slider = /** @type {HTMLInputElement} */ (find("playhead"));
    slider.value = String(k);
    const where = `Step ${k + 1} of ${view.alignment.steps.length}${step.line ? `, line ${step.line}` : ""}: ${step.differs ? "the runs differ" : "the runs do the same"}`;
    attr(slider, "aria-valuetext", where);
    text(find("where"), where);
    text(must(page, "#live"), where);
    find("next").disabled = k >= view.alignment.steps.length - 1;
    find("back").disabled = k <= 0;
    find("next-difference").disabled = nextDifference(view.alignment.steps, k, 1) < 0;
    for (const button of page.querySelectorAll("[data-by]")) attr(button, "aria-pressed", String(button.getAttribute("data-by") === by));
    Object.assign(root.dataset, { step: String(k), stageA: String(view.n[0]), stageB: String(view.n[1]), by, ready: "1" });
  };

  swap = () => {
    [a, b] = [b, a];
    [shareA, shareB] = [shareB, shareA];
    const n = view?.n[1] ?? 0;
    pair();
    const steps = view?.alignment.steps ?? [];
    k = Math.max(0, steps.findLastIndex((step) => step.a.to <= n));
    draw();
  };

  share = async () => {
    const ids = await Promise.all([a.keep(shareA), b.keep(shareB)]);
    return `${location.origin}/compare?a=${ids[0]}&b=${ids[1]}`;
  };

  pair();
  k = Math.max(0, view?.first ?? 0);
  draw();
}

let render = () => {};
let swap = () => {};
let share = async () => "";

function draw() {
  moving ||= requestAnimationFrame(() => {
    moving = 0;
    render();
  });
}

/** The address of one side's stage in the playground. @param {Side} side @param {number} stage */
const link = async (side, stage) => `/play${await encode({ ...side.share, stage, place: null, model: boot.version })}`;

/** @param {Side} a @param {Side} b */
function titles(a, b) {
  const apart = Object.keys({ ...a.machine, ...b.machine }).filter((name) => a.machine[name] !== b.machine[name]);
  if (a.share.program !== b.share.program) return a.share.name === b.share.name ? `${a.share.name}, two programs` : `${a.share.name} and ${b.share.name}`;
  return apart.length ? `${a.share.name}, ${apart.join(" and ")}` : `${a.share.name}, twice the same`;
}

/** @param {string} name @param {() => void} act */
const on = (name, act) => find(name).addEventListener("click", act, { signal });
on("next", () => go(k + 1));
on("back", () => go(k - 1));
on("next-difference", () => goDifference(1));
on("play", () => play(!playing));
on("swap", () => swap());
on("theme", () => dress(root.dataset.theme === "dark" ? "light" : "dark"));
on("share", async () => {
  const where = find("where");
  try {
    const address = await share();
    history.replaceState(null, "", address);
    await navigator.clipboard?.writeText(address).catch(() => {});
    text(where, `The address of this page now holds both runs: ${address}`);
  } catch (error) {
    text(where, /** @type {Error} */ (error).message);
  }
});
find("playhead").addEventListener("input", (/** @type {any} */ event) => go(Number(event.target.value)), { signal });
for (const button of page.querySelectorAll("[data-by]"))
  button.addEventListener("click", () => {
    by = /** @type {By} */ (button.getAttribute("data-by"));
    draw();
  }, { signal });

/** @type {Record<string, () => void>} */
const KEYS = { n: () => go(k + 1), b: () => go(k - 1), d: () => goDifference(1), D: () => goDifference(-1), x: () => swap(), " ": () => play(!playing), Home: () => go(0), End: () => go(Infinity) };
page.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof Element && event.target.closest("input") && event.key.length > 1)) return;
    const act = KEYS[event.key];
    if (!act || (event.key === " " && event.target instanceof Element && event.target.closest("button, a, input"))) return;
    event.preventDefault();
    act();
  },
  { signal },
);

fetch("/model.json")
  .then((response) => response.json())
  .then((catalogue) => {
    functions = catalogue.functions;
    draw();
  })
  .catch(() => {});
start().catch((error) => problem(error.message));
