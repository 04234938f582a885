"""What all parts of the checker share: where mistakes go, which names are known, where globals lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from pycparser import c_ast

from webapp.program.errors import Mistakes
from webapp.program.headers import HEADERS, providers
from webapp.program.image import Segments
from webapp.program.limits import Limits
from webapp.program.parse import place_of
from webapp.program.preprocess import Unit
from webapp.program.scope import FunctionName, Global, Scopes
from webapp.program.stmts import FunctionBody
from webapp.program.tree import Variable


class Wrong(Exception):
    """Unwinds from a mistake that has been noted to a place where checking can go on."""


@dataclass(slots=True)
class Context:
    """One compilation. ``function`` and ``variables`` are those of the function being checked."""

    unit: Unit
    mistakes: Mistakes
    limits: Limits
    scopes: Scopes = field(default_factory=Scopes)
    segments: Segments = field(default_factory=Segments)
    functions: dict[str, FunctionName] = field(default_factory=dict)
    definitions: dict[str, c_ast.FuncDef] = field(default_factory=dict)  # of the whole text
    called: dict[str, c_ast.Node] = field(default_factory=dict)
    externs: list[tuple[c_ast.Node, Global]] = field(default_factory=list)
    libraries: set[str] = field(default_factory=set)
    function: FunctionBody | None = None
    variables: list[Variable] = field(default_factory=list)
    enclosing: list[c_ast.Node] = field(default_factory=list)  # for nodes without a place of their own

    def note(self, node: c_ast.Node, message: str) -> None:
        """Note a mistake at a node."""
        if node.coord is None:
            node = next((child for _, child in node.children() if child.coord is not None), node)
        if node.coord is None and self.enclosing:
            node = self.enclosing[-1]
        self.mistakes.add(*place_of(node, self.unit), message)

    def wrong(self, node: c_ast.Node, message: str) -> NoReturn:
        """Note a mistake and unwind."""
        self.note(node, message)
        raise Wrong

    def line(self, node: c_ast.Node) -> int:
        """The line of a node."""
        if node.coord is not None:
            return int(node.coord.line)
        return int(self.enclosing[-1].coord.line) if self.enclosing and self.enclosing[-1].coord else 1

    def has(self, name: str) -> bool:
        """Whether an included header defines ``name``."""
        return any(name in HEADERS[header] for header in self.unit.headers)

    def missing_header(self, name: str) -> str | None:
        """Which header to include for ``name``, if one defines it."""
        known = providers(name)
        return f"{name} needs #include <{known[0]}>." if known else None

    @property
    def large_files(self) -> bool:
        """Whether off_t has 64 bits."""
        macro = self.unit.macros.get("_FILE_OFFSET_BITS")
        return macro is not None and [token.text for token in macro.body] == ["64"]


def last_line(node: c_ast.Node) -> int:
    """The last line that a part of ``node`` stands on."""
    last = node.coord.line if node.coord is not None else 0
    stack = [node]
    while stack:
        for _, child in stack.pop().children():
            stack.append(child)
            if child.coord is not None:
                last = max(last, child.coord.line)
    return int(last)
