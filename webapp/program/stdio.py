"""Standard output of a run: printf() and its family.

Standard output goes to a file in the recordings, so it is buffered as glibc does: what is printed shows at once
(`Cpu.print`), but ``flushed`` counts only what would have reached the file if a signal ended the program now.
In a program that forks the buffer matters: fork copies it with the rest of the memory, and both write it. There what
is printed shows only when it is written.
"""

from __future__ import annotations

import sys
from collections import deque
from types import FrameType
from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled, RunLimit
from webapp.program.formats import Spec, fill, read_format
from webapp.program.headers import STREAMS
from webapp.program.memory import Memory

if TYPE_CHECKING:
    from webapp.program.process import Process
    from webapp.program.runtime import Runtime

MASK = 0xFFFFFFFF
STDIO_BUFFER = 4096


class Stdio(Memory):
    """The functions that print."""

    def __init__(self, process: Process, runtime: Runtime) -> None:
        super().__init__(process, runtime)
        self.printed = self.flushed = self.errors = 0
        self.buffered = True
        self.waiting = ""  # printed, but still in the buffer; of a program that forks, which gives both a copy of it

    def inherit(self, parent: Stdio) -> None:
        """A child begins with what stands in its parent's buffer, and will write it too."""
        self.buffered, self.waiting = parent.buffered, parent.waiting
        self.printed = self.flushed = 0

    def flush(self) -> None:
        """Write what stands in the buffer of standard output."""
        self.flushed = self.printed
        text, self.waiting = self.waiting, ""
        if text:
            self.cpu.print(text)

    def buffer(self, text: str) -> None:
        """Keep it for later, as glibc does when standard output is a file; a full buffer is written."""
        self.waiting += text
        if not self.buffered:
            self.flush()
        while len(self.waiting) > STDIO_BUFFER:
            text, self.waiting = self.waiting[:STDIO_BUFFER], self.waiting[STDIO_BUFFER:]
            self.cpu.print(text)

    def show(self, line: int, frame: FrameType, stream: int, text: str) -> int:
        """Print to stdout or stderr."""
        limit = self.process.limits.output_chars
        self.runtime.tell(line, frame)
        if self.printed + self.errors + len(text) > limit:
            raise RunLimit(f"{self.name}:{line}: the program prints more than {limit} characters.")
        if stream == STREAMS["stderr"]:
            self.errors += len(text)
        else:
            self.process.output.append(text)
            self.printed += len(text)
            self.flushed = max(self.flushed, (self.printed - 1) // STDIO_BUFFER * STDIO_BUFFER)
            if not self.buffered:
                self.flushed = self.printed
        if stream == STREAMS["stdout"] and self.process.program.forks:
            self.buffer(text)
        elif text:
            self.cpu.print(text)
        return len(text)

    async def formatted(self, line: int, frame: FrameType, at: int, args: tuple[int, ...]) -> bytes:
        """A format and its arguments as bytes."""
        out, rest = bytearray(), deque(args)
        most = self.process.limits.output_chars
        for piece in read_format(await self.string(line, frame, at)):
            if isinstance(piece, bytes):
                out += piece
                continue
            if piece.problem or piece.wanted > len(rest):
                raise NotModelled(
                    f"{self.name}:{line}: {piece.problem or 'this format wants more values than it gets.'}"
                )
            out += await self.conversion(line, frame, piece, rest, most)
            if len(out) > most:
                raise RunLimit(f"{self.name}:{line}: the program prints more than {most} characters.")
        return bytes(out)

    async def conversion(self, line: int, frame: FrameType, spec: Spec, rest: deque[int], most: int) -> bytes:
        flags = spec.flags
        width = rest.popleft() if spec.width == "*" else int(spec.width or 0)
        if width < 0:
            flags, width = flags + "-", -width
        precision = rest.popleft() if spec.precision == "*" else spec.precision
        assert not isinstance(precision, str)
        value, content = rest.popleft() if spec.letter != "%" else 0, b""
        if max(width, precision or 0) > most:
            raise RunLimit(f"{self.name}:{line}: the program prints more than {most} characters.")
        if spec.letter == "s":
            limit = precision if precision is not None and precision >= 0 else 1 << 32
            content = await self.string(line, frame, value, limit) if value else b"(null)"
        return fill(spec, value, content, flags, width, precision)

    async def x_printf(self, line: int, at: int, *args: int) -> int:
        frame = sys._getframe(1)
        return self.show(line, frame, STREAMS["stdout"], text_of(await self.formatted(line, frame, at, args)))

    async def x_fprintf(self, line: int, stream: int, at: int, *args: int) -> int:
        frame = sys._getframe(1)
        return self.show(line, frame, stream, text_of(await self.formatted(line, frame, at, args)))

    async def x_sprintf(self, line: int, target: int, at: int, *args: int) -> int:
        return await self.x_snprintf(line, target, MASK, at, *args, frame=sys._getframe(1))

    async def x_snprintf(
        self, line: int, target: int, size: int, at: int, *args: int, frame: FrameType | None = None
    ) -> int:
        frame = frame or sys._getframe(1)
        content = await self.formatted(line, frame, at, args)
        if size:
            await self.write(line, frame, target, content[: size - 1] + b"\0")
        return len(content)

    async def x_puts(self, line: int, at: int) -> int:
        frame = sys._getframe(1)
        return self.show(line, frame, STREAMS["stdout"], text_of(await self.string(line, frame, at)) + "\n")

    async def x_fputs(self, line: int, at: int, stream: int) -> int:
        frame = sys._getframe(1)
        self.show(line, frame, stream, text_of(await self.string(line, frame, at)))
        return 1

    async def x_putchar(self, line: int, char: int) -> int:
        self.show(line, sys._getframe(1), STREAMS["stdout"], text_of(bytes([char & 255])))
        return char & 255

    async def x_fputc(self, line: int, char: int, stream: int) -> int:
        self.show(line, sys._getframe(1), stream, text_of(bytes([char & 255])))
        return char & 255

    x_putc = x_fputc

    async def x_fflush(self, line: int, stream: int) -> int:
        if stream in (0, STREAMS["stdout"]):
            self.flush()
        return 0

    async def x_setbuf(self, line: int, stream: int, buffer: int) -> int:
        return await self.x_setvbuf(line, stream, buffer, 0 if buffer else 2, 0)

    async def x_setvbuf(self, line: int, stream: int, buffer: int, mode: int, size: int) -> int:
        if stream == STREAMS["stdout"]:
            self.buffered = mode == 0
        return 0


def text_of(content: bytes) -> str:
    return content.decode("utf-8", "replace")
