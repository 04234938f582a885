"""The checked program: every expression has its type, every conversion is explicit, every name is resolved.

`check` builds this tree and `emit` turns it into Python. An expression is *plain* data: it knows its type, its line
and whether evaluating it changes anything (``effects``), which decides the order of evaluation and what may be
dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.program.types import CType


@dataclass(slots=True, eq=False)
class Variable:
    """A local variable. It lives in a Python local, or ``in_memory`` on the simulated stack if its address matters."""

    name: str
    type: CType
    first: int  # the lines where it is in scope
    last: int
    in_memory: bool = False
    parameter: bool = False
    offset: int = 0  # in the stack frame
    python: str = ""  # name in the Python text


@dataclass(slots=True, eq=False)
class Expr:
    """Base of expressions."""

    type: CType
    line: int
    effects: bool = field(init=False, default=False)

    def parts(self) -> Iterator[Expr]:
        """The expressions within this one, in order of evaluation."""
        return iter(())

    def __post_init__(self) -> None:
        self.effects = any(part.effects for part in self.parts())


@dataclass(slots=True, eq=False)
class Const(Expr):
    """A number, or an address known when compiling."""

    value: int


@dataclass(slots=True, eq=False)
class VarRef(Expr):
    """A local variable, as an lvalue."""

    var: Variable


@dataclass(slots=True, eq=False)
class AddressOf(Expr):
    """The address of a local variable."""

    var: Variable


@dataclass(slots=True, eq=False)
class Deref(Expr):
    """The object at an address, as an lvalue. ``named`` when the text names a global variable."""

    pointer: Expr
    named: bool = False

    def parts(self) -> Iterator[Expr]:
        yield self.pointer

    def __post_init__(self) -> None:
        self.effects = self.type.volatile or self.pointer.effects


@dataclass(slots=True, eq=False)
class Unary(Expr):
    """- and ~ on an integer of the result's type, ! on any scalar."""

    op: str
    operand: Expr

    def parts(self) -> Iterator[Expr]:
        yield self.operand


@dataclass(slots=True, eq=False)
class Binary(Expr):
    """Arithmetic on two operands of one type; comparisons yield int; && and || may skip the right operand."""

    op: str
    left: Expr
    right: Expr

    def parts(self) -> Iterator[Expr]:
        yield self.left
        yield self.right


@dataclass(slots=True, eq=False)
class PointerPlus(Expr):
    """``pointer`` moved by ``index`` elements of ``scale`` bytes; a negative scale moves down."""

    pointer: Expr
    index: Expr
    scale: int

    def parts(self) -> Iterator[Expr]:
        yield self.pointer
        yield self.index


@dataclass(slots=True, eq=False)
class PointerMinus(Expr):
    """The distance of two pointers in elements of ``scale`` bytes."""

    left: Expr
    right: Expr
    scale: int

    def parts(self) -> Iterator[Expr]:
        yield self.left
        yield self.right


@dataclass(slots=True, eq=False)
class Convert(Expr):
    """``operand`` in another type; void drops it."""

    operand: Expr

    def parts(self) -> Iterator[Expr]:
        yield self.operand


@dataclass(slots=True, eq=False)
class Held(Expr):
    """A value that is computed before its statement goes on, and used in the middle of it."""

    source: Expr | None = None
    python: str = ""


@dataclass(slots=True, eq=False)
class Assign(Expr):
    """target = value."""

    target: Expr
    value: Expr

    def __post_init__(self) -> None:
        self.effects = True


@dataclass(slots=True, eq=False)
class Update(Expr):
    """A compound assignment, ++ or --: ``value`` is computed from ``old``, the target's value before.

    ``first`` is computed before the target is looked at; ``postfix`` yields the old value.
    """

    target: Expr
    old: Held
    value: Expr
    first: Held | None = None
    postfix: bool = False

    def __post_init__(self) -> None:
        self.effects = True


@dataclass(slots=True, eq=False)
class CopyRecord(Expr):
    """Assignment of a whole struct; ``target`` and ``source`` are addresses."""

    target: Expr
    source: Expr
    size: int

    def __post_init__(self) -> None:
        self.effects = True


@dataclass(slots=True, eq=False)
class Choice(Expr):
    """condition ? yes : no."""

    condition: Expr
    yes: Expr
    no: Expr

    def parts(self) -> Iterator[Expr]:
        yield self.condition
        yield self.yes
        yield self.no


@dataclass(slots=True, eq=False)
class Comma(Expr):
    """left, right."""

    left: Expr
    right: Expr

    def parts(self) -> Iterator[Expr]:
        yield self.left
        yield self.right


@dataclass(slots=True, eq=False)
class Call(Expr):
    """A call of a function of the program, or, with ``library``, of the C library."""

    name: str
    args: list[Expr]
    library: bool = False

    def __post_init__(self) -> None:
        self.effects = True
