"""munmap: splits, PTEs, page tables, the TLB, and what survives. Figures are the real kernel's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.errors import NotModelled
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_active, PG_referenced
from webapp.kernel.mm.vma import MAX_MAP_COUNT

EINVAL, ENOMEM = 22, 12
SLOT = 2 << 20
R, PRIVATE, FIXED = 1, 2, 0x10


def run(program: Callable[[Any, Any], Any], pages: int = 64) -> Bench:
    """Run a program that is given the CPU and a mapping of all of data.bin."""
    b = Bench({"data.bin": pages})

    async def main(cpu: Cpu) -> None:
        await program(cpu, await map_file(cpu, pages))

    b.run(main)
    return b


async def touch(cpu: Any, address: int) -> None:
    if address >> 12 not in cpu.readable:
        await cpu.load(address, 1)


@pytest.mark.parametrize(
    ("errno", "start", "length"),
    [
        (EINVAL, 0xB6FBD001, PAGE),
        (EINVAL, 0xB6FBD000, 0),
        (EINVAL, 0xB6FBD000, 0xC0000000),
        (EINVAL, 0xBF001000, PAGE),
        (EINVAL, 0xC0000000, PAGE),
        (EINVAL, 0xBF000000, PAGE),
        (0, 0, PAGE),
        (0, 0x20000000, 0x10000000),
        (0, 0xBEFFF000, 1),
    ],
)
def test_munmap_answers_as_the_real_kernel(errno: int, start: int, length: int) -> None:
    got = []

    async def program(cpu: Any, base: int) -> None:
        got.append(await cpu.syscall("munmap", start, length))

    run(program)

    assert got == [-errno]


def test_a_hole_in_the_middle_leaves_two_vmas_and_moves_the_offset_of_the_upper() -> None:
    async def program(cpu: Any, base: int) -> None:
        await cpu.syscall("munmap", base + 16 * PAGE, 16 * PAGE)

    b = run(program)

    assert b.maps()[4:6] == [
        "b6fbd000-b6fcd000 r--p 00000000 data.bin",
        "b6fdd000-b6ffd000 r--p 00020000 data.bin",
    ]


def test_a_split_beyond_the_limit_of_mappings_is_refused() -> None:
    got = []

    async def program(cpu: Any, base: int) -> None:
        mm = cpu.k.mm
        count, mm.map_count = mm.map_count, MAX_MAP_COUNT
        got.append(await cpu.syscall("munmap", base + PAGE, PAGE))
        got.append(await cpu.syscall("munmap", base, PAGE))
        mm.map_count = count

    run(program)

    assert got == [-ENOMEM, 0]


def test_unmapping_clears_ptes_and_tlb_but_keeps_the_page_cache() -> None:
    rss = []

    async def program(cpu: Any, base: int) -> None:
        rss.append(cpu.k.mm.rss_file)
        await touch(cpu, base)
        rss.append(cpu.k.mm.rss_file)
        assert base >> 12 in cpu.readable
        await cpu.syscall("munmap", base, 64 * PAGE)
        rss.append(cpu.k.mm.rss_file)
        assert base >> 12 not in cpu.readable

    b = run(program)

    assert len(b.steps("clear-pte")) == 16
    assert [count - rss[0] for count in rss] == [0, 16, 0]
    assert sorted(b.k.fs.inodes["data.bin"].mapping._pages) == list(range(32))
    assert b.page(0).mapcount == 0


def test_every_mapped_page_counts_as_accessed_once_an_unmap() -> None:
    states = []

    async def program(cpu: Any, base: int) -> None:
        for _ in range(3):
            await touch(cpu, base)
            await cpu.syscall("munmap", base, 64 * PAGE)
            base = await map_file(cpu, 64)
            await cpu.syscall("munmap", base, PAGE)  # drains the pagevecs
            page = cpu.k.fs.inodes["data.bin"].mapping._pages[5]
            states.append((bool(page.flags & PG_active), bool(page.flags & PG_referenced)))
            base = await map_file(cpu, 64)

    run(program)

    assert states == [(False, True), (True, False), (True, True)]


def test_sequential_advice_keeps_an_unmap_from_counting_as_access() -> None:
    async def program(cpu: Any, base: int) -> None:
        await cpu.syscall("madvise", base, 64 * PAGE, 2)
        await touch(cpu, base)
        await cpu.syscall("munmap", base, 64 * PAGE)

    b = run(program)

    assert not any(page.flags & PG_referenced for page in b.k.fs.inodes["data.bin"].mapping._pages.values())


def test_mmap_lock_is_held_for_reading_during_the_unmap_unless_a_stack_lies_above() -> None:
    async def below_another_mapping(cpu: Any, base: int) -> None:
        await cpu.syscall("munmap", base, PAGE)

    async def below_the_stack(cpu: Any, base: int) -> None:
        await cpu.syscall("munmap", 0xB6FFF000, PAGE)

    assert run(below_another_mapping).calls("downgrade_write")
    assert not run(below_the_stack).calls("downgrade_write")


def test_a_page_of_ptes_goes_with_the_last_mapping_of_its_slot() -> None:
    sizes = []

    async def program(cpu: Any, base: int) -> None:
        mm = cpu.k.mm
        sizes.append(mm.pgtables_bytes)
        await cpu.syscall("mmap", 0x40000000, 1024 * PAGE, R, PRIVATE | FIXED, 3, 0)
        for slot in range(2):
            await touch(cpu, 0x40000000 + slot * SLOT)
        for start, length in (0x40000000, 511 * PAGE), (0x40200000, SLOT), (0x401FF000, PAGE):
            sizes.append(mm.pgtables_bytes)
            await cpu.syscall("munmap", start, length)
        sizes.append(mm.pgtables_bytes)

    run(program, pages=1024)

    assert [size - sizes[0] for size in sizes] == [0, 4096, 4096, 2048, 0]


def test_the_page_table_of_the_programs_own_slot_stays() -> None:
    async def program(cpu: Any, base: int) -> None:
        with pytest.raises(NotModelled, match="took the program's own code"):
            await cpu.syscall("munmap", 0x10000, 0x80000)

    assert 0 in run(program).k.mm._tables


ranges = st.tuples(st.integers(0, 1600), st.integers(1, 900))


@settings(max_examples=40)
@given(
    st.lists(ranges, min_size=1, max_size=4), st.lists(ranges, max_size=5), st.lists(st.integers(0, 2400), max_size=8)
)
def test_page_tables_live_exactly_as_long_as_some_mapping_may_use_them(
    mapped: list[tuple[int, int]], unmapped: list[tuple[int, int]], touched: list[int]
) -> None:
    base = 0x40000000
    live: set[int] = set()
    slots_used: set[int] = set()

    async def program(cpu: Any, _: int) -> None:
        for page, pages in mapped:
            await cpu.syscall("mmap", base + page * PAGE, pages * PAGE, R, PRIVATE | 0x20 | FIXED, -1, 0)
            live.update(range(page, page + pages))
        for page in touched:
            if page in live:
                await touch(cpu, base + page * PAGE)
                slots_used.add(page // 512)
        for page, pages in unmapped:
            await cpu.syscall("munmap", base + page * PAGE, pages * PAGE)
            live.difference_update(range(page, page + pages))
            slots_used.intersection_update(page // 512 for page in live)

    mm = run(program, pages=2).k.mm

    first = base // SLOT
    assert {slot - first for slot in mm._tables if first <= slot < first + 8} == slots_used
    assert mm.pgtables_bytes == 2048 * len(mm._tables)
