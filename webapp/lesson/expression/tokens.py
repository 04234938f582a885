"""Text into tokens. A place in the run (``fault[1].filemap_fault``) is one token, as selectors have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.lesson.expression.problem import ExpressionError

MAX_LENGTH = 500
NAME = r"[A-Za-z_][A-Za-z0-9_]*"
TOKEN = re.compile(
    rf"""\s*(?:
        (?P<number>0[xX][0-9a-fA-F]{{1,16}}(?![\w.])|[0-9]{{1,15}}(?:\.[0-9]{{1,9}})?(?![\w.]))
      | (?P<text>'[^'\n]*'|"[^"\n]*")
      | (?P<pages>\{{[0-9,\s-]*\}})
      | (?P<place>(?:start|exit|run|fault|io|window|call)(?!\w)(?:\[\w+\])*
                  (?:\.(?:step\([a-z0-9_-]+\)|{NAME})(?:\[[0-9]+\])?)*)
      | (?P<name>{NAME})
      | (?P<op>==|!=|<=|>=|<<|>>|//|[-+*%&|<>().,])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token, where it begins, and what sort it is: number, text, pages, place, name, op or end."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an expression and a last one of kind ``end``; raises `ExpressionError`."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The expression has {len(text)} characters.", f"Stay within {MAX_LENGTH}.")
    at, end = 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            begin = at + len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError(f"'{text[begin : begin + 12]}' cannot be read.", remedy(text[begin]), begin)
        yield Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        at = match.end()
    yield Token("end", "", len(text))


def remedy(sign: str) -> str:
    """What to write instead of something that is no token."""
    return {
        "'": "Close the text with another quote.",
        '"': "Close the text with another quote.",
        "{": "Write a set of pages as {0-15, 24}.",
        "=": "Compare with ==.",
        "!": "Write `not`, or != to compare.",
        "/": "Divide with //, which rounds down.",
        "[": "Counts stand behind fault, io, window or call, as in fault[1].",
    }.get(sign, "Write numbers, 'texts', {0-15}, names, fault[1] and operators; numbers have up to 15 digits.")
