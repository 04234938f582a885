"""What is wrong with a lesson, said so that its author can mend it.

LessonError         a lesson (or several) cannot be used; carries every `Problem` found
SelectorError       one selector cannot be read; the loader turns it into a `Problem`
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is, what was found, and what to write instead. Line 0 means the whole file.

    A warning does not keep a lesson from being used.
    """

    file: str
    line: int
    what: str
    remedy: str
    severity: str = "error"  # or "warning"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{place}: {mark}{self.what} {self.remedy}".rstrip()


class LessonError(Exception):
    """Lessons that cannot be used. ``problems`` holds every mistake found, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SelectorError(Exception):
    """A selector that cannot be read. ``remedy`` says what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy
