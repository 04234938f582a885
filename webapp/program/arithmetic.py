"""Division as C does it: towards zero."""

from __future__ import annotations


def quotient(left: int, right: int) -> int:
    """left / right; the caller has made sure that ``right`` is not 0."""
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def remainder(left: int, right: int) -> int:
    """left % right: it has the sign of ``left``."""
    return left - right * quotient(left, right)


def shift_count(count: int) -> int:
    """What an ARM shift by register makes of a count: its lowest byte."""
    return count & 255
