// @ts-check
/** Where breakpoints are hit: one pass over the stages for all of them, taken up again when more have come. */

import { column } from "../growable.js";
import { createMoment } from "../moment.js";
import { createFinder } from "../selector.js";

/** @typedef {import("./parse.js").Stop} Stop */
/** @typedef {import("../timeline.js").Timeline} Timeline */
/** @typedef {import("../moment.js").Moment} Moment */
/** @typedef {import("../growable.js").Column<Int32Array>} Column */

/** @param {Timeline} timeline @param {Stop[]} stops @param {Record<string, any>} functions */
export function createHits(timeline, stops, functions) {
  const conditions = stops.flatMap(({ condition }) => (condition ? [condition] : []));
  const names = new Set(conditions.flatMap((one) => one.names));
  const moment = createMoment(timeline, {
    rows: conditions.flatMap((one) => one.rows),
    pages: stops.some(({ place }) => place.kind === "page"),
  });
  const selected = stops.flatMap(({ place }) => (place.kind === "selector" ? [place.text] : []));
  const finder = createFinder(selected);
  const run = { get length() { return moment.n + 1; }, get: (/** @type {number} */ i) => timeline.stages[i] };
  /** @type {{at: Column, was: boolean, test: (moment: Moment) => boolean, edge: boolean}[]} */
  const pens = stops.map((stop) => ({
    at: column(Int32Array),
    was: false,
    test: tester(stop, timeline, functions, (text) => finder.find(text, run)),
    edge: stop.place.kind === "condition",
  }));

  /** What a fault turns out to be shows only later: conditions that ask for it wait until it does. @param {boolean} done */
  function readable(done) {
    const { open } = timeline.faults;
    const unknown =
      open && ((names.has("page") && open.page === null) || ((names.has("major") || names.has("minor")) && open.major === null));
    return unknown && !done ? open.n : timeline.stages.length;
  }

  return {
    /** For each breakpoint the stages that it is hit at. @param {boolean} done whether all stages are here @returns {Column[]} */
    read(done) {
      const end = readable(done);
      while (moment.n + 1 < end) {
        moment.advance();
        for (const pen of pens) {
          const holds = pen.test(moment);
          if (holds && !(pen.edge && pen.was)) pen.at.push(moment.n);
          pen.was = holds;
        }
      }
      return pens.map((pen) => pen.at);
    },
    /** The last stage that was looked at. */
    upto: () => moment.n,
  };
}

/** @param {Stop} stop @param {Timeline} timeline @param {Record<string, any>} functions @param {(text: string) => number} find */
function tester({ place, condition }, timeline, functions, find) {
  const here = placed(place, timeline, functions, find);
  return condition ? (/** @type {Moment} */ moment) => here(moment) && condition.test(moment) : here;
}

/**
 * @param {import("./parse.js").Place} place @param {Timeline} timeline @param {Record<string, any>} functions
 * @param {(text: string) => number} find @returns {(moment: Moment) => boolean}
 */
function placed(place, timeline, functions, find) {
  switch (place.kind) {
    case "function":
      return ({ stage }) => stage.op === "call" && stage.fn === place.fn;
    case "line":
      return ({ stage, arrives }) => arrives && stage.at === place.line;
    case "model":
      return ({ stage, n }) =>
        stage.at === place.line && stage.ctx !== "user" && functions[owner(stage, n, timeline)]?.model === place.file;
    case "page":
      return (moment) => moment.touches(place.page, place.file);
    case "watch":
      return ({ stage, n }) => n > 0 && !!stage.changes?.some((/** @type {any} */ change) => writes(change, place));
    case "selector":
      return ({ n }) => find(place.text) === n;
    case "condition":
      return () => true;
  }
}

/** A call stands on a line of its caller, a step on one of its own function. @param {any} stage @param {number} n @param {Timeline} timeline */
function owner(stage, n, { stages, calls }) {
  return stage.op === "call" ? stages[calls.parent.at[n]]?.fn : stage.fn;
}

/** @param {import("../rows.js").Change} change @param {{ref: string, field: string}} of */
export const writes = ([ref, field], of) => ref === of.ref && (String(field) === of.field || field === "*");

/** The first of these stages after n, or the last before it; -1. @param {Column} at @param {number} n @param {1 | -1} way */
export function nearest(at, n, way) {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at.at[middle] > n || (way < 0 && at.at[middle] === n)) high = middle;
    else low = middle + 1;
  }
  return way > 0 ? (low < at.length ? at.at[low] : -1) : low > 0 ? at.at[low - 1] : -1;
}
