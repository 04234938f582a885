"""Reading a lesson's files: of sensible size, in UTF-8, and from the lesson's own folder only."""

from __future__ import annotations

from pathlib import Path

from webapp.lesson.problem import Problem

LESSON_FILE = "lesson.md"
FENCE = "---"
MAX_BYTES = 200_000


def read_file(path: Path, file: str, problems: list[Problem]) -> str | None:
    """The text of a lesson's file, if it is one of sensible size in UTF-8."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(
            Problem(file, 0, f"The file cannot be read: {error.strerror}.", "Write one beside the program.")
        )
        return None
    if len(data) > MAX_BYTES:
        problems.append(Problem(file, 0, f"The file has more than {MAX_BYTES:,} bytes.", "Cut it down."))
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(Problem(file, line, "The file is not in UTF-8.", "Save it as UTF-8."))
        return None


def split(text: str, file: str, problems: list[Problem]) -> tuple[str, str, int] | None:
    """Front matter, body, and the number of lines before the body."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != FENCE:
        problems.append(
            Problem(file, 1, "The front matter is missing.", f"Begin the file with `{FENCE}`, keys, `{FENCE}`.")
        )
        return None
    for at, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:at]), "\n".join(lines[at + 1 :]), at + 1
    problems.append(Problem(file, 1, "The front matter does not end.", f"Write `{FENCE}` below its last key."))
    return None


def read_program(folder: Path, name: str, file: str, line: int, problems: list[Problem]) -> str:
    """A C program of the lesson, which lies in the lesson's own folder and nowhere else."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        problems.append(Problem(file, line, f"program: '{name}' leads out of the lesson's folder.", "Copy it here."))
        return ""
    if not path.is_file():
        problems.append(
            Problem(file, line, f"program: there is no '{name}' beside {LESSON_FILE}.", "Write or rename it.")
        )
        return ""
    return read_file(path, f"{folder.name}/{name}", problems) or ""
