"""What compiled programs call: slow paths of loads and stores, division, the stack, the way to the C library.

`Runtime` belongs to one run. The coroutines here tell the machine where the program stands before they ask it for
anything: the line is an argument, and the variables are taken from the frame that awaits.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from struct import Struct
from types import FrameType
from typing import TYPE_CHECKING, Any

from webapp.kernel.errors import NotModelled, RunLimit, TaskKilled
from webapp.program.arithmetic import quotient, remainder
from webapp.program.emit import Seen
from webapp.program.image import PAGE_SHIFT, PAGE_SIZE
from webapp.program.port import Cpu
from webapp.program.types import UINT, Array, CType, Integer, Pointer, Record

if TYPE_CHECKING:
    from webapp.program.process import Process


class Jump(Exception):
    """siglongjmp(): to activation ``frame`` of a function, behind its call ``site`` of sigsetjmp, with ``value``."""

    def __init__(self, frame: int, site: int, value: int) -> None:
        super().__init__(frame, site, value)
        self.frame, self.site, self.value = frame, site, value


@dataclass(frozen=True, slots=True)
class Resume:
    """Where one function of a forking program stood: at which site, and what its names held."""

    function: str
    saved: tuple[int, ...]


MASK = 0xFFFFFFFF
OFFSET = PAGE_SIZE - 1
FORMATS = {("u", 16): "<H", ("i", 16): "<h", ("u", 32): "<I", ("i", 32): "<i", ("u", 64): "<Q", ("i", 64): "<q"}
SHOWN_ELEMENTS = 8


class Stack:
    """The simulated stack: how far down it has pages."""

    def __init__(self, cpu: Cpu, name: str, low: int, lowest: int) -> None:
        self.cpu, self.name, self.low, self.lowest = cpu, name, low, lowest

    def grow(self, line: int, pointer: int) -> None:
        """Get pages down to ``pointer``; a program that wants too many is stopped."""
        if pointer < self.lowest:
            raise RunLimit(f"{self.name}:{line}: the variables of all the functions being run take too much stack.")
        self.low = pointer & ~OFFSET
        self.cpu.grow_stack(self.low)


class Runtime:
    """The helpers of one run."""

    def __init__(self, process: Process, cpu: Cpu) -> None:
        self.process, self.cpu = process, cpu
        self.readable, self.writable = cpu.readable, cpu.writable
        limits, image = process.limits, process.image
        self.name, self.limits = process.program.name, limits
        self.stack = Stack(cpu, self.name, process.stack_low, image.stack_low - limits.stack_bytes)
        self.functions: dict[str, Callable[..., Awaitable[int]]] = {}
        self.resuming: list[Resume | int] = []  # on the way to a site: the functions still to be entered, and its value
        self.frames = process.frames
        self.deepest = (0, 0)  # depth and stack pointer of the function that was last heard of

    def tell(self, line: int, frame: FrameType) -> None:
        """Let the machine know where the program is and what its variables hold."""
        fn = frame.f_code.co_name.removeprefix("_f_")
        values = frame.f_locals
        shown = self.variables(line, values, self.process.program.variables.get(fn, []))
        self.deepest = values["_d"], values["_s"]
        self.cpu.user(line, fn, shown, values["_s"])

    # Going on in the middle: see `sites`.

    def standing(self, frame: FrameType | None) -> list[Resume]:
        """Where every function from main down to the one that forks stands."""
        found: list[Resume] = []
        names = self.process.program.resumable
        while frame is not None and frame.f_code.co_name != "main":
            function = frame.f_code.co_name.removeprefix("_f_")
            if frame.f_code.co_name == "run_handler":
                raise NotModelled(f"{self.name}: fork() within a signal handler is not modelled.")
            if function in names and frame.f_code.co_name.startswith("_f_"):
                held = frame.f_locals
                saved = (held["_site"], *(held.get(name, 0) for name in names[function]))
                found.insert(0, Resume(function, saved))
            frame = frame.f_back
        return found

    async def go_on(self) -> int:
        """At a site, in place of its call: enter the next function that stands in the middle, or have the value."""
        following = self.resuming.pop(0)
        if isinstance(following, int):
            return following
        params = [0] * self.process.program.parameters[following.function]
        return await self.functions[following.function](0, 0, *params, _saved=following.saved)

    def land(self, jump: Jump, frame: int) -> int:
        """A jump has come to a function: the site to go on at, or 0 if it is not for this activation of it."""
        if jump.frame != frame:
            return 0
        self.resuming = [jump.value]
        return jump.site

    def new_frame(self) -> int:
        """A number for an activation that can be jumped to."""
        self.frames += 1
        return self.frames

    def variables(self, line: int, values: dict[str, Any], seen: list[Seen]) -> dict[str, int | str]:
        """The variables in scope on a line, pointers in hexadecimal; an inner one hides an outer one of its name."""
        shown: dict[str, int | str] = {}
        for var in seen:
            if var.first <= line <= var.last:
                if var.python:
                    value = values.get(var.python, 0)
                    shown[var.name] = f"{value:#010x}" if isinstance(var.type, Pointer) else value
                else:
                    shown[var.name] = self.in_memory(var.type, values["_s"] + var.offset)
        return shown

    def in_memory(self, kind: CType, address: int) -> int | str:
        """A variable that lives in simulated memory, as a number or in a few words."""
        if isinstance(kind, Array):
            count = min(kind.length or 0, SHOWN_ELEMENTS)
            inside = [str(self.in_memory(kind.of, address + i * kind.of.size)) for i in range(count)]
            return "{" + ", ".join(inside + ["..."] * (count < (kind.length or 0))) + "}"
        if isinstance(kind, Record):
            fields = [
                f".{name} = {self.in_memory(member, address + at)}"
                for name, (member, at) in kind.layout.members.items()
            ]
            return "{" + ", ".join(fields[:SHOWN_ELEMENTS]) + "}"
        content = bytes(self.cpu.peek(address + i & MASK) for i in range(kind.size))
        whole = kind if isinstance(kind, Integer) else UINT
        value = whole.wrap(int.from_bytes(content, "little"))
        return f"{value:#010x}" if isinstance(kind, Pointer) else value

    async def load(self, line: int, address: int, size: int, frame: FrameType) -> int:
        """A load that left the fast path; 64 bits are loaded as two words."""
        self.tell(line, frame)
        address &= MASK
        if size < 8:
            return await self.cpu.load(address, size)
        low = await self.cpu.load(address, 4)
        return low | await self.cpu.load(address + 4 & MASK, 4) << 32

    async def store(self, line: int, address: int, size: int, value: int, frame: FrameType) -> None:
        """A store that left the fast path."""
        self.tell(line, frame)
        address &= MASK
        if size < 8:
            await self.cpu.store(address, size, value & ((1 << 8 * size) - 1))
        else:
            await self.cpu.store(address, 4, value & MASK)
            await self.cpu.store(address + 4 & MASK, 4, value >> 32 & MASK)

    def fill(self, address: int, content: bytes) -> None:
        """Write to the program's own stack, whose pages are always there unless it has unmapped them."""
        while content:
            at = address & OFFSET
            piece = content[: PAGE_SIZE - at]
            page = self.writable.get(address >> PAGE_SHIFT)
            if page is None:
                page = self.cpu.own_page(address)
            page[at : at + len(piece)] = piece
            address, content = address + len(piece), content[len(piece) :]

    def names(self) -> dict[str, Any]:
        """Everything that the emitted text refers to, but for the C library."""
        depth = self.limits.stack_depth

        async def fuel(line: int) -> None:
            self.tell(line, sys._getframe(1))
            await self.cpu.out_of_fuel()

        def deep(line: int) -> None:
            raise RunLimit(
                f"{self.name}:{line}: the call stack is {depth} functions deep; is the recursion without end?"
            )

        def divide(line: int, left: int, right: int) -> int:
            if right == 0:
                self.divided_by_zero(line, sys._getframe(1))
            return quotient(left, right)

        def modulo(line: int, left: int, right: int) -> int:
            if right == 0:
                self.divided_by_zero(line, sys._getframe(1))
            return remainder(left, right)

        async def copy(line: int, target: int, source: int, size: int) -> None:
            frame = sys._getframe(1)
            content = await self.process.libc.read(line, frame, source, size)
            await self.process.libc.write(line, frame, target, content)

        names: dict[str, Any] = {
            "_c": self.cpu,
            "_rd": self.readable.get,
            "_wr": self.writable.get,
            "_stack": self.stack,
            "_templates": self.process.program.templates,
            "_fuel": fuel,
            "_deep": deep,
            "_fill": self.fill,
            "_zero": lambda address, size: self.fill(address, bytes(size)),
            "_copy": copy,
            "_quotient": quotient,
            "_remainder": remainder,
            "_div": divide,
            "_mod": modulo,
            "_wrap32": lambda value: (value + 0x80000000 & MASK) - 0x80000000,
            "_go_on": self.go_on,
            "_jump": Jump,
            "_land": self.land,
            "_new_frame": self.new_frame,
            "_wrap64": lambda value: (value + (1 << 63) & ((1 << 64) - 1)) - (1 << 63),
        }
        for sign in "iu":
            for bits in (8, 16, 32, 64):
                names |= self.access(sign, bits)
        return names

    def divided_by_zero(self, line: int, frame: FrameType) -> None:
        """ARM has no trap for it: the C library's division raises the signal itself."""
        self.tell(line, frame)
        raise TaskKilled("SIGFPE")

    def access(self, sign: str, bits: int) -> dict[str, Any]:
        """Loads and stores of one type: fast ones on a page at hand, slow ones through the machine."""
        size, kind = bits // 8, f"{sign}{bits}"
        layout = Struct(FORMATS.get((sign, bits), "<B"))
        half, whole, mask = 1 << (bits - 1), 1 << bits, (1 << bits) - 1
        last = PAGE_SIZE - size
        pages, pack = self.writable.get, Struct(FORMATS.get(("u", bits), "<B")).pack_into

        async def load(line: int, address: int) -> int:
            value = await self.load(line, address, size, sys._getframe(1))
            return value - whole if sign == "i" and value >= half else value

        async def store(line: int, address: int, value: int) -> int:
            await self.store(line, address, size, value, sys._getframe(1))
            return value

        def try_store(value: int, address: int) -> bool:
            page = pages(address >> PAGE_SHIFT)
            if page is None or address & OFFSET > last:
                return False
            pack(page, address & OFFSET, value & mask)
            return True

        return {
            f"_g_{kind}": layout.unpack_from,
            f"_p_{kind}": layout.pack_into,
            f"_l_{kind}": load,
            f"_s_{kind}": store,
            f"_w_{kind}": try_store,
        }
