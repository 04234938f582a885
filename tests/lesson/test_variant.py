"""Variants: same seed, same lesson; other seeds, other numbers, in text, programs and answers alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lesson.conftest import Draft
from webapp.lesson import Facts, LessonError, load_lesson
from webapp.lesson.grade import right_answer
from webapp.lesson.lesson import Question
from webapp.lesson.library import Library
from webapp.lesson.skeleton import skeleton
from webapp.paths import lessons_dir
from webapp.session.limits import Limits
from webapp.session.run import Recipe, Run

VARY = """\
vary:
  pages: [4, 8]
  first: {from: 1, to: 3}
  even: {from: 10, to: 20, step: 2}
  bytes: {is: pages * 4096}
  advice: [MADV_NORMAL, MADV_RANDOM]
"""


@pytest.fixture
def varied(draft: Draft) -> Draft:
    draft.replace("machine:\n", VARY + "machine:\n")
    draft.replace("is empty.", "has {{bytes}} bytes, {{bytes:hex}}, from {{first}} on, {{even}}, `{{advice}}`.")
    return draft


def test_the_same_seed_draws_the_same_lesson(varied: Draft) -> None:
    assert load_lesson(varied.folder, "ada") == load_lesson(varied.folder, "ada")
    assert len({str(load_lesson(varied.folder, str(seed)).values) for seed in range(20)}) > 10


def test_values_come_from_their_rules(varied: Draft) -> None:
    drawn = [load_lesson(varied.folder, str(seed)).values for seed in range(40)]

    assert {values["pages"] for values in drawn} == {4, 8}
    assert {values["first"] for values in drawn} == {1, 2, 3}
    assert {values["even"] for values in drawn} == {10, 12, 14, 16, 18, 20}
    assert {values["bytes"] for values in drawn} == {16384, 32768}


def test_placeholders_are_replaced_in_the_text_and_in_programs(varied: Draft) -> None:
    varied.replace("4 * 4096", "{{pages}} * 4096", "small.c")

    lesson = load_lesson(varied.folder, "ada")

    pages = lesson.values["pages"]
    assert isinstance(pages, int)
    assert f"has {pages * 4096} bytes, {pages * 4096:#x}, from" in lesson.steps[0].html
    assert f"NULL, {pages} * 4096" in lesson.program.text


def test_answers_follow_the_variant(tmp_path: Path) -> None:
    folder = Draft(tmp_path / "varied", skeleton("varied")).folder
    seen = set()
    for seed in range(12):
        lesson = load_lesson(folder, str(seed))
        question = lesson.step("how-many").task
        assert isinstance(question, Question)
        facts = Facts(Run(Recipe(lesson.program.text)).finish())
        assert right_answer(question, facts) == lesson.values["pages"]
        seen.add(lesson.values["pages"])

    assert seen == {8, 12, 16}


def test_braces_of_c_that_name_nothing_stay(varied: Draft) -> None:
    varied.replace("int fd", "int grid[1][1] = {{fd0}}; int fd", "small.c")

    assert "{{fd0}}" in load_lesson(varied.folder).program.text


RULES = {
    "no rule": ("pages: [4, 8]", "pages: 4", "  pages:", "This is no rule."),
    "empty list": ("pages: [4, 8]", "pages: []", "  pages:", "This is no rule."),
    "range backwards": ("{from: 1, to: 3}", "{from: 3, to: 1}", "  first:", "From 3 to 1 by 1 is no range."),
    "step of zero": ("to: 20, step: 2", "to: 20, step: 0", "  even:", "by 0 is no range"),
    "endless range": ("to: 3}", "to: 99999999}", "  first:", "is no range"),
    "later name": ("is: pages * 4096", "is: late * 4096", "  bytes:", "There is no `late` here."),
    "asks a run": ("is: pages * 4096", "is: count(fault)", "  bytes:", "before there is any run"),
    "text with signs": ("[MADV_NORMAL,", '["a: {b}",', "  advice:", "cannot be placed"),
    "bad name": ("pages: [4, 8]", "Pages: [4, 8]", "  Pages:", "`Pages` is no name."),
    "nothing drawn": ("{{first}} on", "{{last}} on", "{{last}}", "Nothing is drawn for `{{last}}`."),
}


@pytest.mark.parametrize(("old", "new", "at", "what"), RULES.values(), ids=RULES)
def test_a_rule_that_draws_nothing_is_told(varied: Draft, old: str, new: str, at: str, what: str) -> None:
    varied.replace(old, new)

    with pytest.raises(LessonError) as caught:
        load_lesson(varied.folder)

    problem = next(each for each in caught.value.problems if what in each.what)
    assert problem.line == varied.line_of(at)


def test_a_recording_of_one_variant_belongs_to_the_lesson() -> None:
    library = Library(lessons_dir(), Limits())
    other = next(
        one for seed in "abcdefgh" if (one := library.variant("promise", seed)) and one.values["pages"] != 5000
    )

    recorded = library.recording(other)

    assert recorded is not None
    assert recorded["program"] == "course_promise.c"
