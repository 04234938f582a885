"""What can be wrong with an expression.

ExpressionError     it cannot be read, or makes no sense; says where, and what to write instead
    Absent          it asks for an event that this run does not have (a ninth fault of seven)
    NotRecorded     it asks for what recordings of the real kernel do not hold
"""

from __future__ import annotations


class ExpressionError(Exception):
    """An expression that has no value. ``at`` counts characters from 0; ``remedy`` says what to write instead."""

    def __init__(self, what: str, remedy: str, at: int = 0) -> None:
        super().__init__(f"{what} {remedy}".rstrip())
        self.what = what
        self.remedy = remedy
        self.at = at


class Absent(ExpressionError):
    """The run holds no such event. A goal that asks for one is not met; a claim about one is wrong."""


class NotRecorded(ExpressionError):
    """Recordings of the real kernel do not hold this; the model alone can answer."""
