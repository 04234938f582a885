"""The checked program: its statements and functions."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.program.tree import Assign, CopyRecord, Expr, Variable
from webapp.program.types import CType


@dataclass(slots=True)
class Stmt:
    """Base of statements."""

    line: int


@dataclass(slots=True)
class Run(Stmt):
    """An expression evaluated for its effects."""

    expr: Expr


@dataclass(slots=True)
class Setup(Stmt):
    """The initial value of a variable in memory: ``template`` is copied, then ``stores`` are made."""

    var: Variable
    template: bytes
    stores: list[Assign | CopyRecord]


@dataclass(slots=True)
class Block(Stmt):
    body: list[Stmt]


@dataclass(slots=True)
class If(Stmt):
    condition: Expr
    yes: Stmt
    no: Stmt | None


@dataclass(slots=True)
class Loop(Stmt):
    """for, while and do-while; ``step`` runs before every further test, ``test_first`` is false for do-while."""

    condition: Expr | None
    step: Expr | None
    body: Stmt
    test_first: bool = True
    skips: bool = False  # holds a continue


@dataclass(slots=True)
class Arm:
    """One stretch of a switch; ``values`` are its case labels."""

    values: list[int]
    default: bool
    body: list[Stmt]


@dataclass(slots=True)
class Switch(Stmt):
    subject: Expr
    arms: list[Arm]


@dataclass(slots=True)
class Return(Stmt):
    value: Expr | None


@dataclass(slots=True)
class Break(Stmt):
    pass


@dataclass(slots=True)
class Continue(Stmt):
    pass


@dataclass(slots=True, eq=False)
class FunctionBody:
    """A function of the program."""

    name: str
    line: int
    returns: CType
    params: list[Variable]
    variables: list[Variable]  # parameters and locals, in the order of their declarations
    body: Block
    frame_size: int = 0
