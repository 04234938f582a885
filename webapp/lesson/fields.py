"""Hold what an author wrote to the schema: every wrong field is reported, not the first one only."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from webapp.kernel.errors import SettingsError
from webapp.kernel.machine import MachineSettings
from webapp.lesson.problem import Problem
from webapp.lesson.yamltext import Block

T = TypeVar("T", bound=Struct)


def check_fields(kind: type[T], block: Block, file: str, problems: list[Problem]) -> T | None:
    """``block`` as a ``kind``; every field that is wrong, missing or unknown goes to ``problems``."""
    fields = {known.encode_name: known for known in msgspec.structs.fields(kind)}
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
            shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."
            problems.append(
                Problem(file, line, f"{name}: {shown} does not fit. {error}.", remedy_of(fields[name].type))
            )
    for name, known in fields.items():
        if known.required and name not in block.values:
            problems.append(Problem(file, block.line, f"`{name}` is missing.", remedy_of(known.type)))
    return msgspec.convert(block.values, kind) if len(problems) == before else None


def remedy_of(annotated: Any) -> str:
    """The remedy written beside a field's type."""
    return next((meta.description for meta in getattr(annotated, "__metadata__", ()) if meta.description), "")


def check_machine(
    settings: Mapping[str, int | float], block: Block, file: str, problems: list[Problem], path: str = "machine"
) -> None:
    """Every machine setting must exist and be in its range."""
    known = MachineSettings.__dataclass_fields__
    for name, value in settings.items():
        line = block.line_of(path)
        if name not in known:
            near = get_close_matches(name, known, 1)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Settings: {', '.join(known)}."
            problems.append(Problem(file, line, f"machine: there is no setting `{name}`.", remedy))
            continue
        try:
            MachineSettings(**{name: value})  # type: ignore[arg-type]  # the range check does not mind a float
        except SettingsError as error:
            problems.append(Problem(file, line, f"machine: {error}", "Choose a value in the range."))
