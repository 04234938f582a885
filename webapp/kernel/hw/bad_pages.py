"""Pages of files that the disk cannot read, or cannot write, because the student has asked for that.

A request that touches one of them fails as a whole, as a request to a real disk does: nothing of it is read or written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class BadPages:
    """Pages ``first``..``last`` of a file, for requests of one kind."""

    kind: Literal["read_error", "write_error"]
    file: str
    first: int
    last: int

    def hit(self, writes: bool, file: str, first: int, last: int) -> bool:
        """Whether a request for these pages fails."""
        return (
            writes == (self.kind == "write_error")
            and file == self.file
            and self.first <= last
            and first <= self.last
        )  # fmt: skip

    def __str__(self) -> str:
        pages = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.file}:{pages}"
