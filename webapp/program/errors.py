"""What is wrong with a program, said so that its author can mend it.

A compilation collects every `Mistake` it can find and then raises them together as one `ProgramError`.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.kernel.errors import PagewalkError

MOST_MISTAKES = 20  # more than these help nobody


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. Lines and columns count from 1; ``source`` is the line and ``caret`` points into it."""

    file: str
    line: int
    column: int
    message: str
    source: str

    @property
    def caret(self) -> str:
        """Blanks and a caret below the column; tabs stay tabs, so that it lines up with ``source``."""
        before = self.source[: self.column - 1]
        return "".join("\t" if char == "\t" else " " for char in before) + "^"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}\n{self.source}\n{self.caret}"


class ProgramError(PagewalkError):
    """The program cannot be run; ``mistakes`` are in the order of their lines."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class Mistakes:
    """Collects the mistakes of one program text, each place at most once."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()
        self.found: dict[tuple[int, int], Mistake] = {}

    def add(self, line: int, column: int, message: str) -> None:
        """Note a mistake; a second one at the same place is a consequence of the first, and dropped."""
        line = max(1, min(line, len(self.lines) or 1))
        source = self.lines[line - 1] if self.lines else ""
        column = max(1, min(column, len(source) + 1))
        self.found.setdefault((line, column), Mistake(self.name, line, column, message, source))

    def __bool__(self) -> bool:
        return bool(self.found)

    def raise_if_any(self) -> None:
        """End the compilation here if anything was wrong so far."""
        if self.found:
            raise ProgramError([self.found[place] for place in sorted(self.found)][:MOST_MISTAKES])
