"""Selectors: the golden answers, the errors, and what only shows with stages that keep arriving."""

from typing import Any

import pytest

from tests.lesson.conftest import GOLDEN
from webapp.lesson import Finder, SelectorError, find, parse

STAGES: list[dict[str, Any]] = GOLDEN["stages"]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["selector"])
def test_a_selector_names_the_golden_stage(case: dict[str, Any]) -> None:
    stage = find(parse(case["selector"]), STAGES)

    assert case["stage"] == (-1 if stage is None else stage)


@pytest.mark.parametrize("text", GOLDEN["malformed"])
def test_a_malformed_selector_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse(text)

    assert f"'{text}'" in caught.value.what
    assert caught.value.remedy.endswith(".")


def test_many_selectors_share_one_pass() -> None:
    finder = Finder(parse(case["selector"]) for case in GOLDEN["cases"])
    for stage in iter(STAGES):
        finder.feed(stage)

    assert {case["selector"]: case["stage"] for case in GOLDEN["cases"] if case["stage"] >= 0} == finder.found


def test_an_answer_is_there_as_soon_as_its_stage_has_come() -> None:
    finder = Finder([parse("fault[1].step(walk)[2]")])
    for stage in STAGES[:30]:
        finder.feed(stage)
    assert not finder.found  # whether that walk leads to a fault is not known yet

    finder.feed(STAGES[30])

    assert finder.found == {"fault[1].step(walk)[2]": 26}


def test_a_task_that_was_thrown_out_of_the_kernel_starts_afresh() -> None:
    def stage(n: int, op: str, fn: str, ctx: str = "kernel", kind: str = "") -> dict[str, Any]:
        return {"n": n, "task": 1, "ctx": ctx, "op": op, "fn": fn, "kind": kind}

    stages = [
        stage(0, "call", "do_DataAbort"),
        stage(1, "call", "find_vma"),  # never returns: the run of this frame was cut off
        stage(2, "step", "main", "user", "user-load"),
        stage(3, "call", "do_DataAbort"),
        stage(4, "call", "find_vma"),
        stage(5, "return", "find_vma"),
        stage(6, "return", "do_DataAbort"),
    ]

    assert find(parse("fault[1].find_vma.return"), stages) is None
    assert find(parse("fault[2].find_vma.return"), stages) == 5
    assert find(parse("fault[2].return"), stages) == 6
