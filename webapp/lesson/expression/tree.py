"""What a parsed expression is made of. Every node knows its type and where it stands in the text."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.lesson.expression.vocabulary import Type
from webapp.lesson.selector import Selector


@dataclass(frozen=True, slots=True)
class Node:
    """The base of all nodes."""

    at: int
    type: Type


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value as it stands."""

    value: int | float | bool | str | frozenset[int]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """``not x``"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Minus(Node):
    """``-x``"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands with an operator between them, ``and`` and ``or`` included."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``count(fault where major)``: a function of a field of those events of a collection that pass a filter."""

    name: str
    collection: str
    field: str  # or nothing
    call: str  # the name in call[mmap], or nothing
    where: Node | None


@dataclass(frozen=True, slots=True)
class Size(Node):
    """``count(pages)``"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Times(Node):
    """``count(run.shrink_node)``: how often the last link of a selector happens."""

    selector: Selector


@dataclass(frozen=True, slots=True)
class EventField(Node):
    """``fault[1].major``"""

    collection: str
    call: str
    number: int
    field: str


@dataclass(frozen=True, slots=True)
class OwnField(Node):
    """A field of the event that a filter looks at."""

    field: str


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A plain word, such as ``status``."""

    name: str


@dataclass(frozen=True, slots=True)
class OfStage(Node):
    """``happens``, ``stage``, ``next``, ``arg`` and ``ret``: a question about one stage."""

    name: str
    selector: Selector
    key: Node | None


@dataclass(frozen=True, slots=True)
class At(Node):
    """``at(selector, expression)``: the expression's state is that after another stage."""

    selector: Selector
    operand: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of values, such as ``cached('data.bin')``."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ObjectField(Node):
    """``page('data.bin', 24).marker``"""

    kind: str
    args: tuple[Node, ...]
    field: str


@dataclass(frozen=True, slots=True)
class RowField(Node):
    """``vmstat.pgmajfault``"""

    row: str
    field: str
