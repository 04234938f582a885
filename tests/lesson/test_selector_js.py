"""The browser's selectors give the golden answers, too: both at once and while stages arrive."""

import pytest
from playwright.sync_api import Page

from tests.lesson.conftest import GOLDEN

pytestmark = pytest.mark.e2e


def test_the_browser_gives_the_golden_answers(blank: Page) -> None:
    texts = [case["selector"] for case in GOLDEN["cases"]] + GOLDEN["malformed"]

    answers = blank.evaluate(
        """async ([texts, list]) => {
            const { find } = await import("/static/js/selector.js");
            const stages = { length: list.length, get: (i) => list[i] };
            return texts.map((text) => find(text, stages));
        }""",
        [texts, GOLDEN["stages"]],
    )

    assert answers == [case["stage"] for case in GOLDEN["cases"]] + [-1] * len(GOLDEN["malformed"])


def test_a_finder_answers_the_same_while_stages_arrive_and_after_a_new_run(blank: Page) -> None:
    texts = [case["selector"] for case in GOLDEN["cases"]]

    same, after = blank.evaluate(
        """async ([texts, list]) => {
            const { createFinder, find } = await import("/static/js/selector.js");
            const held = [];
            const run = { get length() { return held.length; }, get: (i) => held[i] };
            const finder = createFinder(texts);
            let same = true;
            for (const stage of list) {
                held.push(stage);
                const now = { length: held.length, get: (i) => held[i] };
                same &&= texts.every((text) => finder.find(text, run) === find(text, now));
            }
            held.length = 0;
            return [same, texts.map((text) => finder.find(text, run)).every((n) => n === -1)];
        }""",
        [texts, GOLDEN["stages"]],
    )

    assert same
    assert after


def test_the_next_checkpoint_is_the_first_one_after_the_cursor(blank: Page) -> None:
    steps = [{"at": text} for text in ("start", "fault[1]", "fault[9]", "exit")]

    places = blank.evaluate(
        """async ([steps, stages]) => {
            const { checkpoints, nextCheckpoint } = await import("/static/js/selector.js");
            const lesson = { steps };
            const at = (cursor) => ({ lesson, spans: { stages }, cursor });
            return [checkpoints(at(0)), ...[-1, 0, 29, 30, 200].map((cursor) => nextCheckpoint(at(cursor)))];
        }""",
        [steps, GOLDEN["stages"]],
    )

    assert places == [[0, 30, -1, 137], 0, 30, 30, 137, -1]
