"""A recorded session becomes a lesson that passes the check, and every stage gets a name that leads back to it."""

from pathlib import Path

import pytest

from tests.lesson.conftest import ROOT
from webapp.lesson import check, find, load_lesson, parse
from webapp.lesson.record import MOST_NOTES, NoSuchStage, Note, Session, draft, selector_at
from webapp.session.run import Recipe, Run

PROGRAM = (ROOT / "lessons/recordings/seq_read.c").read_text()


@pytest.fixture(scope="module")
def stages():
    return Run(Recipe(PROGRAM, "seq_read.c")).finish().stages()


def test_every_stage_gets_a_name_that_leads_back_to_it(stages) -> None:
    unnamed = []
    for n in range(0, len(stages), 13):
        try:
            assert find(parse(selector_at(stages, n)), stages) == n
        except NoSuchStage:
            unnamed.append(n)
    assert len(unnamed) < len(stages) // 13 // 20, [(n, stages[n]["op"], stages[n].get("kind")) for n in unnamed]


@pytest.mark.parametrize(
    "text",
    ["start", "exit", "call[mmap]", "fault[1]", "fault[4].filemap_fault", "fault[1].handle_mm_fault[2]",
     "fault[1].filemap_fault.return", "call[munmap].return", "fault[1].step(ra-window)", "fault[1].step(user-load)"],
)  # fmt: skip
def test_what_a_lesson_would_say_is_found(stages, text: str) -> None:
    n = find(parse(text), stages)

    assert n is not None
    found = selector_at(stages, n)

    assert find(parse(found), stages) == n
    assert found.split("[")[0] == text.split("[")[0], f"{found} instead of {text}"


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_a_session_becomes_a_lesson_that_passes_the_check(stages, tmp_path: Path) -> None:
    fault = find(parse("fault[1].filemap_fault"), stages) or 0
    notes = [
        Note(
            fault,
            "It asks the cache",
            "The page is missing.\n\n# not a heading\n<script>alert(1)</script> {{x}} [a](b)",
        ),
        Note(fault, "", "And a second thought."),
        Note(120, "", ""),
        Note(fault + 40, "It asks the cache", "```do\ngoals: []\n```"),
    ]
    session = Session('Why "sixty-four": pages?', PROGRAM, "seq_read.c", notes, {"read_ahead_kb": 64})

    folder = written(tmp_path / "why-sixty-four-pages", draft(session, stages))

    report = check([folder])
    assert report.problems == []
    lesson = load_lesson(folder)
    assert [step.id for step in lesson.steps][0:3:2] == ["the-program", "it-asks-the-cache"]
    assert len(lesson.steps) == 4
    assert lesson.machine == {"read_ahead_kb": 64}
    html = lesson.step("it-asks-the-cache").html
    assert "And a second thought." in html
    assert "<script" not in html
    assert "<h1" not in html


def test_a_note_beyond_the_run_is_told(stages) -> None:
    with pytest.raises(NoSuchStage, match=r"no stage 999999: it has \d"):
        draft(Session("t", PROGRAM, "seq_read.c", [Note(999_999)]), stages)


def test_there_is_room_for_a_long_session(stages, tmp_path: Path) -> None:
    session = Session("", PROGRAM, "Öl & Gas.c", [Note(n * 9) for n in range(MOST_NOTES)])

    files = draft(session, stages)

    assert set(files) == {"lesson.md", "l_gas.c"}
    assert check([written(tmp_path / "recorded-lesson", files)]).ok
