"""The checker: it finds what is wrong, and finds nothing wrong with the lessons that we ship."""

from typing import Any

import pytest

from tests.lesson.conftest import GOLDEN, ROOT, Draft
from webapp.lesson import Finder, Lesson, check_lesson, load_lesson, load_lessons
from webapp.lesson.check import MAX_SENTENCE_WORDS, MAX_STEP_WORDS
from webapp.lesson.objects import ALONE, DEFAULT_OBJECT, FORMS
from webapp.lesson.schema import Explain, FrontMatter
from webapp.session.run import Recipe, Run

LESSONS = load_lessons(ROOT / "lessons")


def run_of(lesson: Lesson) -> Run:
    return Run(Recipe(lesson.program_text, lesson.program_name, lesson.machine)).finish()


def messages(draft: Draft) -> list[str]:
    return [str(problem) for problem in check_lesson(load_lesson(draft.folder), GOLDEN["stages"])]


def test_a_lesson_that_fits_its_run_has_no_problems(draft: Draft) -> None:
    assert messages(draft) == []


def test_a_selector_without_a_stage_is_told_with_the_nearest_name(draft: Draft) -> None:
    draft.replace("at: fault[1].filemap_fault", "at: fault[1].filemap_falt")

    assert messages(draft) == [
        "small/lesson.md:25: at: fault[1].filemap_falt names no stage of a run of small.c. "
        "`filemap_falt` never happens. Did you mean `filemap_fault`?"
    ]


def test_a_count_that_is_too_high_is_told_as_such(draft: Draft) -> None:
    draft.replace("at: fault[1].filemap_fault", "at: fault[1].filemap_fault[2]")

    assert "check the counts" in messages(draft)[0]


def test_steps_must_follow_the_run(draft: Draft) -> None:
    draft.replace("at: start", "at: exit")

    assert messages(draft) == [
        "small/lesson.md:25: at: fault[1].filemap_fault is stage 35, not after exit of the step before, stage 137. "
        "Steps follow the run: reorder them."
    ]


def test_two_steps_cannot_share_a_stage(draft: Draft) -> None:
    draft.replace("at: start", "at: fault[1].filemap_fault")

    assert len(messages(draft)) == 1


def test_long_steps_and_long_sentences_are_told(draft: Draft) -> None:
    draft.replace("is empty.", "is empty" + " and so on" * 12 + "." + " It is." * 60)
    draft.replace("It looks", "")

    assert [message.split(": ", 1)[1][:30] for message in messages(draft)] == [
        "The step `First` has 161 words",
        "A sentence has 41 words: 'The ",
    ]


@pytest.fixture(scope="module", params=LESSONS.values(), ids=list(LESSONS))
def shipped(request: pytest.FixtureRequest) -> tuple[Lesson, list[dict[str, Any]]]:
    return request.param, run_of(request.param).stages()


def test_every_lesson_holds_on_the_model(shipped: tuple[Lesson, list[dict[str, Any]]]) -> None:
    lesson, stages = shipped

    assert [str(problem) for problem in check_lesson(lesson, stages)] == []


def test_what_the_first_lesson_says_is_what_the_model_does() -> None:
    lesson = LESSONS["first-touch"]
    run = run_of(lesson)
    stages = run.stages()
    finder = Finder(step.at for step in lesson.steps)
    for stage in stages:
        finder.feed(stage)
    rows = {step.id: run.rows_at(finder.found[step.at.text] + 1) for step in lesson.steps}
    first = rows["vma"]["fault"]["address"]
    cache = next(ref for ref in rows["bio"] if ref.startswith("cache/"))

    def ptes(step: str) -> dict[int, list[int]]:
        """Present PTEs of the mapping, by page."""
        table = next(row for row in rows[step].values() if row.get("slot") == first >> 21)
        entries = {(first >> 21 << 9 | int(key)) - (first >> 12): word for key, word in table.items() if key.isdigit()}
        return {page: word for page, word in entries.items() if 0 <= page < 64 and word[0]}

    def pages(step: str) -> list[int]:
        return sorted(int(key) for key in rows[step].get(cache, {}) if key.isdigit())

    def flag(step: str, page: int, bit: int) -> bool:
        return bool(rows[step][rows[step][cache][str(page)]]["flags"] >> bit & 1)

    locked, referenced, uptodate, marker = 0, 1, 2, 18
    assert first == 0xB6FBD000
    assert (first >> 20, first >> 12 & 0xFF, first >> 21, first >> 12 & 511) == (0xB6F, 0xBD, 1463, 445)
    assert (rows["abort"]["cpu"]["DFAR"], rows["abort"]["cpu"]["DFSR"]) == (first, 0x17)
    assert ptes("around") == {}
    assert rows["around"]["fault"]["around"] == [0, 15]
    assert pages("miss") == []
    assert pages("bio") == list(range(32))
    assert all(flag("bio", page, locked) and not flag("bio", page, uptodate) for page in range(32))
    assert [page for page in range(32) if flag("bio", page, marker)] == [24]
    assert all(flag("done", page, uptodate) and not flag("done", page, locked) for page in range(32))
    assert ptes("done") == {}
    assert sorted(ptes("map")) == list(range(16))
    assert {word[0] & 0xFFF for word in ptes("map").values()} == {0x79F}
    assert {word[1] & 0xFFF for word in ptes("map").values()} == {0xE7F}
    assert rows["minor"]["fault"]["around"] == [3, 18]
    assert sorted(ptes("minor")) == list(range(19))
    assert ptes("unmap") == {}
    assert pages("end") == list(range(64))
    assert all(flag("end", page, referenced) for page in range(64))
    task = rows["end"]["task/1"]
    assert (task["maj_flt"], task["min_flt"]) == (3, 4)
    assert rows["end"]["disk"]["reads"] == 2


def test_the_authors_guide_names_every_key_object_and_limit() -> None:
    guide = (ROOT / "lessons/README.md").read_text()

    keys = [*FrontMatter.__struct_fields__, *Explain.__struct_fields__, *ALONE, *DEFAULT_OBJECT, *FORMS]
    assert [key for key in keys if f"`{key}" not in guide] == []
    assert f"{MAX_STEP_WORDS} words" in guide
    assert f"{MAX_SENTENCE_WORDS} words" in guide


def test_the_example_in_the_authors_guide_is_a_lesson(draft: Draft) -> None:
    guide = (ROOT / "lessons/README.md").read_text()
    example = guide.split("````markdown\n")[1].split("````")[0]
    draft.write(example)

    assert check_lesson(load_lesson(draft.folder), GOLDEN["stages"]) == []
