"""Pieces of Python text: an expression with its precedence and the range of its values.

The range decides where 32-bit wrap-around has to be written out and where it cannot happen.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.program.types import BOOL, UINT, CType, Integer, Pointer

CONDITIONAL, OR, AND, NOT, COMPARE, BIT_OR, BIT_XOR, BIT_AND, SHIFT, ADD, MULTIPLY, UNARY, ATOM = range(13)
MASK32 = 0xFFFFFFFF
WIDE = 1 << 96  # ranges beyond this are wrapped before the next operation


@dataclass(frozen=True, slots=True)
class Code:
    """A Python expression whose value is an integer in ``low..high``."""

    text: str
    low: int
    high: int
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text, in brackets if it binds less tightly than ``level``."""
        return self.text if self.level >= level else f"({self.text})"

    @property
    def simple(self) -> bool:
        """Whether it is a name or a number, so that writing it twice costs nothing."""
        return self.text.isidentifier() or self.text.lstrip("-").isdigit()


def number(value: int) -> Code:
    return Code(str(value), value, value, ATOM if value >= 0 else UNARY)


def integer_like(kind: CType) -> Integer:
    """The integer type with the bits of ``kind``: a pointer is an unsigned int."""
    if isinstance(kind, Pointer):
        return UINT
    assert isinstance(kind, Integer)
    return kind


def code_name(kind: CType) -> str:
    """How accesses of this type are named in the emitted text: u8, i32, ..."""
    kind = integer_like(kind)
    return f"{'i' if kind.signed else 'u'}{8 * kind.size}"


def span(kind: CType) -> tuple[int, int]:
    """The values that something of this type can have in memory."""
    kind = integer_like(kind)
    return (0, 255) if kind.name == BOOL.name else (kind.low, kind.high)


def named(name: str, kind: CType) -> Code:
    """A Python variable that holds a value of type ``kind``."""
    return Code(name, *span(kind))


def combined(op: str, left: Code, right: Code, level: int) -> Code:
    """``left op right`` for +, - and *, with the range that follows."""
    if op == "*":
        ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        low, high = min(ends), max(ends)
    elif op == "+":
        low, high = left.low + right.low, left.high + right.high
    else:
        low, high = left.low - right.high, left.high - right.low
    return Code(f"{left.at(level)} {op} {right.at(level + 1)}", low, high, level)


def wrapped(code: Code, kind: CType) -> Code:
    """``code`` as a value of type ``kind``: nothing to do where the range fits."""
    kind = integer_like(kind)
    low, high = kind.low, kind.high
    if low <= code.low and code.high <= high:
        return code
    if not kind.signed:
        return Code(f"{code.at(BIT_AND)} & {high}", 0, high, BIT_AND)
    if kind.size < 4:
        return Code(f"({code.at(BIT_AND)} & {2 * high + 1} ^ {high + 1}) - {high + 1}", low, high, ADD)
    if code.low >= low:
        test = f"(_w := {code.text}) <= {high}"
    elif code.high <= high:
        test = f"(_w := {code.text}) >= {low}"
    else:
        test = f"{low} <= (_w := {code.text}) <= {high}"
    return Code(f"(_w if {test} else _wrap{8 * kind.size}(_w))", low, high)


def truth(test: Code) -> Code:
    """A Python condition as C's 0 or 1."""
    return Code(f"(1 if {test.at(OR)} else 0)", 0, 1)
