"""Makes checked expressions: conversions, constant folding, gcc's order of operands."""

from __future__ import annotations

import operator
from collections.abc import Callable

from webapp.program.arithmetic import quotient, remainder, shift_count
from webapp.program.tree import AddressOf, Binary, Const, Convert, Deref, Expr, PointerPlus, Unary, VarRef
from webapp.program.types import (
    INT,
    UINT,
    Array,
    CType,
    Integer,
    Pointer,
    Void,
    common,
    is_scalar,
    plain,
    promoted,
)

FOLD: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": quotient,
    "%": remainder,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": lambda left, right: left << shift_count(right),
    ">>": lambda left, right: left >> shift_count(right),
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "&&": lambda left, right: bool(left and right),
    "||": lambda left, right: bool(left or right),
}
MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
COMPARISONS = frozenset(MIRRORED)
TURNABLE = COMPARISONS | {"+", "*", "&", "|", "^"}


def convert(kind: CType, expr: Expr) -> Expr:
    """``expr`` as a value of type ``kind``."""
    kind = plain(kind)
    if plain(expr.type) == kind:
        return expr
    if isinstance(expr, Const) and is_scalar(kind):
        return Const(kind, expr.line, (kind if isinstance(kind, Integer) else UINT).wrap(expr.value))
    return Convert(kind, expr.line, expr)


def decay(expr: Expr) -> Expr:
    """The value of an lvalue; an array becomes the address of its first element."""
    if isinstance(expr.type, Array):
        return address_of(expr, Pointer(expr.type.of))
    return expr


def address_of(expr: Expr, kind: CType | None = None) -> Expr:
    """The address of an lvalue, as a pointer of type ``kind``."""
    kind = kind or Pointer(expr.type)
    if isinstance(expr, VarRef):
        expr.var.in_memory = True
        return AddressOf(kind, expr.line, expr.var)
    assert isinstance(expr, Deref)
    return convert(kind, expr.pointer)


def offset_by(pointer: Expr, offset: int, kind: CType) -> Deref:
    """The object of type ``kind`` that lies ``offset`` bytes behind an address."""
    return Deref(
        kind, pointer.line, pointer_plus(convert(Pointer(kind), pointer), Const(UINT, pointer.line, offset), 1)
    )


def pointer_plus(pointer: Expr, index: Expr, scale: int) -> Expr:
    """``pointer`` moved by ``index`` elements."""
    if isinstance(index, Const):
        if isinstance(pointer, Const):
            return Const(plain(pointer.type), pointer.line, UINT.wrap(pointer.value + index.value * scale))
        if index.value == 0:
            return pointer
    return PointerPlus(plain(pointer.type), pointer.line, pointer, index, scale)


def is_named(expr: Expr) -> bool:
    """Whether an operand is just a variable."""
    while isinstance(expr, Convert) and expr.type.size == expr.operand.type.size:
        expr = expr.operand
    return isinstance(expr, VarRef) or (isinstance(expr, Deref) and expr.named)


def operation(kind: CType, op: str, left: Expr, right: Expr, line: int) -> Expr:
    """A binary operation on operands that have their final types.

    Like gcc, reads a variable on the left after a right operand that has effects, where the operation allows turning
    them round.
    """
    if isinstance(left, Const) and isinstance(right, Const) and not (op in "/%" and right.value == 0):
        value = int(FOLD[op](left.value, right.value))
        return Const(kind, line, kind.wrap(value) if isinstance(kind, Integer) else UINT.wrap(value))
    if isinstance(left, Const) and op in ("&&", "||") and bool(left.value) == (op == "||"):
        return Const(INT, line, int(op == "||"))
    if op in TURNABLE and is_named(left) and right.effects and not is_named(right):
        left, right, op = right, left, MIRRORED.get(op, op)
    return Binary(kind, line, op, left, right)


def arithmetic(op: str, left: Expr, right: Expr, line: int) -> Expr:
    """A binary operator on two integers, with the conversions that C applies first."""
    assert isinstance(left.type, Integer)
    assert isinstance(right.type, Integer)
    if op in ("<<", ">>"):
        kind = promoted(left.type)
        return operation(kind, op, convert(kind, left), convert(promoted(right.type), right), line)
    kind = common(left.type, right.type)
    result = INT if op in COMPARISONS else kind
    return operation(result, op, convert(kind, left), convert(kind, right), line)


def unary(op: str, operand: Expr, line: int) -> Expr:
    """-, ~ or ! on a value."""
    if op == "!":
        if isinstance(operand, Const):
            return Const(INT, line, int(not operand.value))
        return Unary(INT, line, "!", operand)
    assert isinstance(operand.type, Integer)
    kind = promoted(operand.type)
    operand = convert(kind, operand)
    if isinstance(operand, Const):
        return Const(kind, line, kind.wrap(-operand.value if op == "-" else ~operand.value))
    return Unary(kind, line, op, operand)


def is_null(expr: Expr) -> bool:
    """Whether this is a null pointer constant."""
    return (
        isinstance(expr, Const)
        and expr.value == 0
        and (isinstance(expr.type, Integer) or (isinstance(expr.type, Pointer) and isinstance(expr.type.to, Void)))
    )
