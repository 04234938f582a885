"""The conditions of #if: integer expressions over numbers; names that are no macros count as 0."""

from __future__ import annotations

import operator
from collections.abc import Callable

from webapp.program.errors import Mistakes
from webapp.program.literals import character, number
from webapp.program.tokens import Token

LEVELS: dict[str, int] = {"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7}
LEVELS |= {"<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10}
OPERATORS: dict[str, Callable[[int, int], int]] = {
    "||": lambda a, b: int(bool(a or b)),
    "&&": lambda a, b: int(bool(a and b)),
    "|": operator.or_,
    "^": operator.xor,
    "&": operator.and_,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: int(a / b) if abs(a) < 1 << 52 else a // b,
    "%": lambda a, b: a - b * int(a / b) if abs(a) < 1 << 52 else a % b,
}
DEEPEST = 60


class NotACondition(Exception):
    """The tokens after #if make no expression."""


def holds(tokens: list[Token], mark: Token, mistakes: Mistakes) -> bool:
    """Whether a condition holds; one that cannot be read is a mistake at ``mark``."""
    reader = Reader(tokens)
    try:
        value = reader.ternary(0)
        if reader.rest:
            raise NotACondition
    except (NotACondition, ValueError, ZeroDivisionError):
        mistakes.add(mark.line, mark.column, "this #if has no condition that can be worked out here.")
        return False
    return value != 0


class Reader:
    """Reads an expression by precedence climbing."""

    def __init__(self, tokens: list[Token]) -> None:
        self.rest = list(reversed(tokens))

    def take(self) -> Token:
        if not self.rest:
            raise NotACondition
        return self.rest.pop()

    def expect(self, text: str) -> None:
        if self.take().text != text:
            raise NotACondition

    def ternary(self, depth: int) -> int:
        value = self.binary(1, depth)
        if self.rest and self.rest[-1].text == "?":
            self.take()
            yes = self.ternary(depth + 1)
            self.expect(":")
            no = self.ternary(depth + 1)
            return yes if value else no
        return value

    def binary(self, level: int, depth: int) -> int:
        value = self.unary(depth)
        while self.rest and LEVELS.get(self.rest[-1].text, 0) >= level:
            sign = self.take().text
            right = self.binary(LEVELS[sign] + 1, depth + 1)
            if sign in ("/", "%") and not right:
                raise NotACondition
            value = int(OPERATORS[sign](value, right))
            if abs(value) >= 1 << 64:
                value &= (1 << 64) - 1
        return value

    def unary(self, depth: int) -> int:
        if depth > DEEPEST:
            raise NotACondition
        token = self.take()
        if token.text in ("!", "-", "+", "~"):
            value = self.unary(depth + 1)
            return {"!": int(not value), "-": -value, "+": value, "~": ~value}[token.text]
        if token.text == "(":
            value = self.ternary(depth + 1)
            self.expect(")")
            return value
        if token.kind == "number":
            return number(token.text)[1]
        if token.kind == "char":
            return character(token.text)
        if token.kind == "name":
            return 0
        raise NotACondition
