"""The CPU as the program sees it: loads, stores, system calls, and what they cost.

Rules for callers (the compiled program):
    * Look in ``readable`` / ``writable`` first: a page found there is a TLB hit and needs nothing from here.
    * Otherwise tell `user` where the program is, then await `load`, `store` or `syscall`.
    * Count ``fuel`` down at every loop iteration and function entry; below zero, await `out_of_fuel`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.arch.arm.kernel.entry_armv import vector_dabt
from webapp.kernel.arch.arm.kernel.entry_common import vector_swi
from webapp.kernel.errors import RunLimit, TaskKilled
from webapp.kernel.fs.exec import extend_stack
from webapp.kernel.hw.mmu import Abort, data_abort, translate
from webapp.kernel.include.uapi.asm_generic.errno import errno_name
from webapp.kernel.sched.core import pause

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

QUANTUM = 400  # fuel of one slice
SLOW_PATH_FUEL = 20  # what an access or call that leaves the fast path costs; it also ends the slice
ITERATION_NS = 20  # virtual time of one unit of fuel spent in user mode
MASK = 0xFFFFFFFF
MAX_ERRNO = 4095


class Cpu:
    """One CPU in user mode. ``limit`` is the fuel that the whole run may use."""

    def __init__(self, k: Machine, limit: int = 50_000_000) -> None:
        self.k = k
        self.readable = k.tlb._readable
        self.writable = k.tlb._writable
        self.fuel = QUANTUM
        self.limit = limit
        self.used = 0
        self._settled = QUANTUM
        self._visited = False  # the slow path, since the last turn of others

    def user(self, line: int, fn: str, vars: dict[str, Any]) -> None:
        """The program is about to leave the fast path at ``line`` of ``fn``."""
        place = self.k.place
        place.fn, place.line, place.vars = fn, line, vars
        self._settle()

    async def load(self, address: int, size: int) -> int:
        """The ``size`` bytes at ``address``, little endian; raises `TaskKilled` when the access ends the task."""
        value = 0
        for start, length in parts(address, size):
            frame = await self._reach(start, size, write=False)
            offset = start & (PAGE_SIZE - 1)
            value |= int.from_bytes(frame[offset : offset + length], "little") << 8 * (start - (address & MASK))
        await self._end_visit()
        return value

    async def store(self, address: int, size: int, value: int) -> None:
        """Write the low ``size`` bytes of ``value`` at ``address``."""
        data = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
        for start, length in parts(address, size):
            frame = await self._reach(start, size, write=True)
            offset, first = start & (PAGE_SIZE - 1), start - (address & MASK)
            frame[offset : offset + length] = data[first : first + length]
        await self._end_visit()

    async def syscall(self, name: str, *args: int | str) -> int:
        """Enter the kernel by a system call; the result is a value, an address, or a negative errno."""
        k = self.k
        place = k.place
        shown = [arg & MASK if isinstance(arg, int) else arg for arg in args]
        k.user_stage("user-call", f"{place.fn} calls {name}()", place.fn, place.line, name=name, args=shown)
        k.ctx = k.regs.mode = "kernel"
        result = await vector_swi(k, name, args)
        k.ctx = k.regs.mode = "user"
        if k.current.signal:  # out of memory
            raise TaskKilled(k.current.signal)
        k.user_stage(
            "syscall-return", f"{name}() returns {shown_result(result)}", place.fn, place.line, name=name, ret=result
        )
        self._visited = True
        await self._end_visit()
        return result

    async def out_of_fuel(self) -> None:
        """The slice is over: account for it, take interrupts that are due, and let the driver breathe."""
        self._settle()
        self.used += QUANTUM - self.fuel
        self.fuel = self._settled = QUANTUM
        if self.used > self.limit:
            raise RunLimit(
                f"Stopped after {self.limit:,} loop iterations, calls and memory accesses, the most that one run "
                f"may make. {self.k.place.fn or 'main'}() was still running."
            )
        await pause()

    def print(self, text: str) -> None:
        """The program wrote to its standard output."""
        k = self.k
        k.stdout.append(text)
        k.user_stage("user-print", f"prints {text.strip()[:60]!r}", k.place.fn, k.place.line)

    def grow_stack(self, low: int) -> None:
        """Make the program's own stack reach down to address ``low``."""
        extend_stack(self.k, low)

    async def _reach(self, address: int, size: int, write: bool) -> bytearray:
        """The frame behind a user address, through TLB, walk and, if need be, the kernel; then retried.

        The caller uses the frame at once: whoever runs in between may take the page away, or its dirty mark.
        """
        k, place = self.k, self.k.place
        verb = "writes" if write else "reads"
        kind = "user-store" if write else "user-load"
        table = self.writable if write else self.readable
        frame = table.get(address >> PAGE_SHIFT)
        if frame is not None:
            return frame
        what = f"{size} byte{'s' if size > 1 else ''} at {address:#010x}"
        k.user_stage(kind, f"{place.fn} {verb} {what}", place.fn, place.line, address=address, size=size)
        while isinstance(found := translate(k, address, write), Abort):
            data_abort(k, address, found.fsr)
            k.ctx = "kernel"
            await vector_dabt(k, address, found.fsr)
            k.ctx = k.regs.mode = "user"
            if k.current.signal:
                raise TaskKilled(k.current.signal)
            k.user_stage(
                kind, f"the {verb[:-1]} of {address:#010x} is tried again", place.fn, place.line, address=address
            )
        self._visited = True
        return k.ram.frame(found.pfn)

    async def _end_visit(self) -> None:
        """If the program has been in the slow path, that is a good moment for others to have their turn."""
        if not self._visited:
            return
        self._visited = False
        self.used += SLOW_PATH_FUEL
        await self.out_of_fuel()

    def _settle(self) -> None:
        """Charge virtual time for the user code since the last visit, and take interrupts that are due."""
        k = self.k
        k.now += (self._settled - self.fuel) * ITERATION_NS
        self._settled = self.fuel
        if k.now >= k.due:
            k.deliver_interrupts()


def shown_result(result: int) -> str:
    """A system call's result in words: an errno by its name, an address in hex."""
    if -MAX_ERRNO <= result < 0:
        return f"-{errno_name(result)}"
    return f"{result & MASK:#010x}" if result & MASK >= PAGE_SIZE else str(result)


def parts(address: int, size: int) -> list[tuple[int, int]]:
    """Split an access at page borders: (address, bytes) of each part."""
    address &= MASK
    room = PAGE_SIZE - (address & (PAGE_SIZE - 1))
    if size <= room:
        return [(address, size)]
    return [(address, room), ((address + room) & MASK, size - room)]
