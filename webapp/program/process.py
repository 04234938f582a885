"""One run of a program: its own image, its own C library, and `main`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled, RunLimit
from webapp.program.image import FIRST_SP, Image
from webapp.program.libc import Libc
from webapp.program.port import Cpu
from webapp.program.processes import Exited
from webapp.program.runtime import Jump, Resume, Runtime

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
        self.stack_low = self.image.stack_low
        self.frames = 0  # activations that could be jumped to, so far
        self.libc: Libc

    @property
    def stdout(self) -> str:
        """Standard output as redirected to a file: after a fatal signal, what stood in the C library's buffer is
        lost."""
        return "".join(self.output)[: self.libc.flushed] if hasattr(self, "libc") else ""

    async def main(self, cpu: Cpu) -> int:
        """Run to the end; returns the exit status. Signals and limits leave as exceptions."""
        runtime = self.start(cpu)
        arguments = [1, self.image.argv][: self.program.main_arguments]
        return await self.finish(runtime.functions["main"](1, FIRST_SP, *arguments))

    def start(self, cpu: Cpu, parent: Process | None = None) -> Runtime:
        """Bind the compiled functions to a machine, and for a child to a copy of what its parent's C library knows."""
        runtime = Runtime(self, cpu)
        self.libc = Libc(self, runtime)
        if parent is not None:
            self.libc.inherit(parent.libc)
        runtime.functions = self.program.factory(**runtime.names(), **self.libc.names(self.program.libraries))
        cpu.on_signal(self.libc.run_handler)
        return runtime

    async def finish(self, running: Awaitable[int]) -> int:
        """Run main to its end; what stands in the buffer of standard output is written then."""
        name = self.program.name
        try:
            status = await running
        except Exited as exited:
            return exited.status
        except Jump:
            raise NotModelled(f"{name}: longjmp() to a function that has returned is not modelled.") from None
        except RecursionError:
            raise RunLimit(f"{name}: the functions call one another too deeply.") from None
        self.libc.flush()
        return status & 255

    def fork(self, runtime: Runtime, standing: list[Resume]) -> Callable[[Cpu], Awaitable[int]]:
        """What the child of a fork does: go on where all functions stand now, with 0 as the value of fork()."""
        child = Process(self.program)
        child.image, child.stack_low, child.frames = self.image, runtime.stack.low, runtime.frames
        parent = Process(self.program)  # as it is now; it may have gone on when the child runs for the first time
        parent.libc = Libc(parent, runtime)
        parent.libc.inherit(self.libc)

        async def main(cpu: Cpu) -> int:
            inner = child.start(cpu, parent)
            inner.resuming = [*standing, 0]
            return await child.finish(inner.go_on())

        return main
