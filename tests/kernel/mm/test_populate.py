"""MAP_POPULATE: everything is mapped before mmap returns. Figures are the real kernel's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_referenced

R, RW, SHARED, PRIVATE, ANON, POPULATE, NONBLOCK = 1, 3, 1, 2, 0x20, 0x8000, 0x10000


def populate(pages: int, flags: int = PRIVATE, size: int = 512, prot: int = R) -> tuple[int, Bench]:
    b, got = Bench({"data.bin": size}), []

    async def program(cpu: Cpu) -> None:
        call: Any = cpu.syscall
        fd = await call("open", "data.bin", 2)
        got.append(await call("mmap", 0, pages * PAGE, prot, flags | POPULATE, fd, 0))

    b.run(program)
    return got[0], b


def test_sixty_four_cold_pages_take_seven_minor_faults_in_ten_attempts() -> None:
    _, b = populate(64)

    assert (b.k.current.maj_flt, b.k.current.min_flt) == (0, 7)
    assert (b.k.vmstat.pgfault, b.k.vmstat.pgmajfault) == (10, 1)


def test_every_page_is_mapped_and_counts_as_accessed() -> None:
    _, b = populate(64)

    pages = b.k.fs.inodes["data.bin"].mapping._pages
    assert all(pages[i].mapcount == 1 and pages[i].flags & PG_referenced for i in range(64))
    assert b.k.mm.mmap_lock == "free"


def test_a_populated_mapping_is_read_without_faults() -> None:
    b = Bench()

    async def program(cpu: Cpu) -> None:
        call: Any = cpu.syscall
        base = await call("mmap", 0, 8 * PAGE, R, SHARED | POPULATE, await call("open", "data.bin", 0), 0)
        for page in range(8):
            await cpu.load(base + page * PAGE, 1)

    b.run(program)

    assert b.k.fault.n == 0


def test_the_end_of_the_file_stops_it_quietly() -> None:
    address, b = populate(12, size=6)

    assert address == 0xB6FF1000
    assert [b.page(i).mapcount for i in range(6)] == [1] * 6


@pytest.mark.parametrize(("flags", "prot"), [(PRIVATE | NONBLOCK, R), (PRIVATE, 0)])
def test_nothing_is_mapped_with_map_nonblock_or_without_permission(flags: int, prot: int) -> None:
    _, b = populate(8, flags, prot=prot)

    assert not b.calls("handle_mm_fault")


def test_anonymous_memory_gets_the_zero_page_everywhere() -> None:
    address, b = populate(4, PRIVATE | ANON)

    table = b.k.mm._tables[address >> 21]
    words = {table.linux((address >> 12) + page & 511) for page in range(4)}
    assert words == {b.k.zero_page.pfn << 12 | 0x79F}


def test_private_writable_memory_is_copied_at_once() -> None:
    address, b = populate(8, prot=RW)

    table = b.k.mm._tables[address >> 21]
    assert {table.linux((address >> 12) + page & 511) & 0xFFF for page in range(8)} == {0x75F}
    assert len({table.linux((address >> 12) + page & 511) >> 12 for page in range(8)}) == 8
    assert all(page.mapcount == 0 for page in b.k.fs.inodes["data.bin"].mapping._pages.values())


def test_a_shared_writable_mapping_is_only_read() -> None:
    address, b = populate(8, SHARED, prot=RW)

    table = b.k.mm._tables[address >> 21]
    assert {table.linux((address >> 12) + page & 511) & 0xFFF for page in range(8)} == {0x79F}
    assert b.k.vmstat.nr_dirty == 0


def test_a_populated_writable_mapping_is_written_without_faults() -> None:
    b = Bench()

    async def program(cpu: Cpu) -> None:
        base = await cpu.syscall("mmap", 0, 8 * PAGE, RW, PRIVATE | ANON | POPULATE, -1, 0) & 0xFFFFFFFF
        for page in range(8):
            await cpu.store(base + page * PAGE, 1, page)

    b.run(program)

    assert b.k.fault.n == 0
