"""A lesson on its author's desk: tried as it is typed, written only when it is saved, and nothing else touched."""

from pathlib import Path

import pytest

from webapp.lesson import LessonError, load_lesson, new_lesson
from webapp.lesson.workshop import MOST_FILES, Workshop, WorkshopError, version_of


@pytest.fixture
def workshop(tmp_path):
    made = Workshop(new_lesson(tmp_path, "my-lesson"))
    yield made
    made.close()


def test_the_files_come_with_the_lesson_first(workshop: Workshop) -> None:
    (workshop.folder / "mistakes").mkdir()
    (workshop.folder / "mistakes/slow.c").write_text("int main(void) { return 0; }\n")
    (workshop.folder / "notes.txt").write_text("mine")
    (workshop.folder / "lesson.zh.md").write_text("---\n")

    assert list(workshop.files()) == ["lesson.md", "lesson.zh.md", "my_lesson.c", "solution.c", "mistakes/slow.c"]


def test_a_link_out_of_the_folder_is_not_followed(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "secret.c").write_text("secret")
    (workshop.folder / "out.c").symlink_to(tmp_path / "secret.c")

    assert "out.c" not in workshop.files()


def test_what_is_typed_is_shown_and_the_folder_is_left_alone(workshop: Workshop) -> None:
    before = workshop.files()
    texts = before | {"lesson.md": before["lesson.md"].replace("title: A page of a file", "title: Another title")}

    report, shown = workshop.attempt(texts)

    assert shown
    assert report.ok
    assert load_lesson(workshop.shown / "my-lesson").title == "Another title"
    assert workshop.files() == before


def test_what_cannot_be_read_leaves_the_last_version_on_show(workshop: Workshop) -> None:
    texts = workshop.files() | {"lesson.md": "no front matter"}

    report, shown = workshop.attempt(texts)

    assert not shown
    assert [problem.what for problem in report.problems] == ["The front matter is missing."]
    assert load_lesson(workshop.shown / "my-lesson").title == "A page of a file"


def test_a_program_that_does_not_compile_leaves_the_last_version_on_show(workshop: Workshop) -> None:
    report, shown = workshop.attempt(workshop.files() | {"my_lesson.c": "int main(void) { return nothing; }"})

    assert not shown
    assert [problem.file for problem in report.problems][:1] == ["my-lesson/my_lesson.c"]
    assert "nothing" not in load_lesson(workshop.shown / "my-lesson").program.text


def test_saving_writes_only_what_differs(workshop: Workshop) -> None:
    before = workshop.files()
    untouched = (workshop.folder / "solution.c").stat().st_mtime_ns
    texts = before | {
        "lesson.md": before["lesson.md"].replace("minutes: 5", "minutes: 6"),
        "mistakes/new.c": "int x;\n",
    }

    version = workshop.save(texts, version_of(before))

    assert workshop.files() == dict(texts)
    assert version == version_of(texts)
    assert (workshop.folder / "solution.c").stat().st_mtime_ns == untouched


def test_saving_over_somebody_elses_change_is_refused(workshop: Workshop) -> None:
    version = version_of(workshop.files())
    (workshop.folder / "my_lesson.c").write_text("changed elsewhere")

    with pytest.raises(WorkshopError, match="changed on the disk meanwhile"):
        workshop.save(workshop.files() | {"lesson.md": "x"}, version)
    assert workshop.files()["my_lesson.c"] == "changed elsewhere"


@pytest.mark.parametrize(
    "name", ["../evil.c", "/tmp/evil.c", "mistakes/../../evil.c", "evil.py", ".c", "lesson.md/x.c"]
)
def test_only_files_of_a_lesson_are_taken(workshop: Workshop, name: str) -> None:
    with pytest.raises(WorkshopError, match="is no file of a lesson"):
        workshop.attempt(workshop.files() | {name: "x"})
    with pytest.raises(WorkshopError, match="is no file of a lesson"):
        workshop.save(workshop.files() | {name: "x"}, version_of(workshop.files()))


def test_large_and_many_files_are_refused(workshop: Workshop) -> None:
    with pytest.raises(WorkshopError, match="more than 200,000 bytes"):
        workshop.attempt(workshop.files() | {"solution.c": "x" * 200_001})
    with pytest.raises(WorkshopError, match=f"at most {MOST_FILES} files"):
        workshop.attempt({f"f{n}.c": "" for n in range(MOST_FILES + 1)})


def test_a_folder_without_a_lesson_is_told(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"There is no lesson\.md here"):
        Workshop(tmp_path)
