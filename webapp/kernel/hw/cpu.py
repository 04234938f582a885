"""The CPU as the program sees it: loads, stores, system calls, and what they cost.

Rules for callers (the compiled program):
    * Look in ``readable`` / ``writable`` first: a page found there is a TLB hit and needs nothing from here.
    * Otherwise tell `user` where the program is, then await `load`, `store` or `syscall`.
    * Count ``fuel`` down at every loop iteration and function entry; below zero, await `out_of_fuel`.
    * Several programs may run by turns. Each has page tables, so ``readable`` and ``writable``, of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import pte_pfn
from webapp.kernel.arch.arm.kernel.entry_armv import vector_dabt
from webapp.kernel.arch.arm.kernel.entry_common import vector_swi
from webapp.kernel.arch.arm.kernel.signal import UCONTEXT, do_work_pending
from webapp.kernel.errors import ModelBug, NotModelled, RunLimit, TaskKilled
from webapp.kernel.fs.exec import extend_stack
from webapp.kernel.hw.mmu import Abort, data_abort, translate
from webapp.kernel.include.uapi.asm_generic.errno import errno_name
from webapp.kernel.include.uapi.asm_generic.signal import signal_name
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
        self.fuel = QUANTUM
        self.limit = limit
        self.used = 0
        self._settled = QUANTUM
        self._visited = False  # the slow path, since the last turn of others

    @property
    def readable(self) -> dict[int, bytearray]:
        """The pages that the running program may read without asking, by virtual page number."""
        return self.k.tlb.pages().readable

    @property
    def writable(self) -> dict[int, bytearray]:
        """Those that it may write to."""
        return self.k.tlb.pages().writable

    def user(self, line: int, fn: str, vars: dict[str, Any], sp: int = 0) -> None:
        """The program is about to leave the fast path at ``line`` of ``fn``; its stack reaches down to ``sp``."""
        place = self.k.place
        place.fn, place.line, place.vars = fn, line, vars
        self.k.current._sp = sp
        self._settle()

    async def load(self, address: int, size: int) -> int:
        """The ``size`` bytes at ``address``, little endian; raises `TaskKilled` when the access ends the task."""
        value = 0
        for start, length in parts(address, size):
            frame = await self._access(start, size, write=False)
            offset = start & (PAGE_SIZE - 1)
            value |= int.from_bytes(frame[offset : offset + length], "little") << 8 * (start - (address & MASK))
        await self._end_visit()
        return value

    async def store(self, address: int, size: int, value: int) -> None:
        """Write the low ``size`` bytes of ``value`` at ``address``."""
        data = (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
        for start, length in parts(address, size):
            frame = await self._access(start, size, write=True)
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
        if k.current.signal == "SIGKILL":  # out of memory: the call does not come back
            await self._handle_signals()
        k.user_stage(
            "syscall-return", f"{name}() returns {shown_result(result)}", place.fn, place.line, name=name, ret=result
        )
        self._visited = True
        if k.current._sighand.pending:
            await self._handle_signals()
        await self._end_visit()
        return result

    async def fork(self, child: Callable[[Cpu], Awaitable[int]]) -> int:
        """The system call fork; ``child`` is what the second program does, from where it comes back with 0."""
        self.k.current._child = child
        return await self.syscall("fork")

    @property
    def answer(self) -> tuple[int, ...]:
        """What the last system call gives back besides its result; the C library stores it where it belongs.

        Linux writes it through the pointers that the call was given.
        """
        return self.k.current._answer

    def on_signal(self, call: Callable[[int, int, int, int], Awaitable[None]]) -> None:
        """How a handler of the running program is called: its address, and what goes into r0, r1 and r2."""
        self.k.current._call_handler = call

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
        k = self.k
        await pause()
        if k.current._sighand.pending:
            await self._handle_signals()

    def print(self, text: str) -> None:
        """The program wrote to its standard output."""
        k = self.k
        k.stdout.append(text)
        k.user_stage("user-print", f"prints {text.strip()[:60]!r}", k.place.fn, k.place.line)

    def grow_stack(self, low: int) -> None:
        """Make the program's own stack reach down to address ``low``."""
        extend_stack(self.k, low)

    def peek(self, address: int) -> int:
        """A byte of the running program's memory as a debugger sees it: without faults; 0 where there is none."""
        vpn = address >> PAGE_SHIFT
        page = self.readable.get(vpn)
        if page is None and (mm := self.k.current.mm) is not None:
            table = mm._tables.get(pgd_index(address))
            pte = table.linux(pte_index(address)) if table is not None else 0
            page = self.k.ram.frames.get(pte_pfn(pte)) if pte else None
        return page[address & (PAGE_SIZE - 1)] if page is not None else 0

    def own_page(self, address: int) -> bytearray:
        """A page of the program's own stack or data, for writing; after a fork it may have to be copied first."""
        reaching = self._reach(address, 4, True)
        try:
            reaching.send(None)
        except StopIteration as done:
            page: bytearray = done.value
            return page
        raise NotModelled(f"the program's own memory at {address:#010x} has to be waited for, which is not modelled.")

    async def _handle_signals(self) -> None:
        """On the way back to the program: handlers are called, one after the other, or the task ends."""
        k = self.k
        while k.current._sighand.pending:
            k.ctx = k.regs.mode = "kernel"
            todo = do_work_pending(k)
            k.ctx = k.regs.mode = "user"
            if todo is None:
                return
            if isinstance(todo, str):
                raise TaskKilled(todo)
            call = k.current._call_handler
            if call is None:
                raise ModelBug(f"_handle_signals: {k.current.ref} does not say how its handlers are called")
            self.grow_stack(todo.address)
            siginfo = (todo.info.sig, 0, todo.info.code, todo.info.addr or todo.info.pid)
            for at, word in enumerate(siginfo):
                self.put_word(todo.address + 4 * at, word)
            await call(todo.handler, todo.info.sig, todo.address, todo.address + UCONTEXT)
            k.ctx = k.regs.mode = "kernel"
            await vector_swi(k, "rt_sigreturn", (todo.sp, todo.blocked))
            k.ctx = k.regs.mode = "user"
            k.user_stage("note", f"back from the handler of {signal_name(todo.info.sig)}", k.place.fn, k.place.line)

    def put_word(self, address: int, word: int) -> None:
        """Write a word to the program's own stack."""
        page = self.writable.get(address >> PAGE_SHIFT) or self.own_page(address)
        offset = address & (PAGE_SIZE - 1)
        page[offset : offset + 4] = (word & MASK).to_bytes(4, "little")

    async def _access(self, address: int, size: int, write: bool) -> bytearray:
        """The frame behind a user address, at once if it is at hand."""
        known = (self.writable if write else self.readable).get(address >> PAGE_SHIFT)
        return await self._reach(address, size, write) if known is None else known

    async def _reach(self, address: int, size: int, write: bool) -> bytearray:
        """The frame behind a user address, through TLB, walk and, if need be, the kernel; then retried.

        The caller uses the frame at once: whoever runs in between may take the page away, or its dirty mark.
        """
        k, place = self.k, self.k.place
        verb = "writes" if write else "reads"
        kind = "user-store" if write else "user-load"
        what = f"{size} byte{'s' if size > 1 else ''} at {address:#010x}"
        k.user_stage(kind, f"{place.fn} {verb} {what}", place.fn, place.line, address=address, size=size)
        while isinstance(found := translate(k, address, write), Abort):
            data_abort(k, address, found.fsr)
            k.ctx = "kernel"
            await vector_dabt(k, address, found.fsr)
            k.ctx = k.regs.mode = "user"
            if k.current._sighand.pending:
                await self._handle_signals()
            k.user_stage(
                kind, f"the {verb[:-1]} of {address:#010x} is tried again", place.fn, place.line, address=address
            )
        self._visited = True
        frame = k.ram.frame(found.pfn)
        if write and address >> PAGE_SHIFT in k.mm._own:  # a copy of its own again, since the fork
            k.mm._own.remove(address >> PAGE_SHIFT)
            k.tlb.pin(address >> PAGE_SHIFT, frame, True)
        return frame

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
