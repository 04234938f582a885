"""YAML inside a lesson: a mapping of plain values, with the line of every key.

Aliases and tags are refused: a lesson has no use for them, and they are the two ways in which
a small YAML text can become something else than it looks. Depth is bounded for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from webapp.lesson.problem import Problem

MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping read from YAML. ``line`` is the block's in the lesson's file.

    ``lines`` gives the line of each value by its path: ``answer``, ``choices.0``, ``choices.0.why``.
    """

    values: dict[str, Any]
    lines: dict[str, int]
    line: int

    def line_of(self, path: str) -> int:
        """The line of a value, or of what it stands in."""
        while path not in self.lines and "." in path:
            path = path.rpartition(".")[0]
        return self.lines.get(path, self.line)


def read_block(text: str, file: str, line: int, problems: list[Problem]) -> Block | None:
    """Read YAML that begins below ``line`` of ``file``; what is wrong goes to ``problems``."""
    try:
        if not _is_plain(text, file, line, problems):
            return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
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
    for path, at in _lines(node, ""):
        if path in lines:
            name = path.rpartition(".")[2]
            what = f"`{name}` is given twice."
            problems.append(Problem(file, line + 1 + at, what, f"Line {lines[path]} has it."))
        lines[path] = line + 1 + at
    return Block({str(key): value for key, value in values.items()}, lines, line)


def _is_plain(text: str, file: str, line: int, problems: list[Problem]) -> bool:
    """No aliases, no tags, no deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        at = line + 1 + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None) or getattr(event, "anchor", None):
            problems.append(Problem(file, at, "This YAML has an alias or a tag.", "Write the value out."))
            return False
        if depth > MAX_DEPTH:
            problems.append(Problem(file, at, f"This YAML nests more than {MAX_DEPTH} deep.", "Write it flatter."))
            return False
    return True


def _lines(node: yaml.Node, above: str) -> Iterator[tuple[str, int]]:
    """The path of every value below a node, with its line counted from 0."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            path = f"{above}{key.value}"
            yield path, key.start_mark.line
            yield from _lines(value, f"{path}.")
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield f"{above}{index}", value.start_mark.line
            yield from _lines(value, f"{above}{index}.")
