"""Names: which declaration a name means at a place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.program.stmts import FunctionBody
from webapp.program.tree import Variable
from webapp.program.types import CType, Function, Layout


@dataclass(slots=True, eq=False)
class Global:
    """A variable with an address of its own for the whole run: global, or a static local."""

    name: str
    type: CType
    address: int
    initialised: bool = False
    defined: bool = True  # false while it is only declared extern


@dataclass(slots=True, eq=False)
class Enumerator:
    """A name of an enum."""

    value: int
    type: CType


@dataclass(slots=True, eq=False)
class TypeName:
    """A name that typedef made."""

    type: CType


@dataclass(slots=True, eq=False)
class FunctionName:
    """A function of the program; ``body`` comes with its definition."""

    name: str
    type: Function
    body: FunctionBody | None = None
    defined: bool = False


Symbol = Variable | Global | Enumerator | TypeName | FunctionName


@dataclass(slots=True)
class Scope:
    """One block. ``last`` is the line on which it ends."""

    last: int = 0
    names: dict[str, Symbol] = field(default_factory=dict)
    tags: dict[str, Layout | CType] = field(default_factory=dict)


class Scopes:
    """The blocks around the place that is being checked, outermost first."""

    def __init__(self) -> None:
        self.stack = [Scope()]

    def push(self, last: int) -> None:
        self.stack.append(Scope(last))

    def pop(self) -> None:
        self.stack.pop()

    @property
    def inner(self) -> Scope:
        return self.stack[-1]

    @property
    def is_global(self) -> bool:
        return len(self.stack) == 1

    def find(self, name: str) -> Symbol | None:
        """What ``name`` means here."""
        return next((scope.names[name] for scope in reversed(self.stack) if name in scope.names), None)

    def find_tag(self, tag: str) -> Layout | CType | None:
        """The struct, union or enum of that tag."""
        return next((scope.tags[tag] for scope in reversed(self.stack) if tag in scope.tags), None)
