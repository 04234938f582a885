"""The port between a program and the machine that runs it.

Rules for the machine:
    * ``readable`` and ``writable`` stay the same dict objects for the whole run; their contents may change at
      every await.
    * The pages of the program's image are in them from before the run starts.
    * ``fuel`` may be set at any time; the program counts it down and calls `out_of_fuel` when it is below 0.
Rules for the program:
    * `user` is called before `load`, `store`, `syscall`, `print` and `out_of_fuel`: the machine then knows
      line, function and variables.
"""

from __future__ import annotations

from typing import Protocol


class Cpu(Protocol):
    """What a program needs of the machine."""

    readable: dict[int, bytearray]
    writable: dict[int, bytearray]
    fuel: int

    async def load(self, address: int, size: int, /) -> int:
        """1, 2 or 4 bytes within one page, as an unsigned number."""

    async def store(self, address: int, size: int, value: int, /) -> None:
        """The low bytes of ``value`` to memory, within one page."""

    async def syscall(self, name: str, /, *args: int | str) -> int:
        """The raw result: an address or a number, or -errno. Paths are given as text, offsets of mmap in pages."""

    async def out_of_fuel(self) -> None:
        """End of a slice: may wait, may end the run."""

    def user(self, line: int, fn: str, variables: dict[str, int | str], /) -> None:
        """Where the program stands."""

    def print(self, text: str, /) -> None:
        """The program has printed this."""

    def grow_stack(self, low: int, /) -> None:
        """Make the stack reach down to the page of ``low``."""
