"""Read lessons from their folders, or say everything that is wrong with them.

A lesson is a folder with ``lesson.md`` and its C program; ``lessons/README.md`` tells authors the format.

Interface:
    * `load_lessons` reads every lesson below a folder; `load_lesson` reads one, in a variant and a language.
Both raise `LessonError`, which carries every `Problem` of every file, with line and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from webapp.lesson.course import load_course
from webapp.lesson.desk import Desk
from webapp.lesson.fields import check_fields, check_machine
from webapp.lesson.files import LESSON_FILE, read_file, split
from webapp.lesson.lesson import Lesson, Source, Step
from webapp.lesson.problem import LessonError, Problem
from webapp.lesson.schema import FrontMatter, TranslatedFrontMatter
from webapp.lesson.steps import Draft, drafts, step
from webapp.lesson.translate import overlay, pair
from webapp.lesson.variant import PLACEHOLDER, Values, check_filled, draw, fill
from webapp.lesson.yamltext import Block, read_block

LANGUAGE = re.compile(r"lesson\.([a-z]{2}(?:-[A-Za-z]{2,4})?)\.md")
ORIGINAL = "en"


def load_lessons(directory: Path | str) -> dict[str, Lesson]:
    """Every lesson below ``directory``, in the order of the course. Folders without ``lesson.md`` are no lessons."""
    directory = Path(directory)
    lessons: dict[str, Lesson] = {}
    problems: list[Problem] = []
    for path in sorted(directory.glob(f"*/{LESSON_FILE}")):
        try:
            lessons[path.parent.name] = load_lesson(path.parent)
        except LessonError as error:
            problems.extend(error.problems)
    course = load_course(directory, lessons, problems)
    if any(problem.severity == "error" for problem in problems):
        raise LessonError(problems)
    return {id: lessons[id] for id in course.order()}


def load_lesson(folder: Path | str, seed: str = "0", language: str = ORIGINAL) -> Lesson:
    """The lesson in ``folder``; raises `LessonError` with everything that is wrong with it.

    ``seed`` chooses the variant, of a lesson that has any; give each student a seed of their own.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    lesson = _read(folder, seed, language, problems)
    if problems or lesson is None:
        raise LessonError(problems)
    return lesson


def languages(folder: Path) -> tuple[str, ...]:
    """The languages that a lesson can be read in."""
    found = sorted(match[1] for path in folder.glob("lesson.*.md") if (match := LANGUAGE.fullmatch(path.name)))
    return (ORIGINAL, *found)


def _read(folder: Path, seed: str, language: str, problems: list[Problem]) -> Lesson | None:
    file = f"{folder.name}/{LESSON_FILE}"
    text = read_file(folder / LESSON_FILE, file, problems)
    if text is None:
        return None
    values = _values(text, f"{folder.name}/{seed}", file, problems)
    text = fill(text, values)
    check_filled(text, values, file, problems)
    parts = split(text, file, problems)
    if parts is None:
        return None
    front, body, offset = parts
    block = read_block(front, file, 1, problems)
    about = check_fields(FrontMatter, block, file, problems) if block else None
    desk = Desk(folder, file, values, problems)
    if block:
        desk.block = block
    program = desk.source(about.program, "program") if about else Source("", "")
    found = drafts(body, offset, desk)
    steps = _steps(found, offset, program, desk)
    if block is None or about is None:
        return None
    if about.id != folder.name:
        what = f"id: '{about.id}' is not the folder's name."
        problems.append(Problem(file, block.lines["id"], what, f"Write `id: {folder.name}`."))
    check_machine(about.machine, block, file, problems)
    title, summary = about.title, about.summary
    if language != ORIGINAL and not problems:
        translated = _translated(folder, language, found, program, values, problems)
        if translated is None:
            return None
        head, steps, file = translated
        title, summary = head.title, head.summary
    return Lesson(
        id=about.id,
        title=title,
        summary=summary,
        kind=about.kind,
        minutes=about.minutes,
        program=program,
        machine=about.machine,
        recording=about.recording,
        language=language,
        languages=languages(folder),
        seed=seed,
        values=values,
        steps=steps,
        file=file,
        varies=bool(about.vary),
    )


def _steps(found: list[Draft], offset: int, program: Source, desk: Desk) -> tuple[Step, ...]:
    made = (step(draft, offset, program, desk) for draft in found)
    return tuple(one for one in made if one is not None)


def _values(text: str, seed: str, file: str, problems: list[Problem]) -> Values:
    """What is drawn for this seed. The front matter is read for it with its own placeholders left blank."""
    parts = split(text, file, [])
    block = read_block(PLACEHOLDER.sub("0", parts[0]), file, 1, []) if parts else None
    vary = block.values.get("vary", {}) if block else {}
    if block is None or not isinstance(vary, Mapping):
        return {}
    return draw({str(name): rule for name, rule in vary.items()}, seed, block, file, problems)


def _translated(
    folder: Path, language: str, original: list[Draft], program: Source, values: Values, problems: list[Problem]
) -> tuple[TranslatedFrontMatter, tuple[Step, ...], str] | None:
    """The steps of ``lesson.zh.md``: its words over the original's blocks."""
    name = f"lesson.{language}.md"
    file = f"{folder.name}/{name}"
    text = read_file(folder / name, file, problems)
    parts = split(fill(text, values), file, problems) if text is not None else None
    if parts is None:
        return None
    front, body, offset = parts
    check_filled(fill(text or "", values), values, file, problems)
    block = read_block(front, file, 1, problems)
    head = check_fields(TranslatedFrontMatter, block, file, problems) if block else None
    desk = Desk(folder, file, values, problems, block or Block({}, {}, 1))
    found = pair(original, drafts(body, offset, desk), desk)
    merged = [overlay(old, new, desk) for old, new in found]
    if head is None or problems:
        return None
    return head, _steps(merged, offset, program, desk), file
