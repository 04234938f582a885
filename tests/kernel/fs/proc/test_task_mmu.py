"""/proc/PID/maps, smaps and pagemap: the text of the real kernel for the same mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.conftest import PAGE, Bench
from tests.kernel.stories import ANON, PRIVATE, RW, SHARED, R
from webapp.kernel.fs.proc.root import find, paths
from webapp.kernel.fs.proc.rows import rows_of
from webapp.kernel.fs.proc.task_mmu import (
    VECTORS,
    pagemap_read,
    show_map,
    show_smap,
    show_smap_vma_flags,
    show_smaps_rollup,
    task_mem,
)
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.journal import Rows

SEQUENTIAL, DONTFORK = 2, 10
RECORDED = (Path(__file__).parent / "smaps.txt").read_text()
PRESENT, FILE, EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56


async def all_kinds(cpu: Cpu) -> None:
    """Mappings of every kind, touched here and there, as the recorded program made them."""
    fd = await cpu.syscall("open", "data.bin", 2)

    async def mapping(pages: int, prot: int, flags: int, pgoff: int = 0) -> int:
        at = await cpu.syscall("mmap", 0, pages * PAGE, prot, flags, -1 if flags & ANON else fd, pgoff)
        return at & 0xFFFFFFFF

    p = await mapping(16, R, PRIVATE)
    s = await mapping(8, RW, SHARED, 16)
    c = await mapping(8, RW, PRIVATE, 32)
    a = await mapping(8, RW, PRIVATE | ANON)
    h = await mapping(8, RW, SHARED | ANON)
    await mapping(8, 0, PRIVATE | ANON)
    await mapping(8, RW, PRIVATE | ANON)
    await mapping(8, R, PRIVATE, 40)
    q = await mapping(16, R, SHARED)
    for address in p, p + 9 * PAGE, q + 3 * PAGE:
        if address >> 12 not in cpu.readable:
            await cpu.load(address, 1)
    for address in s + PAGE, c + PAGE, a + PAGE:
        await cpu.store(address, 1, 1)
    await cpu.load(a + 2 * PAGE, 1)
    await cpu.store(h + PAGE, 1, 1)
    await cpu.load(c + 2 * PAGE, 1)
    await cpu.load(h + 2 * PAGE, 1)
    await cpu.syscall("madvise", p, 4 * PAGE, SEQUENTIAL)
    await cpu.syscall("madvise", a, PAGE, DONTFORK)


@pytest.fixture(scope="module")
def recorded() -> Bench:
    b = Bench()
    b.run(all_kinds)
    return b


@pytest.fixture(scope="module")
def rows(recorded: Bench) -> Rows:
    return recorded.rows()


def between(text: str, first: str, last: str) -> str:
    return text[text.index(first) : text.index(last)]


def test_smaps_is_what_the_real_kernel_printed(rows: Rows) -> None:
    assert between(show_smap(rows, "task/1"), "b6fa5000-", "b6ffd000-") == RECORDED


def test_a_machine_tells_the_same_as_the_journal(recorded: Bench, rows: Rows) -> None:
    now = rows_of(recorded.k)

    for path in paths():
        found, then = find(now, path, "task/1"), find(rows, path, "task/1")
        assert found
        assert then
        assert found[0].show(now, found[1]) == then[0].show(rows, then[1])


def test_the_rollup_adds_up(rows: Rows) -> None:
    def total(name: str) -> int:
        return sum(
            int(line.split()[1]) for line in show_smap(rows, "task/1").splitlines() if line.startswith(f"{name}:")
        )

    rollup = {line.split()[0]: line.split()[1] for line in show_smaps_rollup(rows, "task/1").splitlines()[1:]}
    for name in ("Rss", "Pss", "Shared_Clean", "Private_Dirty", "Referenced", "Anonymous"):
        assert int(rollup[f"{name}:"]) == total(name)
    assert int(rollup["Rss:"]) == sum(
        int(line.split()[1]) for line in task_mem(rows, "task/1").splitlines() if line.startswith("Rss")
    )


def test_maps_ends_with_the_vectors_that_no_vma_stands_for(rows: Rows) -> None:
    last = show_map(rows, "task/1").splitlines()[-1]

    assert last == "ffff0000-ffff1000 r-xp 00000000 00:00 0          [vectors]"
    assert show_smap_vma_flags(VECTORS) == "VmFlags: rd ex mr me \n"


@pytest.mark.parametrize(
    ("page", "bits"),
    [
        (0xB6FA5, PRESENT | FILE),  # mapped twice
        (0xB6FB6, 0),
        (0xB6FCE, PRESENT | FILE | EXCLUSIVE),  # shared memory is a file to pagemap
        (0xB6FD6, PRESENT | EXCLUSIVE),
        (0xB6FD7, PRESENT),  # the zero page
        (0xB6FDE, PRESENT | EXCLUSIVE),  # a copy belongs to no file
        (0xB6FE6, PRESENT | FILE | EXCLUSIVE),
    ],
)
def test_pagemap_has_the_bits_that_the_real_kernel_gave(rows: Rows, page: int, bits: int) -> None:
    word = pagemap_read(rows, "task/1", page * 8, 8)

    assert word is not None
    assert int.from_bytes(word, "little") & ~((1 << 55) - 1) == bits


def test_pagemap_ends_with_user_space_and_wants_whole_words(rows: Rows) -> None:
    assert pagemap_read(rows, "task/1", 0xC0000 * 8, 64) == b""
    assert len(pagemap_read(rows, "task/1", 0xBEFFE * 8, 64) or b"") == 16
    assert pagemap_read(rows, "task/1", 0, 3) is None
    assert pagemap_read(rows, "task/1", 4, 8) is None


def test_a_bit_without_letters_shows_as_question_marks() -> None:
    assert show_smap_vma_flags({"vm_flags": 0x80000}) == "VmFlags: ?? \n"


def test_only_the_mapping_with_the_first_stack_pointer_is_called_stack() -> None:
    b = Bench()

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("mprotect", 0xBEFE0000, PAGE, R)

    b.run(program)

    stacks = [line.split()[5:] for line in show_map(b.rows(), "task/1").splitlines() if line.startswith("bef")]
    assert stacks == [[], [], ["[stack]"]]


def test_what_was_largest_is_remembered() -> None:
    b = Bench()

    async def program(cpu: Cpu) -> None:
        at = await cpu.syscall("mmap", 0, 32 * PAGE, RW, PRIVATE | ANON, -1, 0) & 0xFFFFFFFF
        for page in range(8):
            await cpu.store(at + page * PAGE, 1, 1)
        await cpu.syscall("munmap", at, 32 * PAGE)

    b.run(program)

    sizes = {line.split()[0]: int(line.split()[1]) for line in task_mem(b.rows(), "task/1").splitlines()}
    assert sizes["VmPeak:"] == sizes["VmSize:"] + 128
    assert sizes["VmHWM:"] == sizes["VmRSS:"] + 32
