"""The C library of a run: standard output, strings in simulated memory, and the wrappers around system calls.

Every `x_NAME` serves the C function NAME; its first argument is the line of the call. Memory is reached a page at a
time where the page is at hand, and through the machine where it is not, so that a memcpy() out of a mapping faults as
the program's own loads would.
"""

from __future__ import annotations

import sys
from collections import deque
from types import FrameType
from typing import TYPE_CHECKING, Any

from webapp.kernel.errors import NotModelled
from webapp.program.constants import ERRNO, ERROR_TEXT, UNISTD
from webapp.program.filecalls import FileCalls
from webapp.program.headers import STREAMS
from webapp.program.heap import Heap
from webapp.program.image import ERROR_BUFFER, ERROR_BUFFER_SIZE, PAGE_SHIFT, PAGE_SIZE
from webapp.program.signals import Signals
from webapp.program.stdio import Stdio, text_of

if TYPE_CHECKING:
    from webapp.program.process import Process
    from webapp.program.runtime import Runtime

MASK = 0xFFFFFFFF
MAP_FAILED = MASK
SYSCONF_NAMES = {"_SC_CLK_TCK": 100, "_SC_OPEN_MAX": 1024, "_SC_PAGESIZE": PAGE_SIZE, "_SC_NPROCESSORS_ONLN": 1}
SYSCONF = {UNISTD[name]: value for name, value in SYSCONF_NAMES.items()}
PASSED_ON = (
    "close", "munmap", "madvise", "mprotect", "msync", "mincore", "mlock", "munlock", "mlockall", "munlockall", "fsync",
    "fdatasync", "sync", "syncfs", "getpid", "getppid", "kill", "dup", "dup2", "read", "write", "readv", "writev",
)  # fmt: skip


class Libc(FileCalls, Heap, Signals):
    """The functions."""

    def __init__(self, process: Process, runtime: Runtime) -> None:
        super().__init__(process, runtime)
        self.random = random_state(1)

    def inherit(self, parent: Stdio) -> None:
        """What a child's C library knows when it begins."""
        super().inherit(parent)
        assert isinstance(parent, Libc)
        self.random = parent.random.copy()
        self.chunks = parent.chunks.copy()

    def names(self, wanted: list[str]) -> dict[str, Any]:
        """The functions that a program calls, under the names of the emitted text."""
        return {f"_x_{name}": self.function(name) for name in wanted}

    def function(self, name: str) -> Any:
        own = getattr(self, f"x_{name}", None)
        if own is not None:
            return own
        assert name in PASSED_ON, name

        async def passed_on(line: int, *args: int) -> int:
            return await self.syscall(line, sys._getframe(1), name, *args)

        return passed_on

    # System calls with something to do on the way

    async def x_mmap(self, line: int, address: int, length: int, prot: int, flags: int, fd: int, offset: int) -> int:
        if offset & (PAGE_SIZE - 1):  # the C library itself refuses this
            self.set_errno(ERRNO["EINVAL"])
            return MAP_FAILED
        pages = (offset & MASK if offset < 1 << 31 else offset) >> PAGE_SHIFT
        return await self.syscall(line, sys._getframe(1), "mmap", address, length, prot, flags, fd, pages) & MASK

    x_mmap64 = x_mmap

    async def x_mremap(self, line: int, address: int, old: int, new: int, flags: int, to: int = 0) -> int:
        return await self.syscall(line, sys._getframe(1), "mremap", address, old, new, flags, to) & MASK

    async def x_mlock2(self, line: int, address: int, length: int, flags: int) -> int:
        name, rest = ("mlock2", (flags,)) if flags else ("mlock", ())  # without flags the C library calls the older one
        return await self.syscall(line, sys._getframe(1), name, address, length, *rest)

    # Output

    async def x_perror(self, line: int, prefix: int) -> int:
        frame = sys._getframe(1)
        said = text_of(await self.string(line, frame, prefix)) + ": " if prefix else ""
        self.show(line, frame, STREAMS["stderr"], f"{said}{error_text(self.errno())}\n")
        return 0

    async def x_strerror(self, line: int, number: int) -> int:
        text = error_text(number).encode() + b"\0"
        known = self.process.program.segments.literals.get(text)
        if known is None:
            self.runtime.fill(ERROR_BUFFER, text.ljust(ERROR_BUFFER_SIZE, b"\0"))
        return known or ERROR_BUFFER

    # Memory and strings

    async def x_strlen(self, line: int, at: int) -> int:
        return len(await self.string(line, sys._getframe(1), at))

    async def x_memset(self, line: int, at: int, value: int, size: int) -> int:
        frame = sys._getframe(1)
        for start in range(0, size, PAGE_SIZE):
            await self.write(line, frame, at + start, bytes([value & 255]) * min(PAGE_SIZE, size - start))
        return at

    async def x_memcpy(self, line: int, target: int, source: int, size: int) -> int:
        frame = sys._getframe(1)
        for start in range(0, size, PAGE_SIZE):
            piece = await self.read(line, frame, source + start, min(PAGE_SIZE, size - start))
            await self.write(line, frame, target + start, piece)
        return target

    async def x_memmove(self, line: int, target: int, source: int, size: int) -> int:
        frame = sys._getframe(1)
        starts = range(0, size, PAGE_SIZE)
        for start in reversed(starts) if target > source else starts:
            piece = await self.read(line, frame, source + start, min(PAGE_SIZE, size - start))
            await self.write(line, frame, target + start, piece)
        return target

    async def x_memcmp(self, line: int, left: int, right: int, size: int) -> int:
        frame = sys._getframe(1)
        at = 0
        while at < size:
            room = min(size - at, *(PAGE_SIZE - (base + at & (PAGE_SIZE - 1)) for base in (left, right)))
            one = await self.read(line, frame, left + at, room)
            other = await self.read(line, frame, right + at, room)
            if one != other:
                return next(a - b for a, b in zip(one, other, strict=True) if a != b)
            at += room
        return 0

    async def x_memchr(self, line: int, at: int, char: int, size: int) -> int:
        found = len(await self.until(line, sys._getframe(1), at, bytes([char & 255]), size))
        return at + found & MASK if found < size else 0

    async def x_strchr(self, line: int, at: int, char: int) -> int:
        frame, wanted = sys._getframe(1), bytes([char & 255])
        place = at + len(await self.until(line, frame, at, wanted + b"\0", 1 << 32)) & MASK
        return place if await self.read(line, frame, place, 1) == wanted else 0

    async def x_strcmp(self, line: int, left: int, right: int) -> int:
        return await self.x_strncmp(line, left, right, 1 << 32, frame=sys._getframe(1))

    async def x_strncmp(self, line: int, left: int, right: int, most: int, frame: FrameType | None = None) -> int:
        frame = frame or sys._getframe(1)
        for at in range(most):
            one, other = [(await self.read(line, frame, base + at, 1))[0] for base in (left, right)]
            if one != other or not one:
                return one - other
        return 0

    async def x_strcpy(self, line: int, target: int, source: int) -> int:
        frame = sys._getframe(1)
        await self.write(line, frame, target, await self.string(line, frame, source) + b"\0")
        return target

    async def x_strcat(self, line: int, target: int, source: int) -> int:
        frame = sys._getframe(1)
        end = target + len(await self.string(line, frame, target))
        await self.write(line, frame, end, await self.string(line, frame, source) + b"\0")
        return target

    async def x_atoi(self, line: int, at: int) -> int:
        text = (await self.string(line, sys._getframe(1), at, 32)).decode("latin-1").lstrip(" \t\n\v\f\r")
        sign = -1 if text.startswith("-") else 1
        digits = text[text[:1] in ("-", "+") :]
        length = next((i for i, char in enumerate(digits) if char not in "0123456789"), len(digits))
        value = sign * int(digits[:length] or "0")
        return max(-0x80000000, min(0x7FFFFFFF, value))

    # Arithmetic and the system

    def x_abs(self, value: int) -> int:
        return value if value == -0x80000000 else abs(value)

    x_labs = x_abs

    def x_rand(self) -> int:
        value = self.random[-31] + self.random[-3] & MASK
        self.random.append(value)
        return value >> 1

    def x_srand(self, seed: int) -> int:
        self.random = random_state(seed)
        return 0

    def x_getpagesize(self) -> int:
        return PAGE_SIZE

    async def x_sysconf(self, line: int, name: int) -> int:
        if name in SYSCONF:
            return SYSCONF[name]
        raise NotModelled(f"{self.name}:{line}: sysconf({name}) is not modelled; known are {', '.join(SYSCONF_NAMES)}.")


def error_text(number: int) -> str:
    return ERROR_TEXT.get(number, f"Unknown error {number}")


def random_state(seed: int) -> deque[int]:
    """The state of glibc's rand() after srand(seed): an additive feedback generator of degree 31."""
    word = seed or 1
    word = word - (1 << 32) if word >> 31 else word
    state = deque([word & MASK], maxlen=34)
    for _ in range(30):
        quot = abs(word) // 127773 * (-1 if word < 0 else 1)
        word = 16807 * (word - quot * 127773) - 2836 * quot
        if word < 0:
            word += 0x7FFFFFFF
        state.append(word)
    for index in range(3):
        state.append(state[index])
    for _ in range(310):
        state.append(state[-31] + state[-3] & MASK)
    return state
