"""madvise and msync: errors, flags, dropped PTEs, reading ahead. Figures are the real kernel's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.stories import SHARED, on_file
from webapp.kernel.errors import NotModelled
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.mm import VM_RAND_READ, VM_SEQ_READ
from webapp.kernel.include.uapi.asm_generic import mman

EBUSY, EINVAL, ENOMEM, EACCES = 16, 22, 12, 13
BASE = 0xB6FBD000  # of 64 pages


def run(program: Callable[[Any], Any], pages: int = 64, flags: int = 2) -> Bench:
    b = Bench({"data.bin": pages})

    async def main(cpu: Cpu) -> None:
        await map_file(cpu, min(pages, 64), flags=flags)
        await program(cpu)

    b.run(main)
    return b


def answer(name: str, *args: int, flags: int = 2) -> int:
    """What one system call returns."""
    got: list[int] = []

    async def program(cpu: Any) -> None:
        got.append(await cpu.syscall(name, *args))

    run(program, flags=flags)
    return got[0]


@pytest.mark.parametrize(
    ("errno", "start", "length", "advice"),
    [
        (EINVAL, BASE, 0, 1234),
        (EINVAL, BASE, PAGE, -1),
        (EINVAL, BASE, 0, mman.MADV_HUGEPAGE),
        (EINVAL, BASE, PAGE, 100),
        (EINVAL, BASE + 1, 0, mman.MADV_NORMAL),
        (EINVAL, BASE, 0xFFFFFFFF, mman.MADV_NORMAL),
        (EINVAL, BASE, 0xFFFFF000, mman.MADV_NORMAL),
        (0, BASE, 0, mman.MADV_RANDOM),
        (0, BASE, 1, mman.MADV_RANDOM),
        (ENOMEM, 0x50000000, PAGE, mman.MADV_WILLNEED),
        (ENOMEM, 0, PAGE, mman.MADV_DONTNEED),
        (ENOMEM, 0xC0000000, PAGE, mman.MADV_NORMAL),
        (ENOMEM, BASE - PAGE, 2 * PAGE, mman.MADV_RANDOM),
        (EINVAL, BASE, PAGE, mman.MADV_FREE),
        (EINVAL, BASE, PAGE, mman.MADV_WIPEONFORK),
        (EACCES, BASE, PAGE, mman.MADV_REMOVE),
        (EINVAL, 0xB6FFF000, PAGE, mman.MADV_DODUMP),
        (0, 0xB6FFF000, PAGE, mman.MADV_DONTNEED),
    ],
)
def test_madvise_answers_as_the_real_kernel(errno: int, start: int, length: int, advice: int) -> None:
    assert answer("madvise", start, length, advice) == -errno


def test_advice_that_is_not_modelled_is_refused_by_name() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.syscall("madvise", at, PAGE, mman.MADV_REMOVE)

    with pytest.raises(NotModelled, match=r"madvise\(MADV_\w+\), which \w+ .*not modelled"):
        on_file(SHARED, story)


@pytest.mark.parametrize(
    ("errno", "start", "length", "flags"),
    [
        (EINVAL, BASE, PAGE, mman.MS_SYNC | mman.MS_ASYNC),
        (EINVAL, BASE, PAGE, 64),
        (EINVAL, BASE + 1, PAGE, mman.MS_SYNC),
        (ENOMEM, BASE, 0xFFFFE000, mman.MS_ASYNC),
        (0, BASE, 0xFFFFFFFF, mman.MS_ASYNC),
        (0, BASE, 0, mman.MS_SYNC),
        (0, BASE, 64 * PAGE, mman.MS_SYNC | mman.MS_INVALIDATE),
        (ENOMEM, BASE - PAGE, 2 * PAGE, mman.MS_ASYNC),
        (ENOMEM, 0x50000000, PAGE, mman.MS_SYNC),
    ],
)
def test_msync_answers_as_the_real_kernel(errno: int, start: int, length: int, flags: int) -> None:
    assert answer("msync", start, length, flags, flags=1) == -errno


def test_holes_are_skipped_and_told_about_in_the_end() -> None:
    got = []

    async def program(cpu: Any) -> None:
        await cpu.syscall("munmap", BASE + 20 * PAGE, 10 * PAGE)
        got.append(await cpu.syscall("madvise", BASE, 64 * PAGE, mman.MADV_RANDOM))

    b = run(program)

    assert got == [-ENOMEM]
    assert b.vma(BASE).vm_flags & b.vma(BASE + 63 * PAGE).vm_flags & VM_RAND_READ


def test_random_and_sequential_exclude_each_other() -> None:
    seen = []

    async def program(cpu: Any) -> None:
        for advice in mman.MADV_SEQUENTIAL, mman.MADV_RANDOM, mman.MADV_NORMAL:
            await cpu.syscall("madvise", BASE, 64 * PAGE, advice)
            seen.append(cpu.k.mm._mmap[4].vm_flags & (VM_RAND_READ | VM_SEQ_READ))

    run(program)

    assert seen == [VM_SEQ_READ, VM_RAND_READ, 0]


def test_dontneed_drops_the_ptes_and_keeps_mapping_and_cache() -> None:
    async def program(cpu: Any) -> None:
        await cpu.load(BASE, 1)
        await cpu.syscall("madvise", BASE, 64 * PAGE, mman.MADV_DONTNEED)
        assert BASE >> 12 not in cpu.readable
        await cpu.load(BASE, 1)

    b = run(program)

    assert (b.k.current.maj_flt, b.k.current.min_flt) == (1, 1)
    assert b.k.disk.reads == 1


def test_willneed_reads_without_mapping_and_at_most_what_the_disk_takes_at_once() -> None:
    async def program(cpu: Any) -> None:
        await cpu.syscall("mmap", 0x40000000, 512 * PAGE, 1, 0x12, 3, 0)
        await cpu.syscall("madvise", 0x40000000, 512 * PAGE, mman.MADV_WILLNEED)

    b = run(program, pages=512)

    assert sorted(b.k.fs.inodes["data.bin"].mapping._pages) == list(range(320))
    assert not b.steps("set-pte")
    assert b.k.mm.mmap_lock == "free"
