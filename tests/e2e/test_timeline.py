"""The browser's timeline against the golden run: the same rows as Python, forwards, backwards and by leaps."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

GOLDEN = Path(__file__).parent.parent / "golden"
EMPTY = '<!doctype html><link rel="icon" href="data:,">'
SETUP = """async ([stages, batch]) => {
    const { append, createTimeline, seek } = await import("/static/js/timeline.js");
    const { STEPS } = await import("/static/js/steps.js");
    const timeline = createTimeline();
    for (let from = 0; from < stages.length; from += batch) append(timeline, from, stages.slice(from, from + batch));
    Object.assign(globalThis, { append, seek, timeline, STEPS, goldenStages: stages });
}"""


@cache
def stages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / "short_read.jsonl").read_text().splitlines()]


@cache
def golden_rows() -> dict[str, Any]:
    """The rows after some stages, by the number of the stage."""
    rows: dict[str, Any] = json.loads((GOLDEN / "short_read.rows.json").read_text())
    return rows


@pytest.fixture
def timeline(page: Page) -> Page:
    """An empty page of the server's, and a timeline that holds the golden run, filled in small batches."""
    page.route("**/empty", lambda route: route.fulfill(body=EMPTY, content_type="text/html"))
    page.goto("/empty")
    page.evaluate(SETUP, [stages(), 50])
    return page


@cache
def ends() -> dict[int, int]:
    """The return of each call of the kernel, by a stack for each task: told in Python, independently of the page."""
    stacks: dict[int, list[int]] = {}
    found: dict[int, int] = {}
    for n, stage in enumerate(stages()):
        if stage["ctx"] == "user":
            continue
        stack = stacks.setdefault(stage["task"], [])
        if stage["op"] == "call":
            stack.append(n)
        elif stage["op"] == "return":
            found[stack.pop()] = n
    return found


def parent(n: int) -> int:
    """The innermost call around a stage, itself included when it is a call; -1 in the program."""
    if n in ends():
        return n
    return max((call for call, end in ends().items() if call < n < end), default=-1)


def steps(page: Page, how: str) -> list[int]:
    """Where a way of stepping leads from every stage."""
    found: list[int] = page.evaluate("(how) => goldenStages.map((_, n) => STEPS[how](timeline, n))", how)
    return found


def test_seeking_forwards_gives_the_golden_rows(timeline: Page) -> None:
    found = timeline.evaluate("(wanted) => wanted.map((n) => [n, seek(timeline, n)])", [int(n) for n in golden_rows()])

    assert {str(n): rows for n, rows in found} == golden_rows()


def test_stepping_forwards_one_by_one_gives_the_golden_rows(timeline: Page) -> None:
    found = timeline.evaluate(
        """(wanted) => {
            const kept = {};
            goldenStages.forEach((_, n) => {
                const rows = seek(timeline, n);
                if (wanted.includes(n)) kept[n] = structuredClone(rows);
            });
            return kept;
        }""",
        [int(n) for n in golden_rows()],
    )

    assert found == golden_rows()


def test_stepping_backwards_one_by_one_gives_the_golden_rows(timeline: Page) -> None:
    found = timeline.evaluate(
        """(wanted) => {
            const kept = {};
            for (let n = goldenStages.length - 1; n >= 0; n -= 1) {
                const rows = seek(timeline, n);
                if (wanted.includes(n)) kept[n] = structuredClone(rows);
            }
            return kept;
        }""",
        [int(n) for n in golden_rows()],
    )

    assert found == golden_rows()


def test_leaps_in_any_order_give_the_golden_rows(timeline: Page) -> None:
    order = [int(n) for n in golden_rows()]
    leaps = [n for a in order for b in order for n in (a, b)]

    found = timeline.evaluate("(leaps) => leaps.map((n) => JSON.stringify(seek(timeline, n)))", leaps)

    assert all(json.loads(rows) == golden_rows()[str(n)] for n, rows in zip(leaps, found, strict=True))


def test_going_back_before_the_first_stage_leaves_nothing(timeline: Page) -> None:
    assert timeline.evaluate("() => { seek(timeline, 300); return seek(timeline, -1); }") == {}


def test_a_row_that_did_not_change_is_the_same_object(timeline: Page) -> None:
    """Views tell by identity what they have to draw again."""
    wrong = timeline.evaluate(
        """() => {
            let before = seek(timeline, 0);
            const wrong = [];
            for (let n = 1; n < goldenStages.length; n += 1) {
                const rows = seek(timeline, n);
                const touched = new Set((goldenStages[n].changes ?? []).map(([ref]) => ref));
                for (const ref in rows) if (!touched.has(ref) && rows[ref] !== before[ref]) wrong.push([n, ref]);
                before = rows;
            }
            return wrong;
        }"""
    )

    assert wrong == []


def test_what_a_view_holds_never_changes_under_it(timeline: Page) -> None:
    wrong = timeline.evaluate(
        """() => {
            const held = [100, 255, 400].map((n) => [n, seek(timeline, n)]);
            const said = held.map(([, rows]) => JSON.stringify(rows));
            for (const n of [0, 500, 256, 100, 399, 401]) seek(timeline, n);
            return held.filter(([, rows], i) => JSON.stringify(rows) !== said[i]).map(([n]) => n);
        }"""
    )

    assert wrong == []


def test_stages_that_come_twice_are_counted_once(timeline: Page) -> None:
    counts = timeline.evaluate(
        """() => [append(timeline, 0, goldenStages.slice(0, 90)), append(timeline, 80, goldenStages.slice(80)),
            timeline.calls.parent.length]"""
    )

    assert counts == [len(stages())] * 3


def test_a_gap_in_the_stages_is_an_error(timeline: Page) -> None:
    said = timeline.evaluate(
        "() => { try { append(timeline, goldenStages.length + 1, [{}]); } catch (error) { return error.message; } }"
    )

    assert f"do not follow the {len(stages())} held" in said


def test_into_and_back_lead_to_the_neighbours(timeline: Page) -> None:
    assert steps(timeline, "into") == [*range(1, len(stages())), -1]
    assert steps(timeline, "back") == [-1, *range(len(stages()) - 1)]


def test_over_leads_past_the_call(timeline: Page) -> None:
    expected = [ends().get(n, ends().get(n + 1, n + 1 if n < len(stages()) - 1 else -1)) for n in range(len(stages()))]

    assert steps(timeline, "over") == expected


def test_out_leads_to_the_return_of_the_innermost_call(timeline: Page) -> None:
    expected = [ends().get(parent(n), -1) for n in range(len(stages()))]

    assert steps(timeline, "out") == expected


def test_next_and_previous_fault_lead_to_the_stages_where_the_fault_row_begins_anew(timeline: Page) -> None:
    begins = [
        n
        for n, stage in enumerate(stages())
        if n and any(ref == "fault" and field == "n" for ref, field, *_ in stage.get("changes", ()))
    ]
    assert len(begins) == 3

    assert steps(timeline, "nextFault") == [min((b for b in begins if b > n), default=-1) for n in range(len(stages()))]
    assert steps(timeline, "prevFault") == [max((b for b in begins if b < n), default=-1) for n in range(len(stages()))]


def test_the_fault_index_tells_page_window_and_kind(timeline: Page) -> None:
    def told(fault: dict[str, Any]) -> tuple[Any, ...]:
        return fault["page"], fault["around"], fault["set"], fault["read"], fault["attempts"], fault["major"]

    faults = timeline.evaluate("() => timeline.faults.faults")

    assert [told(fault) for fault in faults] == [
        (0, [0, 1], [0, 1], 4, 2, True),
        (3, [3, 4], [3], 4, 2, True),
        (2, [1, 2], [2], 0, 1, False),
    ]
