"""printf formats: read once, checked when compiling, filled in when running."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPEC = re.compile(rb"%([-+ #0]*)(\*|\d*)(?:\.(\*|-?\d*))?(hh|h|ll|l|z|t|j|)(.?)", re.DOTALL)
WIDTHS = {b"hh": 8, b"h": 16, b"": 32, b"l": 32, b"z": 32, b"t": 32, b"ll": 64, b"j": 64}
CONVERSIONS = "d, i, u, x, X, o, c, s, p and %"


@dataclass(frozen=True, slots=True)
class Spec:
    """One conversion. ``width`` and ``precision`` are None where absent, "*" where an argument gives them."""

    text: str
    flags: str
    width: int | str | None
    precision: int | str | None
    bits: int
    letter: str

    @property
    def wanted(self) -> int:
        """How many arguments it takes."""
        return (self.letter != "%") + (self.width == "*") + (self.precision == "*")

    @property
    def problem(self) -> str | None:
        """Why it cannot be used, if so."""
        if self.letter and self.letter in "eEfFgGaA":
            return f"{self.text} prints floating-point numbers, which are not in the subset."
        if not self.letter or self.letter not in "diuxXocsp%":
            return f"{self.text} is no conversion that Pagewalk models: use {CONVERSIONS}."
        return None


def read_format(text: bytes) -> list[bytes | Spec]:
    """A format as plain pieces and conversions."""
    pieces: list[bytes | Spec] = []
    at = 0
    for match in SPEC.finditer(text):
        if match.start() > at:
            pieces.append(text[at : match.start()])
        at = match.end()
        flags, width, precision, length, letter = match.groups()
        pieces.append(
            Spec(
                match.group().decode("latin-1"),
                flags.decode(),
                amount(width) if width else None,
                None if precision is None else amount(precision or b"0"),
                WIDTHS[length],
                letter.decode("latin-1"),
            )
        )
    if at < len(text):
        pieces.append(text[at:])
    return pieces


def amount(text: bytes) -> int | str:
    return "*" if text == b"*" else int(text[:9])


def number_text(spec: Spec, value: int, flags: str, precision: int | None) -> tuple[str, str]:
    """Sign or prefix, and digits, of an integer."""
    signed = spec.letter in "di"
    value &= (1 << spec.bits) - 1
    if signed and value >> (spec.bits - 1):
        value -= 1 << spec.bits
    base = {"x": "x", "X": "X", "o": "o"}.get(spec.letter, "d")
    digits = "" if precision == 0 and value == 0 else format(abs(value), base)
    if precision is not None:
        digits = digits.rjust(min(precision, 1 << 20), "0")
    if "#" in flags and base == "o" and not digits.startswith("0"):
        digits = "0" + digits
    if "#" in flags and base in "xX" and value:
        return "0" + base, digits
    if signed:
        return "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else "", digits
    return "", digits


def fill(spec: Spec, value: int, content: bytes, flags: str, width: int, precision: int | None) -> bytes:
    """One conversion as bytes; ``content`` is the string for %s."""
    sign, pad_zero = "", False
    if spec.letter == "%":
        return b"%"
    if spec.letter == "c":
        body = bytes([value & 255])
    elif spec.letter == "s":
        body = content if precision is None else content[: max(0, precision)]
    elif spec.letter == "p":
        body = b"0x%x" % (value & 0xFFFFFFFF) if value else b"(nil)"
    else:
        if precision is not None and precision < 0:
            precision = None
        sign, digits = number_text(spec, value, flags, precision)
        body, pad_zero = digits.encode(), "0" in flags and precision is None and "-" not in flags
    missing = width - len(sign) - len(body)
    if pad_zero and missing > 0:
        body, missing = b"0" * missing + body, 0
    body = sign.encode() + body
    return body.ljust(width) if "-" in flags else body.rjust(width)
