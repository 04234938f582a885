"""YAML inside a lesson: a mapping of plain values, with the line of every key.

Aliases and tags are refused: a lesson has no use for them, and they are the two ways in which
a small YAML text can become something else than it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from webapp.lesson.problem import Problem


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping read from YAML. ``lines`` gives the line of each key in the lesson's file; ``line`` is the block's."""

    values: dict[str, Any]
    lines: dict[str, int]
    line: int


def read_block(text: str, file: str, line: int, problems: list[Problem]) -> Block | None:
    """Read YAML that begins below ``line`` of ``file``; what is wrong goes to ``problems``."""
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                at = line + 1 + (event.start_mark.line if event.start_mark else 0)
                problems.append(Problem(file, at, "This YAML has an alias or a tag.", "Write the value out."))
                return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = line + 1 + mark.line if mark else line
        problem = getattr(error, "problem", None) or "it cannot be read"
        problems.append(
            Problem(
                file, at, f"This YAML is not well formed: {problem}.", "Write `key: value`; quote text with a colon."
            )
        )
        return None
    if node is None:
        return Block({}, {}, line)
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(file, line + 1, "This is not a list of `key: value` lines.", "Write one key a line."))
        return None
    lines: dict[str, int] = {}
    for key, _ in node.value:
        at = line + 1 + key.start_mark.line
        if key.value in lines:
            problems.append(Problem(file, at, f"`{key.value}` is given twice.", f"Line {lines[key.value]} has it."))
        lines[key.value] = at
    return Block({str(key): value for key, value in values.items()}, lines, line)
