"""Conditions, breakpoints, writers, search and history, module by module, against the golden run and plain Python."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from webapp.kernel.journal import Rows, apply

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = json.loads((GOLDEN / "conditions.json").read_text())
EMPTY = '<!doctype html><link rel="icon" href="data:,">'
PARAMS = ["fgp_flags", "vmf", "pgoff", "nr_to_read"]
SETUP = """async ([stages, params]) => {
    const load = (name) => import(`/static/js/${name}.js`);
    const { append, createTimeline } = await load("timeline");
    const timeline = createTimeline();
    for (let from = 0; from < stages.length; from += 50) append(timeline, from, stages.slice(from, from + 50));
    const functions = {};
    for (const { fn, op } of stages) if (op === "call") functions[fn] = { model: "mm/x.py", params };
    Object.assign(globalThis, { load, append, createTimeline, timeline, functions, goldenStages: stages });
}"""
HITS = """async (texts) => {
    const { createHits } = await load("stops/hits");
    const { parseStop } = await load("stops/parse");
    const hits = createHits(timeline, texts.map((text) => parseStop(text, functions)), functions);
    return hits.read(true).map((column) => [...column.at.slice(0, column.length)]);
}"""

Stage = dict[str, Any]


@cache
def stages() -> list[Stage]:
    return [json.loads(line) for line in (GOLDEN / "short_read.jsonl").read_text().splitlines()]


@pytest.fixture
def js(page: Page) -> Page:
    """An empty page of the server's with the golden run in a timeline."""
    page.route("**/empty", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
    page.goto("/empty")
    page.evaluate(SETUP, [stages(), PARAMS])
    return page


@cache
def told() -> list[tuple[Stage, dict[str, Any] | None, Rows]]:
    """Each stage with the fault around it and the rows after it; what a fault turns out to be is known beforehand."""
    rows: Rows = {}
    faults: list[dict[str, Any]] = []
    moments = []
    for n, stage in enumerate(stages()):
        changes = stage.get("changes", ())
        apply(rows, changes)
        if n and any(ref == "fault" and field == "n" for ref, field, *_ in changes):
            faults.append({"k": len(faults) + 1, "n": n, "end": 10**9, "page": None, "major": None})
        current: dict[str, Any] = faults[-1] if faults else {"end": -1}
        for ref, field, before, after in changes if n else ():
            if field in ("maj_flt", "min_flt") and after > (before or 0) and current["end"] > n:
                current["major"] = field == "maj_flt"
            if (ref, field, after) == ("fault", "active", False):
                current["end"] = n
        vma = rows.get(rows["fault"].get("vma", ""), {})
        if current["end"] >= n and vma.get("vm_file"):
            current["page"] = (rows["fault"]["address"] - vma["vm_start"]) // 4096 + vma["vm_pgoff"]
        moments.append((stage, current if current["end"] >= n else None, json.loads(json.dumps(rows))))
    return moments


@cache
def rises(python: str) -> list[int]:
    """The stages at which an expression of Python becomes true."""
    code = compile(python, python, "eval")
    holds = [bool(eval(code, {"s": s, "f": f, "rows": rows})) for s, f, rows in told()]
    return [n for n, now in enumerate(holds) if now and not (n and holds[n - 1])]


@pytest.mark.parametrize("case", CASES["holds"], ids=lambda case: case["condition"])
def test_a_condition_stops_where_it_becomes_true(js: Page, case: dict[str, str]) -> None:
    [found] = js.evaluate(HITS, [case["condition"]])

    assert found == rises(case["python"])


@pytest.mark.parametrize("case", CASES["mistakes"], ids=lambda case: case["condition"])
def test_a_mistake_is_told_in_a_sentence_that_quotes_it(js: Page, case: dict[str, str]) -> None:
    said, quoted = js.evaluate(
        """async (text) => {
            const { compile } = await load("expression/compile");
            try { compile(text, new Set(["fgp_flags", "vmf"])); } catch (error) {
                return [error.message, text.slice(error.from, error.to)];
            }
        }""",
        case["condition"],
    )

    assert (said, quoted) == (case["says"], case["quotes"])


def test_no_text_however_odd_does_more_than_fail_to_be_read(js: Page) -> None:
    odd = [
        "(" * 200,
        "!" * 300,
        "x" * 500,
        "page" + " == 1 && page" * 40,
        "__proto__.x",
        "a.b.c",
        "1" * 399,
        '"' * 7,
        "🙂",
    ]

    said = js.evaluate(
        """async (odd) => {
            const { readStop } = await load("stops");
            return odd.map((text) => readStop(text, functions)).map((one) => one instanceof Error || !!one.place);
        }""",
        odd,
    )

    assert said == [True] * len(odd)


def test_each_kind_of_place_is_hit_where_python_says(js: Page) -> None:
    all_stages = stages()
    calls = [n for n, s in enumerate(all_stages) if s["op"] == "call" and s["fn"] == "filemap_map_pages"]
    conditional = [n for n in calls if (told()[n][1] or {}).get("page") == 3]
    watched = [
        n
        for n, s in enumerate(all_stages)
        if n and any(c[:2] == ["vmstat", "pgmajfault"] for c in s.get("changes", ()))
    ]
    model_line = next(s["at"] for s in all_stages if s.get("kind") == "set-pte")
    lines = [n for n, s in enumerate(all_stages) if s.get("kind") == "set-pte" and s["at"] == model_line]

    found = js.evaluate(
        HITS,
        [
            "filemap_map_pages",
            "filemap_map_pages if page == 3",
            "watch vmstat.pgmajfault",
            f"mm/x.py:{model_line}",
            "fault[2]",
        ],
    )

    assert found[:3] == [calls, conditional, watched]
    assert set(lines) <= set(found[3])
    assert [all_stages[n]["fn"] for n in found[4]] == ["do_DataAbort"]


def test_a_page_is_hit_where_its_struct_its_slot_or_a_fault_changes(js: Page) -> None:
    held: dict[str, tuple[str | None, int | None]] = {}
    expected = []
    for n, (stage, fault, _) in enumerate(told()):
        touched = bool(fault and fault["n"] == n and fault["page"] == 3)
        for ref, field, _, after in stage.get("changes", ()):
            if ref.startswith("cache/") and str(field) == "3":
                touched = True
            if not ref.startswith("page/"):
                continue
            mapping, index = held.get(ref, (None, None))
            touched = touched or ((mapping or "").startswith("cache/") and index == 3)
            if field == "*":
                held[ref] = ((after or {}).get("mapping"), (after or {}).get("index"))
            elif field == "mapping":
                held[ref] = (after, index)
            elif field == "index":
                held[ref] = (mapping, after)
        if touched:
            expected.append(n)

    found = js.evaluate(HITS, ["page 3", "page 3 of data.bin", "page 3 of other.bin"])

    assert expected
    assert found[0] == expected
    assert found[1] == expected
    assert [n for n in found[2] if (told()[n][1] or {}).get("page") != 3] == []


def test_a_line_is_hit_once_although_one_statement_of_it_loads_three_times(js: Page) -> None:
    loads = [n for n, s in enumerate(stages()) if s.get("kind") == "user-load"]
    assert len({stages()[n]["at"] for n in loads}) == 1

    [found] = js.evaluate(HITS, [f"line {stages()[loads[0]]['at']}"])

    assert found == loads[:1]


def test_hits_are_the_same_while_stages_arrive(js: Page) -> None:
    texts = [case["condition"] for case in CASES["holds"]] + [
        "filemap_fault if major",
        "page 3",
        "fault[2].filemap_fault",
    ]

    same = js.evaluate(
        """async (texts) => {
            const { createHits } = await load("stops/hits");
            const { parseStop } = await load("stops/parse");
            const stops = texts.map((text) => parseStop(text, functions));
            const list = (hits, done) => hits.read(done).map((column) => [...column.at.slice(0, column.length)].join());
            const whole = list(createHits(timeline, stops, functions), true);
            const slow = createTimeline();
            const hits = createHits(slow, stops, functions);
            for (let n = 0; n < goldenStages.length; n += 7) {
                append(slow, n, goldenStages.slice(n, n + 7));
                hits.read(false);
            }
            return list(hits, true).every((one, i) => one === whole[i]);
        }""",
        texts,
    )

    assert same


@pytest.mark.parametrize(
    ("ref", "field"), [("vmstat", "pgmajfault"), ("cpu", "DFAR"), ("fault", "attempt"), ("mm/1", "rss_file")]
)
def test_writers_are_the_stages_that_changed_the_field(js: Page, ref: str, field: str) -> None:
    expected = [
        n for n, s in enumerate(stages()) if any(c[0] == ref and c[1] in (field, "*") for c in s.get("changes", ()))
    ]

    found, last, before, after = js.evaluate(
        """async ([ref, field]) => {
            const { writersOf, writer } = await load("writers");
            const of = { ref, field };
            const all = writersOf(timeline, of);
            const at = all[1];
            return [all, writer(timeline, of, at + 1, 0), writer(timeline, of, at, -1), writer(timeline, of, at, 1)];
        }""",
        [ref, field],
    )

    assert found == expected
    assert (last, before) == (
        expected[1] if len(expected) < 3 or expected[2] != expected[1] + 1 else expected[2],
        expected[0],
    )
    assert after == (expected[2] if len(expected) > 2 else -1)


@pytest.mark.parametrize(
    ("query", "python"),
    [
        ("filemap_fault", "'filemap_fault' in words(s)"),
        ("SET-PTE", "'set-pte' in words(s)"),
        ("readahead call", "'readahead' in words(s) and 'call' in words(s)"),
        ("depth > 6 && op == 'step'", "s['depth'] > 6 and s['op'] == 'step'"),
        ("nothingofthesort", "False"),
    ],
)
def test_search_finds_what_python_finds(js: Page, query: str, python: str) -> None:
    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for one in value.values() for text in strings(one)]
        if isinstance(value, list):
            return [text for one in value for text in strings(one)]
        return [value] if isinstance(value, str) else []

    def words(s: Stage) -> str:
        ret = [s["ret"]] if isinstance(s.get("ret"), str) else []
        return "\n".join([s["fn"], s.get("kind", ""), s.get("text", ""), *ret, *strings(s.get("args"))]).lower()

    code = compile(python, python, "eval")
    expected = [n for n, s in enumerate(stages()) if eval(code, {"s": s, "words": words})]

    total, hits = js.evaluate(
        """async (query) => {
            const { search } = await load("search");
            const found = search(timeline, query, functions, true);
            return [found.total, found.groups.flatMap((group) => group.hits)];
        }""",
        query,
    )

    assert total == len(expected)
    assert set(hits) <= set(expected)


def test_what_is_found_is_grouped_by_what_it_happened_in(js: Page) -> None:
    titles = js.evaluate(
        """async () => {
            const { search } = await load("search");
            const found = search(timeline, 'fn == "handle_mm_fault" && op == "call"', functions, true);
            return found.groups.map((group) => group.title);
        }"""
    )

    assert titles == [
        "Fault 1 on page 0, major",
        "Fault 2 on page 3, major",
        "Fault 3 on page 2, minor",
    ]


def test_history_remembers_leaps_and_not_steps(js: Page) -> None:
    places = js.evaluate(
        """async () => {
            const { reduce } = await load("reducer");
            const { initial } = await load("core");
            let core = { ...initial({}, {}, null), count: 100, cursor: 0 };
            const places = [];
            const act = (action) => { core = reduce(core, action); places.push(core.cursor); };
            act({ type: "seek", n: 1, near: true });
            act({ type: "seek", n: 50 });
            act({ type: "seek", n: 51, near: true });
            act({ type: "seek", n: 90 });
            act({ type: "history", way: -1 });
            act({ type: "history", way: -1 });
            act({ type: "history", way: -1 });
            act({ type: "history", way: 1 });
            act({ type: "history", way: 1 });
            act({ type: "history", way: 1 });
            return places;
        }"""
    )

    assert places == [1, 50, 51, 90, 51, 1, 1, 51, 90, 90]


def test_dragging_through_time_is_one_leap(js: Page) -> None:
    back = js.evaluate(
        """async () => {
            const { reduce } = await load("reducer");
            const { initial } = await load("core");
            let core = { ...initial({}, {}, null), count: 100, cursor: 7 };
            const act = (action) => { core = reduce(core, action); };
            act({ type: "ui", ui: { scrubbing: true } });
            for (const n of [20, 30, 40]) act({ type: "seek", n });
            act({ type: "ui", ui: { scrubbing: false } });
            return core.history.back;
        }"""
    )

    assert back == [7]


def test_a_window_of_the_timeline_follows_the_cursor_and_not_the_reader_who_looks_elsewhere(js: Page) -> None:
    found = js.evaluate(
        """async () => {
            const { createScale } = await load("views/time/scale");
            const { panned, zoomed } = await load("views/time/zoom");
            const spans = { time: { at: Float64Array.from({ length: 1000 }, (_, i) => i * 1000) } };
            const run = { count: 1000, spans };
            const scale = (cursor, window) => createScale({ ...run, cursor, ui: { axis: "time", window } }, 1000);
            const all = scale(500, null);
            const near = zoomed(all, 4, all.x(500), 500);
            const part = scale(500, near);
            const away = panned(part, 2000, 500);
            const looked = scale(500, away);
            const stepped = scale(501, away);
            return {
                stays: Math.abs(all.x(500) - part.x(500)) < 0.01,
                narrower: Math.round((all.to - all.from) / (part.to - part.from)),
                away: looked.x(500) < 0,
                follows: stepped.x(501) >= 0 && stepped.x(501) <= 1000,
                out: zoomed(part, 1 / 8, 500, 500),
                bounds: [panned(part, -1e9, 500).from === all.from, panned(part, 1e9, 500).to <= all.to],
            };
        }"""
    )

    assert found == {"stays": True, "narrower": 4, "away": True, "follows": True, "out": None, "bounds": [True, True]}


def test_every_task_has_a_lane_and_what_happens_while_all_sleep_stands_under_the_sleep(js: Page) -> None:
    stage = {"ctx": "kernel", "args": {}}
    run = [
        {"op": "call", "fn": "a", "task": 1, "t": 0},
        {"op": "step", "fn": "a", "task": 1, "t": 1000, "kind": "wait", "text": "sleeps"},
        {"op": "call", "fn": "schedule", "task": 1, "t": 1100},
        {"op": "call", "fn": "b", "task": 2, "t": 2000},
        {"op": "return", "fn": "b", "task": 2, "t": 4000},
        {"op": "call", "fn": "irq", "task": 0, "t": 5000, "ctx": "irq"},
        {"op": "return", "fn": "irq", "task": 0, "t": 6000, "ctx": "irq"},
        {"op": "return", "fn": "schedule", "task": 1, "t": 7000},
        {"op": "return", "fn": "a", "task": 1, "t": 9000},
    ]

    lanes, rows = js.evaluate(
        """async (run) => {
            const { viewState } = await load("select");
            const { initial } = await load("core");
            const { layout } = await load("views/time/layout");
            const { createScale } = await load("views/time/scale");
            const two = createTimeline();
            append(two, 0, run);
            const state = viewState({ ...initial({}, {}, null), count: run.length, cursor: 8 }, two);
            const { boxes, lanes } = layout(state, createScale(state, 900));
            return [lanes, boxes.map(({ label, row }) => [label, row])];
        }""",
        [stage | one for one in run],
    )

    assert lanes == [{"task": 1, "rows": 3}, {"task": 2, "rows": 1}]
    assert sorted(rows) == sorted([["a", 0], ["sleeps", 1], ["irq", 2], ["b", 3]])


def test_the_lines_that_only_record_can_be_left_out(js: Page) -> None:
    source = [
        "def f(k):",
        "    x = 1",
        '    k.stage("a", f"({x}", b=1)',
        "    k.stage(",
        '        "b",',
        "    )",
        "    return x",
    ]

    left = js.evaluate(
        """async (source) => {
            const { recordingLines } = await load("bare");
            return source.filter((_, i) => !recordingLines(source).has(i));
        }""",
        source,
    )

    assert left == ["def f(k):", "    x = 1", "    return x"]


def test_values_stand_beside_the_lines_of_the_function(js: Page) -> None:
    """What it was given, what came back into its names, and what the current line's names hold now."""
    entry = {
        "line": 10,
        "source": ["def f(k, page, flags):", "    old = g(k, page)", "    h(k, old, page.flags, k.vmstat.nr)"],
    }
    stages_ = [
        {"op": "call", "fn": "f", "args": {"page": "page/7", "flags": 596}, "ctx": "kernel"},
        {"op": "call", "fn": "g", "at": 11, "ctx": "kernel"},
        {"op": "return", "fn": "g", "ret": 5, "ctx": "kernel"},
        {"op": "call", "fn": "h", "at": 12, "ctx": "kernel"},
    ]

    notes = js.evaluate(
        """async ([entry, stages]) => {
            const { notesOf } = await load("inline");
            const spans = { stages, pair: { at: [-1, 2, 1, -1] }, parent: { at: [-1, 0, 0, 0] } };
            const rows = { "page/7": { flags: 1 }, vmstat: { nr: 3 } };
            return notesOf({ fn: "f", stage: 0, line: 12 }, entry, spans, rows, 3);
        }""",
        [entry, stages_],
    )

    assert notes == [
        {"line": 10, "text": "page = page/7, flags = 0x254"},
        {"line": 11, "text": "g returned 5"},
        {"line": 12, "text": "old = 5, page.flags = PG_locked, k.vmstat.nr = 3"},
    ]
