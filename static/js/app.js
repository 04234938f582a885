// @ts-check
/** Store, timeline and wire, tied together: what every part of the page talks to is `dispatch` and `subscribe`. */

import { initial } from "./core.js";
import { resolve } from "./intent.js";
import { reduce } from "./reducer.js";
import { viewState } from "./select.js";
import { createStore } from "./store.js";
import { append, createTimeline } from "./timeline.js";
import { connect } from "./transport.js";

/** @typedef {import("./select.js").State} State */

/** @param {any} boot @param {any} ui @param {any} wish where to go first @param {AbortSignal} signal */
export function createApp(boot, ui, wish, signal) {
  const store = createStore(reduce, initial(boot, ui, wish));
  let timeline = createTimeline();

  /** @param {any} action */
  function dispatch(action) {
    if (action.type === "run") return run(action);
    if (action.type === "check") return check();
    if (action.type === "retry") return wire.retry();
    const plain = resolve(action, store.get(), timeline);
    if (plain) store.dispatch(plain);
  }

  /** Start a run: what the action leaves out stays as it is. @param {any} action */
  function run(action) {
    const core = store.get();
    const name = action.name ?? core.draftName ?? core.program?.name ?? "prog.c";
    const program = action.text ?? core.draft ?? core.program?.text ?? "";
    const machine = action.machine ?? core.machine;
    if (action.name) store.dispatch({ type: "origin", program: { name, text: program } });
    if (action.machine) store.dispatch({ type: "machine", machine });
    if (core.run) store.dispatch({ type: "pending", want: null });
    store.dispatch({ type: "ui", ui: { compiling: true, playing: false } });
    store.dispatch({ type: "gone", gone: false });
    wire.open({ program, name, machine });
  }

  /** What is wrong with the draft? */
  function check() {
    const { draft, draftName, program, machine } = store.get();
    if (draft === null) return;
    const name = draftName ?? program?.name ?? "prog.c";
    wire.check({ program: draft, name, machine }, (error) => store.dispatch({ type: "checked", text: draft, error }));
  }

  const wire = connect(
    {
      opened(hello) {
        timeline = createTimeline();
        const { ok: _, ...run } = hello;
        store.dispatch({ type: "opened", run });
      },
      stages(from, stages, produced, done) {
        const count = append(timeline, from, stages);
        store.dispatch({ type: "stages", count, produced, done });
        const { pending } = store.get();
        if (pending) dispatch(pending);
        return count;
      },
      ended: (end) => store.dispatch({ type: "ended", why: end.why, limit: end.limit, stages: end.stages }),
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
    drop: wire.drop,
  };
}
