"""Preprocessing tokens: what C's text falls into before macros are expanded.

Comments and line continuations are blanks here; line numbers and columns are those of the text as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""(?P<newline>\n)
      | (?P<space>(?:[ \t\v\f\r]|\\\r?\n)+)
      | (?P<comment>//(?:\\\r?\n|[^\n])*|/\*.*?\*/)
      | (?P<odd>/\*.*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<number>\.?[0-9](?:[eEpP][+-]|[A-Za-z0-9_.])*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\.|[^'\\\n])*')
      | (?P<mark>\.\.\.|<<=|>>=|\+\+|--|->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^=]=|\#\#|[][(){}.&*+\-~!/%<>^|?:;=,\#])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of C. ``kind`` is name, number, string, char, mark or odd; ``first`` begins its line."""

    kind: str
    text: str
    line: int
    column: int
    first: bool = False
    glued: bool = False  # no blank before it
    hidden: frozenset[str] = field(default=frozenset())  # macros whose expansion it comes from

    def at(self, place: Token, hidden: frozenset[str]) -> Token:
        """The same token, standing where ``place`` stands."""
        return Token(self.kind, self.text, place.line, place.column, hidden=self.hidden | hidden)


def tokenize(text: str) -> list[Token]:
    """All tokens of a program text. What cannot be a token becomes one of kind odd, whose text says why."""
    tokens: list[Token] = []
    position, line, line_start, first, glued = 0, 1, 0, True, False
    while position < len(text):
        match = TOKEN.match(text, position)
        column = position - line_start + 1
        if match is None:
            tokens.append(Token("odd", odd_character(text, position), line, column, first, glued))
            first = False
            position = skip_odd(text, position)
            continue
        kind, piece = str(match.lastgroup), match.group()
        position = match.end()
        if kind == "odd":  # a comment without an end
            tokens.append(Token("odd", odd_character(text, match.start()), line, column, first, glued))
            break
        if kind in ("newline", "space", "comment"):
            glued = False
            if "\n" in piece:
                line += piece.count("\n")
                line_start = match.start() + piece.rfind("\n") + 1
            first = first or kind == "newline"
            continue
        tokens.append(Token(kind, piece, line, column, first, glued))
        first, glued = False, True
        if "\n" in piece:  # a string continued on the next line
            line += piece.count("\n")
            line_start = match.start() + piece.rfind("\n") + 1
    return tokens


def odd_character(text: str, position: int) -> str:
    """Why no token begins here."""
    char = text[position]
    if text.startswith("/*", position):
        return "this comment has no end: '*/' is missing."
    if char in "\"'":
        what = "string" if char == '"' else "character constant"
        return f"this {what} has no end on its line: the closing {char} is missing."
    if char.isprintable():
        return f"the character {char!r} has no meaning in C here."
    return f"the character U+{ord(char):04X} has no meaning in C here."


def skip_odd(text: str, position: int) -> int:
    """Where to go on after a piece that is no token."""
    if text[position] in "\"'":
        end = text.find("\n", position)
        return len(text) if end < 0 else end
    return position + 1
