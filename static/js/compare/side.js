// @ts-check
/** One run of a comparison: opened from its share on a connection of its own, and followed to its end. */

import { append, createTimeline } from "../timeline.js";
import { connect } from "../transport.js";

/**
 * @typedef {object} Side
 * @property {import("../share.js").Share} share
 * @property {import("../timeline.js").Timeline} timeline
 * @property {Record<string, any>} machine
 * @property {Record<string, number>} files
 * @property {string} why how it ended
 * @property {(share: import("../share.js").Share) => Promise<string>} keep store a share; its id
 */

/** @param {import("../share.js").Share} share @param {AbortSignal} signal @returns {Promise<Side>} once every stage is here */
export function follow(share, signal) {
  return new Promise((done, fail) => {
    const side = /** @type {Side} */ ({ share, timeline: createTimeline(), machine: {}, files: {}, why: "", keep });
    let left = Infinity;
    const settle = () => side.timeline.stages.length >= left && done(side);
    /** @param {any} error */
    const broken = ({ what, errors = [] }) => fail(new Error(`${share.name}: ${[what, ...errors.map((/** @type {any} */ one) => `line ${one.line}: ${one.message}`)].join(" ")}`));
    const wire = connect(
      {
        opened(hello) {
          side.timeline = createTimeline();
          side.machine = hello.machine;
          side.files = hello.files;
        },
        stages(from, stages) {
          const count = append(side.timeline, from, stages);
          settle();
          return count;
        },
        ended(end) {
          side.why = end.why;
          left = end.stages;
          settle();
        },
        refused: (_, error) => broken(error),
        trouble: broken,
        conn() {},
        gone: () => fail(new Error(`The server no longer has the run of ${share.name}. Load the page again.`)),
      },
      signal,
    );
    wire.open({ program: share.program, name: share.name, machine: share.machine });

    /** @param {import("../share.js").Share} one @returns {Promise<string>} */
    function keep(one) {
      return new Promise((kept, refused) =>
        wire.keep(one, (/** @type {any} */ reply) => (reply.ok ? kept(reply.id) : refused(new Error(reply.error.what)))),
      );
    }
  });
}
