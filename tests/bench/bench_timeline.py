"""What the browser's timeline costs: seeking, breakpoints, search and writers among 100 and 200 thousand stages.

The stages are those of the largest run; a real Chromium holds them, and only its own clock is read.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.bench_page import LARGEST, PATIENCE
from tests.e2e import chromium
from tests.e2e.conftest import QUIET_FLAGS, Server, wait_for_server

SIZES = (100_000, 200_000)
RECEIVE = """async (program) => {
    const load = (name) => import(`/static/js/${name}.js`);
    const { createApp } = await load("app");
    const boot = { programs: [], program: { name: "largest.c", text: program }, machine: {}, lesson: null };
    const app = createApp(boot, {}, null, new AbortController().signal);
    const stages = await new Promise((received) => {
        app.subscribe((state) => state.done && received(state.spans.stages));
        app.dispatch({ type: "run" });
    });
    const { functions } = await (await fetch("/model.json")).json();
    Object.assign(globalThis, { load, stages, functions });
    return stages.length;
}"""
MEASURE = """async (count) => {
    const { append, createTimeline, seek } = await load("timeline");
    const { createHits } = await load("stops/hits");
    const { parseStop } = await load("stops/parse");
    const { search } = await load("search");
    const { writersOf } = await load("writers");
    const clock = (act) => { const start = performance.now(); act(); return performance.now() - start; };
    const timeline = createTimeline();
    const held = stages.slice(0, count);
    const taken = clock(() => {
        for (let n = 0; n < held.length; n += 64) append(timeline, n, held.slice(n, n + 64));
    });
    let at = 7;
    const next = () => (at = (at * 48271) % 2147483647) % held.length;
    const seeks = Array.from({ length: 200 }, () => clock(() => seek(timeline, next()))).sort((a, b) => a - b);
    const texts = ["filemap_fault if page == 24", "line 12", "page 24", "watch vmstat.pgmajfault", "major && write"];
    const stops = texts.map((text) => parseStop(text, functions));
    const bytes = timeline.keyframes.frames.reduce((sum, frame) => sum + frame.byteLength, 0);
    return {
        stages: held.length,
        append: taken / held.length * 1000,
        seek: [seeks[100], seeks[190], seeks[199]],
        keyframes: [timeline.keyframes.frames.length, bytes / 2 ** 20],
        stops: clock(() => createHits(timeline, stops, functions).read(true)),
        words: clock(() => search(timeline, "set-pte page 24", functions, true)),
        condition: clock(() => search(timeline, 'page == 24 && op == "call"', functions, true)),
        writers: clock(() => writersOf(timeline, { ref: "vmstat", field: "pgmajfault" })),
    };
}"""


def report(figures: dict[str, Any]) -> None:
    middle, most, worst = figures["seek"]
    count, megabytes = figures["keyframes"]
    print(f"  among {figures['stages']:,} stages")
    print(f"    seek            {middle:7.1f} ms p50, {most:6.1f} ms p95, {worst:6.1f} ms at most   (aim 100)")
    print(f"    take in         {figures['append']:7.1f} µs a stage; {count} keyframes, {megabytes:.1f} MiB")
    print(f"    breakpoints     {figures['stops']:7.1f} ms for five, all stages")
    print(f"    search          {figures['words']:7.1f} ms for words, {figures['condition']:.1f} ms for a condition")
    print(f"    who changed it  {figures['writers']:7.1f} ms, all writers of one value")


def main() -> None:
    """Print the figures, or say why there are none."""
    path = chromium.on_this_machine() or chromium.playwrights_own()
    if path is None:
        print("  not measured: there is no Chromium here; install the package chromium, or set CHROMIUM to its path")
        return
    server = Server()
    options: dict[str, Any] = {"executable_path": path, "args": QUIET_FLAGS}
    try:
        url = wait_for_server(server)
        with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{url}/healthz")
            page.evaluate(RECEIVE, LARGEST)
            for size in SIZES:
                report(page.evaluate(MEASURE, size))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
