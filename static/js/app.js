// @ts-check
/** Store, timeline and wire, tied together: what every part of the page talks to is `dispatch` and `subscribe`. */

import { initial } from "./core.js";
import { resolve } from "./intent.js";
import { LEARNING } from "./learn.js";
import { reduce } from "./reducer.js";
import { viewState } from "./select.js";
import { findPlace, placeAt, sayPlace } from "./place.js";
import { load } from "./stops/shelf.js";
import { createStore } from "./store.js";
import { append, createTimeline } from "./timeline.js";
import { connect } from "./transport.js";

/** @typedef {import("./select.js").State} State */

/** @param {import("./core.js").Core} core */
const draftOf = ({ draft, draftName, program }) => ({ text: draft ?? "", name: draftName ?? program?.name ?? "prog.c" });

/** @param {any} boot @param {any} ui @param {any} wish where to go first @param {AbortSignal} signal */
export function createApp(boot, ui, wish, signal) {
  const store = createStore(reduce, initial(boot, ui, wish));
  let timeline = createTimeline();

  /** @param {any} action */
  function dispatch(action) {
    if (action.type === "run") return run(action);
    if (action.type === "check") return check();
    if (action.type === "place") return stand(action.place);
    if (action.type === "keep") return wire.keep(action.share, action.tell);
    if (action.type === "cat") return wire.cat(action.path, action.stage, action.tell);
    if (action.type === "retry") return wire.retry();
    if (LEARNING[action.type]) return LEARNING[action.type](action, { dispatch, get: store.get, more: wire.more });
    const plain = resolve(action, store.get(), timeline);
    if (plain) store.dispatch(plain);
  }

  /** Start a run: what the action leaves out stays as it is, and so does the place when the program only changed. */
  /** @param {any} action */
  function run(action) {
    const core = store.get();
    const name = action.name ?? core.draftName ?? core.program?.name ?? "prog.c";
    const program = action.text ?? core.draft ?? core.program?.text ?? "";
    const machine = action.machine ?? core.machine;
    if (action.name) store.dispatch({ type: "origin", program: { name, text: program } });
    const back = action.name && core.draft !== null && core.draft !== core.program?.text ? draftOf(core) : undefined;
    const said = [action.said, back && "What you had written is kept."].filter(Boolean).join(" ");
    store.dispatch({ type: "notice", notice: said ? { text: said, back } : null });
    if (action.machine) store.dispatch({ type: "machine", machine });
    const place = action.name ? null : placeAt(timeline, core.cursor);
    if (core.run || action.want) store.dispatch({ type: "pending", want: action.want ?? (place && { type: "place", place }) });
    store.dispatch({ type: "ui", ui: { compiling: true, playing: false } });
    store.dispatch({ type: "gone", gone: false });
    const lesson = core.lesson ? { lesson: core.lesson.id, step: core.learning.exercise ?? "" } : {};
    wire.open({ program, name, machine, ...lesson });
  }

  /** Go to where the reader was in the run before, or to the nearest before it; and say so. */
  /** @param {import("./place.js").Place} place */
  function stand(place) {
    const found = findPlace(timeline, place, store.get().done);
    if (!found) return store.dispatch({ type: "pending", want: { type: "place", place } });
    store.dispatch({ type: "seek", n: found.n, near: true });
    const where = sayPlace(place);
    const text = found.exact ? `Same place as before: ${where}.` : `This run has no such place: ${where}. You are at the nearest before it.`;
    const { notice } = store.get();
    store.dispatch({ type: "notice", notice: { ...notice, text: notice ? `${notice.text} ${text}` : text } });
  }

  /** A program that cannot run is not lost: it stands in the editor. @param {any} request @param {any} error */
  function refused(request, error) {
    const { draft, program } = store.get();
    if (draft === null && request.program !== program?.text) {
      store.dispatch({ type: "draft", text: request.program, name: request.name });
      store.dispatch({ type: "ui", ui: { editing: true } });
    }
    store.dispatch({ type: "trouble", error });
  }

  /** What is wrong with the draft? */
  function check() {
    const { draft, draftName, program, machine } = store.get();
    if (draft === null) return;
    const name = draftName ?? program?.name ?? "prog.c";
    wire.check({ program: draft, name, machine }, (error) => store.dispatch({ type: "checked", text: draft, error }));
  }

  /** Ask again for what was wished for, now that more is known. */
  function goOn() {
    const { pending } = store.get();
    if (pending) dispatch(pending);
  }

  const wire = connect(
    {
      opened(hello) {
        timeline = createTimeline();
        const { ok: _, ...run } = hello;
        store.dispatch({ type: "opened", run, stops: load(run.program.name) });
      },
      stages(from, stages, { produced, done, held }) {
        const count = append(timeline, from, stages);
        store.dispatch({ type: "stages", count, produced, done, held });
        goOn();
        return count;
      },
      ended(end) {
        store.dispatch({ type: "ended", why: end.why, limit: end.limit, stages: end.stages });
        goOn();
      },
      refused,
      trouble: (error) => store.dispatch({ type: "trouble", error }),
      conn: (conn, outage) => store.dispatch({ type: "conn", conn, outage }),
      gone: () => store.dispatch({ type: "gone", gone: true }),
    },
    signal,
  );

  return {
    dispatch,
    /** Hear the state once per animation frame. @param {(state: State) => void} listener */
    subscribe: (listener) => store.subscribe((core) => listener(viewState(core, timeline)), signal),
    flush: store.flush,
    drop: wire.drop,
  };
}
