"""One run of a program: its own image, its own C library, and `main`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from webapp.kernel.errors import RunLimit
from webapp.program.image import FIRST_SP, Image
from webapp.program.libc import Exited, Libc
from webapp.program.port import Cpu
from webapp.program.runtime import Runtime

if TYPE_CHECKING:
    from webapp.program import Program


class Process:
    """A loaded program that has not run yet. The machine pins the pages of ``image``, then awaits `main`.

    ``output`` is what it printed to standard output so far; `stdout` is what of that has reached the file or pipe
    behind it.
    """

    def __init__(self, program: Program) -> None:
        self.program, self.limits = program, program.limits
        self.image = Image(program.segments)
        self.output: list[str] = []
        self.libc: Libc

    @property
    def stdout(self) -> str:
        """Standard output as redirected to a file: after a fatal signal, what stood in the C library's buffer is
        lost."""
        return "".join(self.output)[: self.libc.flushed] if hasattr(self, "libc") else ""

    async def main(self, cpu: Cpu) -> int:
        """Run to the end; returns the exit status. Signals and limits leave as exceptions."""
        runtime = Runtime(self, cpu)
        self.libc = Libc(self, runtime)
        functions: dict[str, Callable[..., Awaitable[int]]] = self.program.factory(
            **runtime.names(), **self.libc.names(self.program.libraries)
        )
        arguments = [1, self.image.argv][: self.program.main_arguments]
        try:
            status = await functions["main"](1, FIRST_SP, *arguments)
        except Exited as exited:
            return exited.status
        except RecursionError:
            raise RunLimit(f"{self.program.name}: the functions call one another too deeply.") from None
        self.libc.flushed = self.libc.printed
        return status & 255
