"""The course: which lessons there are, in which order, in which units, and what comes before what.

``lessons/course.yaml``:

    units:
      - title: The promise and the fault
        lessons: [first-touch, the-promise]
    requires:
      the-promise: [first-touch]
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from webapp.lesson.fields import check_fields
from webapp.lesson.files import read_file
from webapp.lesson.problem import Problem
from webapp.lesson.schema import Slug, Title
from webapp.lesson.yamltext import read_block

COURSE_FILE = "course.yaml"


class UnitEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One unit as written."""

    title: Title
    lessons: Annotated[list[Slug], Meta(max_length=40)]
    titles: dict[str, Title] = {}


class CourseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """``course.yaml`` as written."""

    units: Annotated[
        list[UnitEntry],
        Meta(min_length=1, max_length=20, description="List `- title: ...` with `lessons: [first-touch]` below it."),
    ]
    requires: Annotated[
        dict[Slug, list[Slug]], Meta(description="Write `lesson: [what comes before it]`, one a line.")
    ] = {}


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the course. ``titles`` has its title in other languages."""

    title: str
    lessons: tuple[str, ...]
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """All units in order, and for each lesson those that it builds on."""

    units: tuple[Unit, ...]
    requires: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def order(self) -> Iterator[str]:
        """Every lesson, in order."""
        for unit in self.units:
            yield from unit.lessons

    def unit_of(self, lesson: str) -> int:
        """The number of a lesson's unit, from 1; 0 when it is in none."""
        return next((n for n, unit in enumerate(self.units, start=1) if lesson in unit.lessons), 0)


def load_course(directory: Path, lessons: Collection[str], problems: list[Problem]) -> Course:
    """The course below ``directory`` with those of its lessons that were read; without a file all are one unit."""
    path = directory / COURSE_FILE
    if not path.is_file():
        return Course((Unit("Lessons", tuple(sorted(lessons))),))
    text = read_file(path, COURSE_FILE, problems)
    block = read_block(text, COURSE_FILE, 0, problems) if text is not None else None
    found = check_fields(CourseFile, block, COURSE_FILE, problems) if block else None
    if block is None or found is None:
        return Course(())
    named: dict[str, int] = {}
    for u, unit in enumerate(found.units):
        for n, id in enumerate(unit.lessons):
            line = block.line_of(f"units.{u}.lessons.{n}")
            if not (directory / id).is_dir():
                problems.append(
                    Problem(COURSE_FILE, line, f"There is no lesson `{id}`.", "Write or rename its folder.")
                )
            if id in named:
                problems.append(Problem(COURSE_FILE, line, f"`{id}` is listed twice.", f"Line {named[id]} has it."))
            named[id] = line
    for id in sorted(set(lessons) - set(named)):
        problems.append(Problem(COURSE_FILE, 0, f"The lesson `{id}` is in no unit.", "List it under a unit."))
    for id, before in found.requires.items():
        for other in [id, *before]:
            if other not in named:
                line = block.line_of(f"requires.{id}")
                problems.append(
                    Problem(COURSE_FILE, line, f"requires: there is no lesson `{other}`.", "List it under a unit.")
                )
    _check_order(found, list(named), block.lines, problems)
    units = (
        Unit(unit.title, tuple(id for id in unit.lessons if id in lessons), dict(unit.titles)) for unit in found.units
    )
    return Course(tuple(units), {id: tuple(before) for id, before in found.requires.items()})


def _check_order(found: CourseFile, order: list[str], lines: dict[str, int], problems: list[Problem]) -> None:
    """What a lesson builds on comes before it, so there is no cycle either."""
    try:
        TopologicalSorter(found.requires).prepare()
    except CycleError as error:
        cycle = " needs ".join(f"`{id}`" for id in reversed(error.args[1]))
        problems.append(Problem(COURSE_FILE, lines["requires"], f"requires goes in a circle: {cycle}.", "Drop one."))
        return
    for id, before in found.requires.items():
        for other in before:
            if id in order and other in order and order.index(other) > order.index(id):
                what = f"`{id}` comes before `{other}`, which it builds on."
                problems.append(Problem(COURSE_FILE, lines[f"requires.{id}"], what, "Reorder the units."))
