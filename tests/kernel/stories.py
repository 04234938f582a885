"""Stories that programs tell with mappings: what the tests of write faults begin with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.hw.cpu import Cpu

R, RW, RWX = 1, 3, 7
SHARED, PRIVATE, ANON = 1, 2, 0x20
Story = Callable[[Cpu, int], Awaitable[Any]]


def on_file(flags: int, story: Story, pages: int = 64, size: int = 64) -> tuple[Bench, int]:
    """Map a file for reading and writing and do as the story says."""
    b, base = Bench({"data.bin": size}), 0

    async def program(cpu: Cpu) -> None:
        nonlocal base
        base = await map_file(cpu, pages, flags=flags, writable=True)
        await story(cpu, base)

    b.run(program)
    return b, base


def on_memory(flags: int, story: Story, pages: int = 16) -> tuple[Bench, int]:
    """The same on anonymous memory."""
    b, base = Bench(), 0

    async def program(cpu: Cpu) -> None:
        nonlocal base
        base = await cpu.syscall("mmap", 0, pages * PAGE, RW, flags | ANON, -1, 0) & 0xFFFFFFFF
        await story(cpu, base)

    b.run(program)
    return b, base


def pte_of(cpu: Cpu, address: int) -> int:
    return cpu.k.mm._tables[address >> 21].linux(address >> 12 & 511)


def original(page: int) -> int:
    """The first byte of a page of a file that nobody has written to."""
    return (17 * page + 7) & 255
