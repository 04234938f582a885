"""The port between a program and the machine that runs it.

Rules for the machine:
    * ``readable`` and ``writable`` stay the same dict objects for as long as one program runs; their contents may
      change at every await. Every program has its own: a child of fork asks for them when it runs for the first time.
    * The pages of the program's image are in them from before the run starts.
    * ``fuel`` may be set at any time; the program counts it down and calls `out_of_fuel` when it is below 0.
Rules for the program:
    * `user` is called before `load`, `store`, `syscall`, `print` and `out_of_fuel`: the machine then knows
      line, function and variables.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol


class Cpu(Protocol):
    """What a program needs of the machine."""

    fuel: int

    @property
    def readable(self) -> dict[int, bytearray]:
        """Pages that can be read without asking."""

    @property
    def writable(self) -> dict[int, bytearray]:
        """Pages that can be written to without asking."""

    @property
    def answer(self) -> tuple[int, ...]:
        """What the last system call gives back besides its result, for the C library to store."""

    async def load(self, address: int, size: int, /) -> int:
        """1, 2 or 4 bytes within one page, as an unsigned number."""

    async def store(self, address: int, size: int, value: int, /) -> None:
        """The low bytes of ``value`` to memory, within one page."""

    async def syscall(self, name: str, /, *args: int | str) -> int:
        """The raw result: an address or a number, or -errno. Paths are `UserPath`s, offsets of mmap in pages."""

    async def out_of_fuel(self) -> None:
        """End of a slice: may wait, may end the run."""

    async def fork(self, child: Callable[[Cpu], Awaitable[int]], /) -> int:
        """Make a second program with a copy of the memory, which does ``child``; its pid, or -errno."""

    def on_signal(self, call: Callable[[int, int, int, int], Awaitable[None]], /) -> None:
        """How handlers are called: address of the function, and its three arguments."""

    def user(self, line: int, fn: str, variables: dict[str, int | str], sp: int, /) -> None:
        """Where the program stands; ``sp`` is its stack pointer."""

    def peek(self, address: int, /) -> int:
        """A byte of memory, to show it; 0 where there is none."""

    def own_page(self, address: int, /) -> bytearray:
        """A page of the program's own stack or data that is not at hand for writing; raises if it has none there."""

    def print(self, text: str, /) -> None:
        """The program has printed this."""

    def grow_stack(self, low: int, /) -> None:
        """Make the stack reach down to the page of ``low``."""
