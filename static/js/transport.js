// @ts-check
/**
 * The wire: one Socket.IO connection, over WebSocket only, that carries stages and outlives its own breaks.
 *
 * Each batch is taken in at once; one acknowledgement may stand for several, for the server counts messages, and holds
 * back when four batches are unacknowledged.  After a break the run is resumed at the stage we hold, so none is lost
 * and none counted twice.  Retries wait 1, 2, 4, then 8 s.
 */

import { io } from "../vendor/socket.io.js";

const LONGEST_WAIT = 8;
const ACK_EVERY = 25; // ms
const ANSWER_WAITS = 20_000; // ms

/**
 * @typedef {object} Listener
 * @property {(hello: any) => void} opened
 * @property {(from: number, stages: any[], batch: {produced: number, done: boolean, held?: boolean}) => number} stages returns how many are held
 * @property {(end: any) => void} ended
 * @property {(request: any, error: any) => void} refused
 * @property {(error: any) => void} trouble
 * @property {(conn: "open" | "lost" | "retry", outage: {since: number, next: number} | null) => void} conn
 * @property {() => void} gone
 */

/** @param {Listener} listener @param {AbortSignal} signal */
export function connect(listener, signal) {
  const socket = io({ transports: ["websocket"], reconnection: false, autoConnect: false });
  let run = /** @type {string | null} */ (null);
  let have = 0;
  let over = false;
  let acked = 0;
  let acking = 0;
  let waiting = /** @type {any} */ (null);
  let tries = 0;
  let since = 0;
  let timer = 0;

  /** @param {any} reply */
  function begin(reply) {
    if (run) socket.emit("close", { run });
    run = reply.run;
    have = 0;
    over = false;
    listener.opened(reply);
  }

  /** @param {any} request */
  function open(request) {
    waiting = request;
    if (!socket.connected) return;
    socket.emit("open", request, (/** @type {any} */ reply) => {
      if (waiting !== request) return;
      waiting = null;
      if (reply.ok) begin(reply);
      else listener.refused(request, reply.error);
    });
  }

  function ack() {
    acking = 0;
    acked = performance.now();
    if (socket.connected) socket.emit("ack", { run, have });
  }

  function resume() {
    if (!run || over) return;
    socket.emit("resume", { run, have }, (/** @type {any} */ reply) => {
      if (!reply.ok) listener.gone();
    });
  }

  function lost() {
    if (signal.aborted) return;
    if (!since) since = Date.now();
    const wait = Math.min(LONGEST_WAIT, 2 ** tries);
    tries += 1;
    clearTimeout(timer);
    timer = window.setTimeout(retry, wait * 1000);
    listener.conn("lost", { since, next: Date.now() + wait * 1000 });
  }

  function retry() {
    if (socket.connected || signal.aborted) return;
    clearTimeout(timer);
    listener.conn("retry", since ? { since, next: Date.now() } : null);
    socket.connect();
  }

  socket.on("connect", () => {
    const outage = since ? { since, next: 0 } : null;
    since = 0;
    tries = 0;
    listener.conn("open", outage);
    if (waiting) open(waiting);
    else resume();
  });
  socket.on("connect_error", lost);
  socket.on("disconnect", lost);
  socket.on("stages", (/** @type {any} */ batch) => {
    if (batch.run !== run) return;
    // A gap means that a batch was lost on the way: ask for what follows the last stage held.
    if (batch.from > have) return resume();
    have = listener.stages(batch.from, batch.stages, batch);
    acking ||= window.setTimeout(ack, Math.max(0, acked + ACK_EVERY - performance.now()));
  });
  socket.on("ended", (/** @type {any} */ end) => {
    if (end.run !== run) return;
    over = true;
    listener.ended(end);
  });
  socket.on(
    "trouble",
    (/** @type {any} */ trouble) => (!trouble.run || trouble.run === run) && listener.trouble(trouble.error),
  );
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    clearTimeout(acking);
    socket.disconnect();
  });
  retry();

  /** Ask what is wrong with a program. @param {any} request @param {(error: any) => void} tell */
  function check(request, tell) {
    if (!socket.connected) return;
    socket.emit("check", request, (/** @type {any} */ reply) => tell(reply.error ?? null));
  }

  /** Go on with what the server held back until now. */
  function more() {
    if (run && socket.connected) socket.emit("want", { run, upto: null });
  }

  /** Store a share. @param {any} share @param {(reply: any) => void} tell */
  function keep(share, tell) {
    if (socket.connected) socket.emit("keep", { share }, tell);
    else tell({ ok: false, error: { what: "The connection is lost; try again when it is back.", errors: [] } });
  }

  /** Ask for a file as it was after a stage. @param {string} path @param {number} stage @param {(reply: any) => void} tell */
  function cat(path, stage, tell) {
    const lost = { ok: false, error: { what: "The connection is lost; ask again when it is back.", errors: [] } };
    if (!socket.connected) return tell(lost);
    socket.timeout(ANSWER_WAITS).emit("cat", { run, path, stage }, (/** @type {any} */ late, /** @type {any} */ reply) => tell(late ? lost : reply));
  }

  return {
    open,
    check,
    keep,
    more,
    cat,
    retry,
    /** For tests and for a page that goes to sleep: drop the connection as a bad network would. */
    drop: () => socket.io.engine?.close(),
  };
}
