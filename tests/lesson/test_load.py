"""Loading: what a good lesson becomes, and that every mistake is told with line and remedy, all at once."""

import os
from pathlib import Path

import pytest

from tests.lesson.conftest import PROGRAM, Draft
from webapp.lesson import LessonError, Problem, load_lesson, load_lessons, wire


def problems_of(draft: Draft) -> list[Problem]:
    with pytest.raises(LessonError) as caught:
        load_lesson(draft.folder)
    return list(caught.value.problems)


def only_problem_of(draft: Draft) -> Problem:
    (problem,) = problems_of(draft)
    return problem


def test_a_lesson_becomes_plain_data_for_the_page(draft: Draft) -> None:
    boot = wire(load_lesson(draft.folder))

    assert {key: boot[key] for key in ("id", "title", "summary", "minutes", "machine")} == {
        "id": "small",
        "title": "A small lesson",
        "summary": "One sentence.",
        "minutes": 5,
        "machine": {"read_ahead_kb": 64},
    }
    assert boot["program"] == {"name": "small.c", "text": PROGRAM}
    assert boot["steps"][0] == {
        "id": "first",
        "kind": "explain",
        "title": "First",
        "html": '<p>The <mark data-hue="pc" data-light="page cache" tabindex="0">page cache</mark> is empty.</p>',
        "at": "start",
        "checkpoint": "the start",
        "watch": "",
        "light": ["tlb"],
        "claims": 0,
        "hints": 0,
        "task": None,
    }
    assert boot["steps"][1]["watch"] == "Look at the pages."
    assert 'data-light="page 0"' in boot["steps"][1]["html"]


def test_folders_without_a_lesson_are_passed_over(draft: Draft) -> None:
    (draft.folder.parent / "recordings").mkdir()

    assert list(load_lessons(draft.folder.parent)) == ["small"]


def test_lessons_come_in_the_order_of_the_course(tmp_path: Path) -> None:
    for name in ("beta", "alpha", "gamma"):
        Draft(tmp_path / name).replace("id: small", f"id: {name}")
    assert list(load_lessons(tmp_path)) == ["alpha", "beta", "gamma"]

    (tmp_path / "course.yaml").write_text(
        "units:\n  - title: One\n    lessons: [gamma]\n  - title: Two\n    lessons: [beta, alpha]\n"
    )
    assert list(load_lessons(tmp_path)) == ["gamma", "beta", "alpha"]


def test_problems_of_all_lessons_are_told_at_once(tmp_path: Path) -> None:
    Draft(tmp_path / "one")
    Draft(tmp_path / "two")

    with pytest.raises(LessonError) as caught:
        load_lessons(tmp_path)

    assert [problem.file for problem in caught.value.problems] == ["one/lesson.md", "two/lesson.md"]
    assert "Write `id: one`." in str(caught.value)


MISTAKES = {
    "unknown key": ("minutes: 5", "minuts: 5", "minuts", "There is no key `minuts` here.", "Did you mean `minutes`?"),
    "wrong type": ("minutes: 5", "minutes: long", "minutes", "minutes: 'long' does not fit.", "in whole minutes"),
    "long title": ("A small lesson", "x" * 61, "xxx", "does not fit", "Write up to 60 characters."),
    "key twice": ("minutes: 5", "minutes: 5\nminutes: 6", "minutes: 6", "`minutes` is given twice.", "Line 5 has it."),
    "setting unknown": ("read_ahead_kb", "readahead_kb", "machine:", "`readahead_kb`", "Did you mean `read_ahead_kb`?"),
    "setting out of range": ("kb: 64", "kb: 9999", "machine:", "read_ahead_kb=9999", "Choose a value in the range."),
    "wrong id": ("id: small", "id: other", "id: other", "id: 'other' is not the folder's name.", "Write `id: small`."),
    "no such program": ("small.c", "smal.c", "program", "there is no 'smal.c'", "Write or rename it."),
    "path in program": ("small.c", "../small.c", "program", "'../small.c' does not fit", "without any path"),
    "yaml alias": ("minutes: 5", "minutes: &a 1\nvary: *a", "minutes", "an alias or a tag", "Write the value out."),
    "yaml tag": (
        "minutes: 5",
        "minutes: !!python/name:os.system 1",
        "minutes",
        "an alias or a tag",
        "Write the value out.",
    ),
    "yaml broken": ("minutes: 5", "minutes: [1", "program", "not well formed", "Write `key: value`"),
    "heading without id": ("## First {#first}", "## First", "## First", "has no id", "Write `## Heading {#short-id}`."),
    "id twice": ("{#second}", "{#first}", "## Second", "The id `first` is taken.", "Line 11 has it."),
    "first level": ("## Second", "# Second", "# Second", "a heading of the first level", "Write `##`."),
    "text before": ("---\n\n## First", "---\n\nHello.\n\n## First", "Hello", "before the first step", "Begin with a"),
    "no block": ("```explain\nat: start", "```c\nat: start", "## First", "has no block", "Write one ```explain block"),
    "bad selector": ("fault[1].filemap_fault", "fault[0]", "at: fault[0]", "at: 'fault[0]'", "counts start at 1"),
    "no checkpoint": ("checkpoint: the start\n", "", "```explain", "`checkpoint` is missing.", "Name this place"),
    "bad light": ("light: [tlb]", "light: [tbl]", "light", "light: `tbl` is no object", "Did you mean `tlb`?"),
    "bad hue": ("{.pc}", "{.blue}", "The [page", "A mark has the hue `blue`.", "Write one of pt, pc, ra, io, flt"),
    "bad mark": ('light="page 0"', 'light="page zero"', "It looks", "`page zero`, which is no object", "Did you mean"),
    "raw html": ("is empty.", "is <b>empty</b>.", "The [page", "`<b>` is raw HTML.", "Write Markdown."),
    "script link": ("is empty.", "is [empty](javascript:x).", "The [page", "would run a script", "Begin with https://"),
    "unsafe link": ("is empty.", "is [empty](ftp://a/b).", "The [page", "leads nowhere safe", "Begin with https://"),
    "image": ("is empty.", "is ![empty](a.png).", "The [page", "Lessons hold no images.", "Light up the machine"),
    "mark handler": ("{.pc}", '{.pc onclick="x"}', "The [page", "A mark cannot have `onclick`.", "Write `[text]"),
}


@pytest.mark.parametrize(("old", "new", "at", "what", "remedy"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line_and_a_remedy(
    draft: Draft, old: str, new: str, at: str, what: str, remedy: str
) -> None:
    draft.replace(old, new)

    problem = next((each for each in problems_of(draft) if what in each.what), None)

    assert problem is not None
    assert (problem.file, problem.line) == ("small/lesson.md", draft.line_of(at))
    assert remedy in problem.remedy


def test_every_mistake_of_a_lesson_is_told(draft: Draft) -> None:
    draft.replace("minutes: 5\n", "")
    draft.replace("title: A small lesson", "title: 7")
    draft.replace("at: start", "at: begin")
    draft.replace("{.pc}", "{.green}")
    draft.replace("checkpoint: filemap_fault", "chekpoint: filemap_fault")

    assert [problem.line for problem in problems_of(draft)] == [1, 3, 13, 18, 22, 24]


def test_a_lesson_without_front_matter_says_how_to_begin(draft: Draft) -> None:
    draft.write("## First {#first}\n")
    assert "The front matter is missing." in str(only_problem_of(draft))

    draft.write("---\nid: small\n")
    assert "The front matter does not end." in str(only_problem_of(draft))


def test_a_lesson_without_steps_is_none(draft: Draft) -> None:
    text = (draft.folder / "lesson.md").read_text()
    draft.write(text[: text.index("## First")])

    assert "The lesson has no steps." in str(only_problem_of(draft))


def test_files_that_are_no_text_are_refused(draft: Draft) -> None:
    (draft.folder / "lesson.md").write_bytes(b"---\nid: \xff\n---\n")
    assert "lesson.md:2: The file is not in UTF-8." in str(only_problem_of(draft))

    (draft.folder / "lesson.md").write_bytes(b"x" * 300_000)
    assert "more than 200,000 bytes" in str(only_problem_of(draft))

    (draft.folder / "lesson.md").unlink()
    assert "The file cannot be read: No such file or directory." in str(only_problem_of(draft))


def test_a_program_outside_the_folder_is_not_read_through_a_link(draft: Draft, tmp_path: Path) -> None:
    (tmp_path / "secret.c").write_text("int secret;\n")
    (draft.folder / "small.c").unlink()
    os.symlink(tmp_path / "secret.c", draft.folder / "small.c")

    assert "leads out of the lesson's folder" in str(only_problem_of(draft))
