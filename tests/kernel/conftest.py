"""Drivers for the model: a machine with a program that does what a test tells it to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from webapp.kernel.boot import boot, start
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.mm_types import Page, VmArea
from webapp.kernel.journal import Rows, apply
from webapp.kernel.machine import Machine, MachineSettings
from webapp.session import outcome

PAGE = 4096


@dataclass
class EmptyImage:
    """A program with one page each of code, data and stack."""

    pages: dict[int, bytearray] = field(default_factory=lambda: {vpn: bytearray(PAGE) for vpn in (0x10, 0x68, 0xBEFFF)})
    writable: set[int] = field(default_factory=lambda: {0x68, 0xBEFFF})
    data_end: int = 0x68000


class Bench:
    """A machine, the stages that it records, and verbs for tests."""

    def __init__(self, files: dict[str, int] | None = None, **settings: Any) -> None:
        sizes = {name: pages * PAGE for name, pages in (files or {"data.bin": 64}).items()}
        self.k: Machine = boot(MachineSettings(**settings), sizes)
        self.stages: list[dict[str, Any]] = []
        self.k.journal.sink = lambda stages: self.stages.extend(stage.as_dict() for stage in stages)

    def run(self, program: Callable[[Cpu], Awaitable[Any]]) -> list[dict[str, Any]]:
        """Run ``program`` to its end; returns the stages."""

        async def main(cpu: Cpu) -> int:
            await program(cpu)
            return 0

        start(self.k, EmptyImage(), main)
        while not self.k.sched.run_slice():
            pass
        self.k.journal.flush()
        return self.stages

    def steps(self, kind: str) -> list[dict[str, Any]]:
        """The recorded steps of one kind."""
        return [stage for stage in self.stages if stage.get("kind") == kind]

    def calls(self, fn: str) -> list[dict[str, Any]]:
        """The recorded calls of one function."""
        return [stage for stage in self.stages if stage["op"] == "call" and stage["fn"] == fn]

    def page(self, index: int, name: str = "data.bin") -> Page:
        """The cached page of a file."""
        return self.k.fs.inodes[name].mapping._pages[index]

    def pte(self, address: int) -> int:
        """The Linux PTE of an address."""
        return self.k.mm._tables[address >> 21].linux(address >> 12 & 511)

    def results(self) -> list[str]:
        """What handle_mm_fault returned, each time."""
        return [s["ret"] for s in self.stages if s["op"] == "return" and s["fn"] == "handle_mm_fault"]

    def vma(self, address: int) -> VmArea:
        """The VMA that holds an address."""
        return next(v for v in self.k.mm._mmap if v.vm_start <= address < v.vm_end)

    def maps(self) -> list[str]:
        """/proc/self/maps as the digest has it, without devices."""
        return outcome.maps(self.rows())

    def rows(self) -> Rows:
        """The state that the stages add up to."""
        rows: Rows = {}
        for stage in self.stages:
            apply(rows, stage.get("changes", ()))
        return rows


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Makes a `Bench`: ``bench({"data.bin": 64}, read_ahead_kb=64)``."""
    return Bench


async def map_file(
    cpu: Cpu, pages: int, pgoff: int = 0, flags: int = 2, name: str = "data.bin", writable: bool = False
) -> int:
    """Open a file and map ``pages`` of it, for reading or for writing too; the address."""
    fd = await cpu.syscall("open", name, 2 if writable else 0)
    return await cpu.syscall("mmap", 0, pages * PAGE, 3 if writable else 1, flags, fd, pgoff) & 0xFFFFFFFF


async def usleep(cpu: Cpu, microseconds: int) -> int:
    """Sleep as usleep() of the C library does."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return await cpu.syscall("clock_nanosleep", seconds, rest * 1000)
