"""mincore: what is in memory, and what it says to bad questions. Answers are the real kernel's."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.stories import ANON, PRIVATE, RW, SHARED, on_file, on_memory
from webapp.kernel.hw.cpu import Cpu

EINVAL, ENOMEM, EFAULT = 22, 12, 14
BUFFER = 0x68100  # in the page of the program's variables


async def answer(cpu: Cpu, at: int, pages: int) -> list[int]:
    assert await cpu.syscall("mincore", at, pages * PAGE, BUFFER) == 0
    return list(cpu.k.ram.frame(cpu.k.mm._tables[0].linux(0x68) >> 12)[0x100 : 0x100 + pages])


def test_a_page_of_a_file_is_in_memory_once_the_page_cache_has_it() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        assert await answer(cpu, at, 4) == [0, 0, 0, 0]
        await cpu.load(at, 1)
        await cpu.syscall("madvise", at, 64 * PAGE, 4)  # not mapped any more, but cached
        assert await answer(cpu, at + 30 * PAGE, 4) == [1, 1, 0, 0]

    on_file(PRIVATE, story)


@pytest.mark.parametrize("flags", [PRIVATE, SHARED])
def test_memory_without_a_file_is_there_once_it_was_touched(flags: int) -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.store(at + PAGE, 1, 1)
        await cpu.load(at + 2 * PAGE, 1)  # the zero page counts too
        assert await answer(cpu, at, 4) == [0, 1, 1, 0]

    on_memory(flags, story)


def test_a_hole_ends_the_answer_and_what_was_told_before_it_stays() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.load(at, 1)
        await cpu.syscall("munmap", at + 2 * PAGE, PAGE)
        assert await cpu.syscall("mincore", at, 4 * PAGE, BUFFER) == -ENOMEM
        frame = cpu.k.ram.frame(cpu.k.mm._tables[0].linux(0x68) >> 12)
        assert list(frame[0x100:0x104]) == [1, 1, 0, 0]

    on_file(PRIVATE, story)


@pytest.mark.parametrize(
    ("errno", "offset", "length", "vec"),
    [
        (EINVAL, 1, PAGE, BUFFER),
        (0, 0, 0, BUFFER),
        (EFAULT, 0, PAGE, 0xC0000000),
        (EFAULT, 0, PAGE, 0x100),
        (ENOMEM, 0, 0xF0000000, BUFFER),
        (ENOMEM, -64 * PAGE, PAGE, BUFFER),
    ],
)
def test_what_mincore_refuses(errno: int, offset: int, length: int, vec: int) -> None:
    async def story(cpu: Cpu, at: int) -> None:
        assert await cpu.syscall("mincore", at + offset, length, vec) == -errno

    on_file(PRIVATE, story)


def test_the_buffer_may_fault_while_the_answer_is_copied() -> None:
    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4)
        buffer = await cpu.syscall("mmap", 0, PAGE, RW, PRIVATE | ANON, -1, 0) & 0xFFFFFFFF
        await cpu.load(at, 1)
        assert await cpu.syscall("mincore", at, 4 * PAGE, buffer) == 0
        assert await cpu.load(buffer, 4) == 0x01010101

    Bench().run(program)
