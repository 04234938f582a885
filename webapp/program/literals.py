"""Numbers, character constants and strings as C writes them."""

from __future__ import annotations

import re

from webapp.program.types import INT, LLONG, LONG, UINT, ULLONG, ULONG, Integer

NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uUlL]*)")
SUFFIXES = {"": 0, "u": 1, "l": 2, "ul": 3, "lu": 3, "ll": 4, "ull": 5, "llu": 5}
CANDIDATES = [[INT, LONG, LLONG], [UINT, ULONG, ULLONG], [LONG, LLONG], [ULONG, ULLONG], [LLONG], [ULLONG]]
EITHER = [[INT, UINT, LONG, ULONG, LLONG, ULLONG], [], [LONG, ULONG, LLONG, ULLONG], [], [LLONG, ULLONG], []]
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(\n|.))|([^\\])", re.DOTALL)
SIMPLE = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27, "0": 0}


def number(text: str) -> tuple[Integer, int]:
    """Type and value of an integer constant; ValueError says in a sentence what is wrong with it."""
    match = NUMBER.fullmatch(text)
    if match is None or len(text) > 70:
        if re.fullmatch(r"0[xX]?[0-9a-fA-F.]*[pP][0-9+-]*[fFlL]?|[0-9.]+([eE][-+]?[0-9]+)?[fFlL]?", text):
            raise ValueError(f"{text} is a floating-point number: float and double are not in the subset.")
        raise ValueError(f"{text} is no number.")
    digits, suffix = match[1], SUFFIXES.get(match[2].lower())
    if suffix is None or "lL" in match[2] or "Ll" in match[2]:
        raise ValueError(f"{text} has a suffix that no number has.")
    octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
    if octal and not re.fullmatch("[0-7]+", digits):
        raise ValueError(f"{text} begins with 0, so it is octal and cannot hold the digits 8 and 9.")
    value = int(digits, 8) if octal else int(digits, 0)
    decimal = digits.isdigit() and not octal
    for kind in CANDIDATES[suffix] if decimal or not EITHER[suffix] else EITHER[suffix]:
        if value <= kind.high:
            return kind, value
    raise ValueError(f"{text} does not fit 64 bits.")


def character(text: str) -> int:
    """Value of a character constant such as 'a' or '\\n'; it has type int."""
    if not text.startswith("'"):
        raise ValueError("wide character constants are not in the subset.")
    content = string_bytes(text[1:-1])
    if len(content) != 1:
        raise ValueError(
            "a character constant holds one character." if content else "this character constant is empty."
        )
    return content[0]


def string_bytes(content: str) -> bytes:
    """The bytes of a string literal between its quotes, without the closing zero."""
    out = bytearray()
    for hexadecimal, octal, simple, other in ESCAPE.findall(content):
        if hexadecimal:
            value = int(hexadecimal, 16) if len(hexadecimal) < 9 else 256
            if value > 255:
                raise ValueError("the escape \\x" + hexadecimal[:8] + " does not fit a char.")
            out.append(value)
        elif octal:
            out.append(int(octal, 8) & 255)
        elif simple == "\n":
            continue
        elif simple:
            if simple not in SIMPLE and simple not in "\\'\"?":
                raise ValueError(f"\\{simple} is no escape that C knows.")
            out.append(SIMPLE.get(simple, ord(simple)))
        else:
            out += other.encode()
    return bytes(out)
