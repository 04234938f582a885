"""What the front matter and the step blocks of a lesson may hold.

Each field's ``description`` is the remedy that an author reads when the field is wrong.
`check_fields` reports every wrong field of a block, not the first one only.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from webapp.kernel.errors import SettingsError
from webapp.kernel.machine import MachineSettings
from webapp.lesson.problem import Problem
from webapp.lesson.yamltext import Block

T = TypeVar("T", bound=Struct)

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="Write lower-case words joined by hyphens: the name of the lesson's folder.",
    ),
]
Title = Annotated[str, Meta(min_length=1, max_length=60, description="Write up to 60 characters.")]
Summary = Annotated[str, Meta(min_length=1, max_length=160, description="Write one sentence of up to 160 characters.")]
ProgramName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_]*\.c$",
        max_length=60,
        description="Name a C file of the lesson's own folder, such as first_touch.c, without any path.",
    ),
]
Unit = Annotated[int, Meta(ge=1, le=9, description="Write the number of the unit, 1 to 9.")]
Minutes = Annotated[int, Meta(ge=1, le=120, description="Write how long the lesson takes, in whole minutes.")]
Machine = Annotated[dict[str, int | float], Meta(description="Write settings such as `read_ahead_kb: 64`, one a line.")]

Selector = Annotated[
    str,
    Meta(min_length=1, max_length=200, description="Write a selector, such as fault[1].filemap_fault."),
]
Checkpoint = Annotated[
    str,
    Meta(min_length=1, max_length=44, description="Name this place in up to 44 characters: `the load misses`."),
]
Watch = Annotated[
    str, Meta(max_length=120, description="Say what to look for on the way to the next step, in up to 120 characters.")
]
Light = Annotated[
    list[Annotated[str, Meta(max_length=60)]],
    Meta(max_length=8, description="List up to 8 objects to light up: `light: [pte 0, window readahead]`."),
]


class FrontMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """The lines between the two ``---`` at the head of a lesson."""

    id: Slug
    title: Title
    summary: Summary
    unit: Unit
    minutes: Minutes
    program: ProgramName
    machine: Machine = {}


class Explain(Struct, frozen=True, forbid_unknown_fields=True):
    """An ``explain`` block: where the machine stands in this step, and what to light up there."""

    at: Selector
    checkpoint: Checkpoint
    light: Light = []
    watch: Watch = ""


def check_fields(kind: type[T], block: Block, file: str, problems: list[Problem]) -> T | None:
    """``block`` as a ``kind``; every field that is wrong, missing or unknown goes to ``problems``."""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    before = len(problems)
    for name, value in block.values.items():
        line = block.lines.get(name, block.line)
        if name not in fields:
            near = get_close_matches(name, fields, 1)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Known keys: {', '.join(fields)}."
            problems.append(Problem(file, line, f"There is no key `{name}` here.", remedy))
            continue
        try:
            msgspec.convert(value, fields[name].type)
        except msgspec.ValidationError as error:
            problems.append(
                Problem(file, line, f"{name}: {value!r} does not fit. {error}.", remedy_of(fields[name].type))
            )
    for name, field in fields.items():
        if field.required and name not in block.values:
            problems.append(Problem(file, block.line, f"`{name}` is missing.", remedy_of(field.type)))
    return msgspec.convert(block.values, kind) if len(problems) == before else None


def remedy_of(annotated: Any) -> str:
    """The remedy written beside a field's type."""
    return next((meta.description for meta in getattr(annotated, "__metadata__", ()) if meta.description), "")


def check_machine(settings: Mapping[str, int | float], block: Block, file: str, problems: list[Problem]) -> None:
    """Every machine setting must exist and be in its range."""
    known = MachineSettings.__dataclass_fields__
    for name, value in settings.items():
        line = block.lines["machine"]
        if name not in known:
            near = get_close_matches(name, known, 1)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Settings: {', '.join(known)}."
            problems.append(Problem(file, line, f"machine: there is no setting `{name}`.", remedy))
            continue
        try:
            MachineSettings(**{name: value})  # type: ignore[arg-type]  # the range check does not mind a float
        except SettingsError as error:
            problems.append(Problem(file, line, f"machine: {error}", "Choose a value in the range."))
