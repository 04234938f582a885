// @ts-check
/** Requests to the disk as spans above the flame graph, from the stage that submits one to the one that ends it. */

import { attrs, join, s } from "../../dom.js";
import { moment } from "../../format.js";

/** @typedef {import("../../faults.js").Request} Request */
/** @typedef {{request: Request, x: number, w: number}} Span */

const NARROWEST = 2;
const MOST = 400;

/** Those in view; of such as cannot be told apart the first. @param {Request[]} requests @param {import("./scale.js").Scale} scale @param {number} last @returns {Span[]} */
function inView(requests, scale, last) {
  /** @type {Span[]} */
  const spans = [];
  let edge = -Infinity;
  for (const request of requests) {
    const from = scale.x(request.from);
    const to = scale.x(request.to < 0 ? last : request.to);
    if (to < 0 || from > scale.width || to <= edge + 1) continue;
    const x = Math.max(from, edge, -2);
    edge = Math.max(x + NARROWEST, Math.min(to, scale.width + 2));
    if (spans.push({ request, x, w: edge - x }) === MOST) break;
  }
  return spans;
}

/** @param {Element} svg */
export function createRequests(svg) {
  return (/** @type {import("../../select.js").State} */ state, /** @type {import("./scale.js").Scale} */ scale) =>
    join(
      svg,
      inView(state.requests, scale, state.count - 1),
      ({ request }) => request.ref,
      ({ request }) => s("rect", { "data-testid": `time-request-${request.ref}`, height: 4, rx: 1 }, s("title")),
      (node, { request, x, w }) => {
        attrs(node, { x: x.toFixed(1), width: w.toFixed(1), "data-from": request.from, "data-to": request.to, "data-write": request.write });
        const end = request.to < 0 ? "not done yet" : `done at ${moment(state.spans.time.at[request.to])}`;
        node.firstChild.textContent = `${request.write ? "write" : "read"}, ${request.label}: submitted at ${moment(state.spans.time.at[request.from])}, ${end}`;
      },
    );
}
