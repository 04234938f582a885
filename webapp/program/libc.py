"""The C library of a run: standard output, strings in simulated memory, and the wrappers around system calls.

Every `x_NAME` serves the C function NAME; its first argument is the line of the call. Memory is reached a page at a time where the page
is at hand, and through the machine where it is not, so that a memcpy() out of a mapping faults as the program's own loads would.

Standard output goes to a file in the recordings, so it is buffered as glibc does: what is printed shows at once (`Cpu.print`), but
``flushed`` counts only what would have reached the file if a signal ended the program now.
"""

from __future__ import annotations

import sys
from collections import deque
from types import FrameType
from typing import TYPE_CHECKING, Any

from webapp.kernel.errors import NotModelled, RunLimit, TaskKilled
from webapp.program.constants import ERRNO, ERROR_TEXT
from webapp.program.formats import Spec, fill, read_format
from webapp.program.headers import STREAMS
from webapp.program.image import ERRNO as ERRNO_ADDRESS
from webapp.program.image import ERROR_BUFFER, ERROR_BUFFER_SIZE, PAGE_SHIFT, PAGE_SIZE

if TYPE_CHECKING:
    from webapp.program.process import Process
    from webapp.program.runtime import Runtime

MASK = 0xFFFFFFFF
MAP_FAILED = MASK
LAST_ERRNO = 4095
STDIO_BUFFER = 4096
LONGEST_STRING = 1 << 20
PASSED_ON = ("close", "munmap", "madvise", "mprotect", "msync", "getpid", "usleep")


class Exited(Exception):
    """The program has called exit()."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Memory:
    """Bytes of the running program, read and written on behalf of a C library function."""

    def __init__(self, process: Process, runtime: Runtime) -> None:
        self.process, self.runtime, self.cpu = process, runtime, runtime.cpu
        self.name = process.program.name

    async def page(self, line: int, frame: FrameType, address: int, write: bool) -> bytearray | None:
        """The page of an address, if it can be had whole; asking costs fuel, as copying costs time."""
        table = self.cpu.writable if write else self.cpu.readable
        self.cpu.fuel -= 1
        if self.cpu.fuel < 0:
            self.runtime.tell(line, frame)
            await self.cpu.out_of_fuel()
        found = table.get(address >> PAGE_SHIFT)
        if found is None and not write:
            await self.runtime.load(line, address, 1, frame)
            found = table.get(address >> PAGE_SHIFT)
        return found

    async def read(self, line: int, frame: FrameType, address: int, size: int) -> bytes:
        """``size`` bytes, from low to high addresses."""
        out = bytearray()
        while len(out) < size:
            at = address + len(out) & MASK
            page = await self.page(line, frame, at, write=False)
            if page is None:
                out.append(await self.runtime.load(line, at, 1, frame))
            else:
                start = at & (PAGE_SIZE - 1)
                out += page[start : start + size - len(out)]
        return bytes(out)

    async def write(self, line: int, frame: FrameType, address: int, content: bytes) -> None:
        """Put ``content`` at an address, from low to high."""
        done = 0
        while done < len(content):
            at = address + done & MASK
            page = await self.page(line, frame, at, write=True)
            if page is None:
                await self.runtime.store(line, at, 1, content[done], frame)
                done += 1
            else:
                start = at & (PAGE_SIZE - 1)
                piece = content[done : done + PAGE_SIZE - start]
                page[start : start + len(piece)] = piece
                done += len(piece)

    async def until(self, line: int, frame: FrameType, address: int, stop: bytes, most: int) -> bytes:
        """The bytes before the first that is one of ``stop``, or ``most`` of them."""
        out = bytearray()
        while len(out) < most:
            at = address + len(out) & MASK
            room = min(most - len(out), PAGE_SIZE - (at & (PAGE_SIZE - 1)))
            piece = await self.read(line, frame, at, room)
            ends = [end for char in stop if (end := piece.find(char)) >= 0]
            if ends:
                return bytes(out + piece[: min(ends)])
            out += piece
            if len(out) > LONGEST_STRING:
                raise RunLimit(f"{self.name}:{line}: this string has no end within {LONGEST_STRING} bytes.")
        return bytes(out)

    async def string(self, line: int, frame: FrameType, address: int, most: int = 1 << 32) -> bytes:
        """A string, without its closing zero."""
        return await self.until(line, frame, address, b"\0", most)


class Libc(Memory):
    """The functions."""

    def __init__(self, process: Process, runtime: Runtime) -> None:
        super().__init__(process, runtime)
        self.printed = self.flushed = self.errors = 0
        self.buffered = True
        self.random = random_state(1)

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

    async def syscall(self, line: int, frame: FrameType, name: str, *args: int | str) -> int:
        """A system call as its wrapper in the C library makes it: -1 and errno after an error."""
        self.runtime.tell(line, frame)
        result = await self.cpu.syscall(name, *args)
        if -LAST_ERRNO <= result < 0:
            self.set_errno(-result)
            return -1
        return result

    def set_errno(self, number: int) -> None:
        self.runtime.fill(ERRNO_ADDRESS, number.to_bytes(4, "little"))

    def errno(self) -> int:
        return sum(self.runtime.peek(ERRNO_ADDRESS + i) << 8 * i for i in range(4))

    # System calls with something to do on the way

    async def x_open(self, line: int, path: int, flags: int, mode: int = 0) -> int:
        frame = sys._getframe(1)
        if path < PAGE_SIZE:
            self.set_errno(ERRNO["EFAULT"])
            return -1
        name = (await self.string(line, frame, path, PAGE_SIZE)).decode("utf-8", "replace")
        return await self.syscall(line, frame, "open", name, flags)

    async def x_mmap(self, line: int, address: int, length: int, prot: int, flags: int, fd: int, offset: int) -> int:
        if offset & (PAGE_SIZE - 1):  # the C library itself refuses this
            self.set_errno(ERRNO["EINVAL"])
            return MAP_FAILED
        pages = (offset & MASK if offset < 1 << 31 else offset) >> PAGE_SHIFT
        return await self.syscall(line, sys._getframe(1), "mmap", address, length, prot, flags, fd, pages) & MASK

    async def x_sleep(self, line: int, seconds: int) -> int:
        await self.syscall(line, sys._getframe(1), "usleep", seconds * 1_000_000)
        return 0

    # Leaving

    async def x_exit(self, line: int, status: int) -> int:
        self.runtime.tell(line, sys._getframe(1))
        self.flushed = self.printed
        raise Exited(status & 255)

    async def x__exit(self, line: int, status: int) -> int:
        self.runtime.tell(line, sys._getframe(1))
        raise Exited(status & 255)

    x__Exit = x__exit

    async def x_abort(self, line: int) -> int:
        self.runtime.tell(line, sys._getframe(1))
        raise TaskKilled("SIGABRT")

    async def x___assert_fail(self, line: int, said: int, file: int, at: int, inside: int) -> int:
        frame = sys._getframe(1)
        texts = [(await self.string(line, frame, each)).decode("utf-8", "replace") for each in (file, inside, said)]
        self.show(line, frame, STREAMS["stderr"], f"prog: {texts[0]}:{at}: {texts[1]}: Assertion `{texts[2]}' failed.\n")
        raise TaskKilled("SIGABRT")

    # Output

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
        if text:
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
                raise NotModelled(f"{self.name}:{line}: {piece.problem or 'this format wants more values than it gets.'}")
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
            self.flushed = self.printed
        return 0

    async def x_setbuf(self, line: int, stream: int, buffer: int) -> int:
        return await self.x_setvbuf(line, stream, buffer, 0 if buffer else 2, 0)

    async def x_setvbuf(self, line: int, stream: int, buffer: int, mode: int, size: int) -> int:
        if stream == STREAMS["stdout"]:
            self.buffered = mode == 0
        return 0

    async def x_perror(self, line: int, prefix: int) -> int:
        frame = sys._getframe(1)
        said = text_of(await self.string(line, frame, prefix)) + ": " if prefix else ""
        self.show(line, frame, STREAMS["stderr"], f"{said}{error_text(self.errno())}\n")
        return 0

    async def x_strerror(self, line: int, number: int) -> int:
        self.runtime.fill(ERROR_BUFFER, error_text(number).encode().ljust(ERROR_BUFFER_SIZE, b"\0"))
        return ERROR_BUFFER

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
        if name == 30:
            return PAGE_SIZE
        raise NotModelled(f"{self.name}:{line}: sysconf() knows only _SC_PAGESIZE here.")


def text_of(content: bytes) -> str:
    return content.decode("utf-8", "replace")


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


