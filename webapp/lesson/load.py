"""Read lessons from their folders, or say everything that is wrong with them.

A lesson is a folder with ``lesson.md`` and its C program; ``lessons/README.md`` tells authors the format.

Interface:
    * `load_lessons` reads every lesson below a folder; `load_lesson` reads one.
    * `Lesson.as_boot` is what the page gets.
Both raise `LessonError`, which carries every `Problem` of every file, with line and remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.lesson import markdown
from webapp.lesson.objects import is_object, object_remedy
from webapp.lesson.problem import LessonError, Problem, SelectorError
from webapp.lesson.schema import Explain, FrontMatter, check_fields, check_machine
from webapp.lesson.selector import Selector, parse
from webapp.lesson.yamltext import Block, read_block

LESSON_FILE = "lesson.md"
FENCE = "---"
MAX_BYTES = 200_000
BLOCKS = {"explain": Explain}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lesson. ``at`` is where the machine stands; ``light`` and the rest are the author's words.

    ``paragraphs`` holds the prose as plain text with its line in the file, for whoever checks the writing.
    """

    id: str
    title: str
    html: str
    at: Selector
    checkpoint: str
    watch: str
    light: tuple[str, ...]
    line: int
    at_line: int
    paragraphs: tuple[tuple[int, str], ...]

    def as_boot(self) -> dict[str, Any]:
        """What the page needs of it."""
        return {
            "id": self.id,
            "title": self.title,
            "html": self.html,
            "at": self.at.text,
            "checkpoint": self.checkpoint,
            "watch": self.watch,
            "light": list(self.light),
        }


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that has been read and found in order. ``file`` is its path as shown in messages."""

    id: str
    title: str
    summary: str
    unit: int
    minutes: int
    program_name: str
    program_text: str
    machine: dict[str, int | float]
    steps: tuple[Step, ...]
    file: str

    def as_boot(self) -> dict[str, Any]:
        """What the page needs of it: plain JSON data, with HTML that has been sanitised."""
        return {
            "id": self.id,
            "title": self.title,
            "summary": self.summary,
            "unit": self.unit,
            "minutes": self.minutes,
            "steps": [step.as_boot() for step in self.steps],
            "program": {"name": self.program_name, "text": self.program_text},
            "machine": dict(self.machine),
        }


def load_lessons(directory: Path | str) -> dict[str, Lesson]:
    """Every lesson below ``directory``, by unit and then by id. Folders without ``lesson.md`` are no lessons."""
    lessons: list[Lesson] = []
    problems: list[Problem] = []
    for path in sorted(Path(directory).glob(f"*/{LESSON_FILE}")):
        try:
            lessons.append(load_lesson(path.parent))
        except LessonError as error:
            problems.extend(error.problems)
    if problems:
        raise LessonError(problems)
    return {lesson.id: lesson for lesson in sorted(lessons, key=lambda lesson: (lesson.unit, lesson.id))}


def load_lesson(folder: Path | str) -> Lesson:
    """The lesson in ``folder``; raises `LessonError` with everything that is wrong with it."""
    folder = Path(folder)
    file = f"{folder.name}/{LESSON_FILE}"
    problems: list[Problem] = []
    lesson = _read(folder, file, problems)
    if problems or lesson is None:
        raise LessonError(problems)
    return lesson


def _read(folder: Path, file: str, problems: list[Problem]) -> Lesson | None:
    text = _read_file(folder / LESSON_FILE, file, problems)
    if text is None:
        return None
    parts = _split(text, file, problems)
    if parts is None:
        return None
    front, body, offset = parts
    block = read_block(front, file, 1, problems)
    about = check_fields(FrontMatter, block, file, problems) if block else None
    steps = _steps(body, file, offset, problems)
    if block is None or about is None:
        return None
    if about.id != folder.name:
        problems.append(
            Problem(
                file, block.lines["id"], f"id: '{about.id}' is not the folder's name.", f"Write `id: {folder.name}`."
            )
        )
    check_machine(about.machine, block, file, problems)
    program = _read_program(folder, about.program, file, block.lines["program"], problems)
    return Lesson(
        id=about.id,
        title=about.title,
        summary=about.summary,
        unit=about.unit,
        minutes=about.minutes,
        program_name=about.program,
        program_text=program,
        machine=about.machine,
        steps=tuple(steps),
        file=file,
    )


def _read_file(path: Path, file: str, problems: list[Problem]) -> str | None:
    """The text of a lesson's file, if it is one of sensible size in UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.append(
            Problem(file, 0, f"The file cannot be read: {error.strerror}.", "Write one beside the program.")
        )
        return None
    if len(data) > MAX_BYTES:
        problems.append(Problem(file, 0, f"The file has {len(data):,} bytes.", f"Keep it below {MAX_BYTES:,}."))
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(Problem(file, line, "The file is not in UTF-8.", "Save it as UTF-8."))
        return None


def _split(text: str, file: str, problems: list[Problem]) -> tuple[str, str, int] | None:
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


def _read_program(folder: Path, name: str, file: str, line: int, problems: list[Problem]) -> str:
    """The lesson's C program, which lies in the lesson's own folder and nowhere else."""
    path = folder / name
    if path.resolve().parent != folder.resolve():
        problems.append(Problem(file, line, f"program: '{name}' leads out of the lesson's folder.", "Copy it here."))
        return ""
    if not path.is_file():
        problems.append(
            Problem(file, line, f"program: there is no '{name}' beside {LESSON_FILE}.", "Write or rename it.")
        )
        return ""
    return _read_file(path, f"{folder.name}/{name}", problems) or ""


def _steps(body: str, file: str, offset: int, problems: list[Problem]) -> list[Step]:
    """The steps of a lesson's body. ``offset`` is the number of lines before it."""
    markdown.check_raw(body, file, offset, problems)
    found = markdown.sections(body, file, offset, problems)
    if not found:
        problems.append(Problem(file, offset + 1, "The lesson has no steps.", "Write a `## Heading {#id}` for each."))
    steps: list[Step] = []
    lines: dict[str, int] = {}
    for section in found:
        if section.id and section.id in lines:
            problems.append(
                Problem(file, section.line, f"The id `{section.id}` is taken.", f"Line {lines[section.id]} has it.")
            )
        lines[section.id] = section.line
        step = _step(section, file, offset, problems)
        if step:
            steps.append(step)
    return steps


def _step(section: markdown.Section, file: str, offset: int, problems: list[Problem]) -> Step | None:
    """One step: its block says where the machine stands, everything else is its text."""
    fences = [token for token in section.tokens if token.type == "fence" and token.info.strip() in BLOCKS]
    prose = [token for token in section.tokens if token not in fences]
    markdown.check_marks(prose, file, offset, problems)
    if len(fences) != 1:
        what = "no block" if not fences else f"{len(fences)} blocks"
        problems.append(
            Problem(
                file,
                section.line,
                f"The step `{section.title}` has {what} that says where the machine stands.",
                "Write one ```explain block below the heading.",
            )
        )
        return None
    line = offset + 1 + (fences[0].map or [0])[0]
    block = read_block(fences[0].content, file, line, problems)
    about = check_fields(Explain, block, file, problems) if block else None
    if block is None or about is None:
        return None
    _check_light(about.light, file, block, problems)
    try:
        selector = parse(about.at)
    except SelectorError as error:
        problems.append(Problem(file, block.lines["at"], f"at: {error.what}", error.remedy))
        return None
    return Step(
        id=section.id,
        title=section.title,
        html=markdown.render(prose),
        at=selector,
        checkpoint=about.checkpoint,
        watch=about.watch,
        light=tuple(about.light),
        line=section.line,
        at_line=block.lines["at"],
        paragraphs=tuple((offset + 1 + line, words) for line, words in markdown.plain_text(prose)),
    )


def _check_light(names: Sequence[str], file: str, block: Block, problems: list[Problem]) -> None:
    for name in names:
        if not is_object(name):
            line = block.lines["light"]
            problems.append(Problem(file, line, f"light: `{name}` is no object of the machine.", object_remedy(name)))
