"""Arithmetic as Python text.

Values are exact (within the range of their C type) where it matters, and congruent modulo 2**32 where that is
enough, as in addresses.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from webapp.program.arithmetic import quotient
from webapp.program.build import COMPARISONS
from webapp.program.pytext import (
    ADD,
    AND,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    COMPARE,
    MULTIPLY,
    NOT,
    OR,
    SHIFT,
    UNARY,
    WIDE,
    Code,
    combined,
    integer_like,
    number,
    span,
    truth,
    wrapped,
)
from webapp.program.tree import (
    Binary,
    Choice,
    Const,
    Convert,
    Expr,
    PointerPlus,
    Unary,
)
from webapp.program.types import BOOL, Void, is_scalar

BITWISE = {"&": BIT_AND, "|": BIT_OR, "^": BIT_XOR}
ADDITIVE = {"+": ADD, "-": ADD, "*": MULTIPLY}


class Arithmetic(ABC):
    """What needs no memory. Temporaries are good for one statement."""

    def __init__(self) -> None:
        self.temporaries = 0

    @abstractmethod
    def exact(self, expr: Expr) -> Code:
        """The value of an expression, within the range of its type."""

    def temporary(self) -> str:
        self.temporaries += 1
        return f"_t{self.temporaries}"

    def address(self, pointer: Expr) -> str:
        """An address, congruent modulo 2**32: what looks it up knows that."""
        return self.modular(pointer, 32).text

    def modular(self, expr: Expr, bits: int) -> Code:
        """A value congruent to that of ``expr`` modulo 2**bits; it may lie outside the range of its type."""
        if not is_scalar(expr.type) or 8 * expr.type.size < bits:
            return self.exact(expr)
        code = self.loose(expr, bits)
        return wrapped(code, expr.type) if max(-code.low, code.high) > WIDE else code

    def loose(self, expr: Expr, bits: int) -> Code:
        if isinstance(expr, Binary) and expr.op in ADDITIVE:
            return combined(expr.op, self.modular(expr.left, bits), self.modular(expr.right, bits), ADDITIVE[expr.op])
        if isinstance(expr, Binary) and expr.op == "<<":
            return self.shifted_left(expr, bits)
        if isinstance(expr, Unary) and expr.op in "-~":
            inner = self.modular(expr.operand, bits)
            bit = expr.op == "~"
            return Code(f"{expr.op}{inner.at(UNARY)}", -inner.high - bit, -inner.low - bit, UNARY)
        if isinstance(expr, PointerPlus):
            pointer = self.modular(expr.pointer, bits)
            if isinstance(expr.index, Const):
                step = expr.index.value * expr.scale
                return combined("+" if step >= 0 else "-", pointer, number(abs(step)), ADD)
            index, scale = self.modular(expr.index, bits), abs(expr.scale)
            moved = index if scale == 1 else combined("*", index, number(scale), MULTIPLY)
            return combined("+" if expr.scale > 0 else "-", pointer, moved, ADD)
        if isinstance(expr, Convert) and expr.type != BOOL and is_scalar(expr.operand.type):
            return self.modular(expr.operand, bits)
        return self.exact(expr)

    def shifted_left(self, expr: Binary, bits: int) -> Code:
        left = self.modular(expr.left, bits)
        if isinstance(expr.right, Const) and 0 <= expr.right.value < 64:
            count = expr.right.value
            return Code(
                f"{left.at(SHIFT)} << {count}",
                min(left.low << count, left.low),
                max(left.high << count, left.high),
                SHIFT,
            )
        return Code(f"{left.at(SHIFT)} << {self.count(expr.right)}", -WIDE * 2, WIDE * 2, SHIFT)

    def count(self, expr: Expr) -> str:
        """A shift count: ARM looks at its lowest byte."""
        code = self.modular(expr, 8)
        return code.at(ADD) if code.low >= 0 and code.high <= 255 else f"({code.at(BIT_AND)} & 255)"

    def binary(self, expr: Binary) -> Code:
        """A binary operator, exactly."""
        if expr.op in COMPARISONS or expr.op in ("&&", "||"):
            return truth(self.test(expr))
        bits = 8 * expr.type.size
        if expr.op == "&":
            return self.masked(expr, bits)
        if expr.op in BITWISE:
            left, right = self.exact(expr.left), self.exact(expr.right)
            level = BITWISE[expr.op]
            if min(left.low, right.low) >= 0:
                low, high = 0, (1 << max(left.high, right.high).bit_length()) - 1
            else:
                low, high = span(expr.type)
            return Code(f"{left.at(level)} {expr.op} {right.at(level + 1)}", low, high, level)
        if expr.op == ">>":
            left = self.exact(expr.left)
            if isinstance(expr.right, Const) and 0 <= expr.right.value < 64:
                count = expr.right.value
                return Code(f"{left.at(SHIFT)} >> {count}", left.low >> count, left.high >> count, SHIFT)
            return Code(f"{left.at(SHIFT)} >> {self.count(expr.right)}", min(left.low, 0), max(left.high, 0), SHIFT)
        if expr.op in ("/", "%"):
            return self.divided(expr)
        return wrapped(self.modular(expr, bits), expr.type)

    def masked(self, expr: Binary, bits: int) -> Code:
        """&: with a constant that has no sign bit, the other side need not be exact."""
        for mask, other in ((expr.right, expr.left), (expr.left, expr.right)):
            if isinstance(mask, Const) and 0 <= mask.value < 1 << (bits - 1):
                code = self.modular(other, bits)
                high = mask.value if code.low < 0 else min(mask.value, code.high)
                return Code(f"{code.at(BIT_AND)} & {mask.value}", 0, high, BIT_AND)
        left, right = self.exact(expr.left), self.exact(expr.right)
        low, high = span(expr.type)
        ends = [code.high for code in (left, right) if code.low >= 0]
        low, high = (0, min(ends)) if ends else (low, high)
        return Code(f"{left.at(BIT_AND)} & {right.at(BIT_AND + 1)}", low, high, BIT_AND)

    def divided(self, expr: Binary) -> Code:
        """/ and %; what could be a division by zero goes through a helper."""
        left, right = self.exact(expr.left), self.exact(expr.right)
        divisor = expr.right.value if isinstance(expr.right, Const) else 0
        kind_low, kind_high = span(expr.type)
        if divisor > 0:
            if expr.op == "/":
                low, high = quotient(left.low, divisor), quotient(left.high, divisor)
            else:
                low, high = -min(divisor - 1, -left.low) if left.low < 0 else 0, max(0, min(divisor - 1, left.high))
            if left.low >= 0:
                op = "//" if expr.op == "/" else "%"
                return Code(f"{left.at(MULTIPLY)} {op} {right.at(UNARY)}", low, high, MULTIPLY)
            name = "_quotient" if expr.op == "/" else "_remainder"
            return Code(f"{name}({left.text}, {right.text})", low, high)
        if expr.op == "%":
            return Code(f"_mod({expr.line}, {left.text}, {right.text})", kind_low, kind_high)
        code = Code(
            f"_div({expr.line}, {left.text}, {right.text})", kind_low, kind_high + integer_like(expr.type).signed
        )
        return wrapped(code, expr.type)

    def converted(self, expr: Convert) -> Code:
        if isinstance(expr.type, Void):
            return self.exact(expr.operand) if expr.operand.effects else number(0)
        if expr.type == BOOL:
            return truth(self.test(expr.operand))
        if isinstance(expr.operand.type, Void):
            return self.exact(expr.operand)
        return wrapped(self.modular(expr.operand, 8 * expr.type.size), expr.type)

    def choice(self, expr: Choice) -> Code:
        test, yes, no = self.test(expr.condition), self.exact(expr.yes), self.exact(expr.no)
        text = f"({yes.at(OR)} if {test.at(OR)} else {no.at(OR)})"
        return Code(text, min(yes.low, no.low), max(yes.high, no.high))

    def test(self, expr: Expr) -> Code:
        """A condition: Python's truth is C's."""
        if isinstance(expr, Const):
            return Code(str(expr.value != 0), 0, 1)
        if isinstance(expr, Unary) and expr.op == "!":
            return Code(f"not {self.test(expr.operand).at(NOT)}", 0, 1, NOT)
        if isinstance(expr, Binary) and expr.op in ("&&", "||"):
            word, level = ("and", AND) if expr.op == "&&" else ("or", OR)
            return Code(f"{self.test(expr.left).at(level)} {word} {self.test(expr.right).at(level + 1)}", 0, 1, level)
        if isinstance(expr, Binary) and expr.op in COMPARISONS:
            left, right = self.exact(expr.left), self.exact(expr.right)
            return Code(f"{left.at(COMPARE + 1)} {expr.op} {right.at(COMPARE + 1)}", 0, 1, COMPARE)
        return self.exact(expr)
