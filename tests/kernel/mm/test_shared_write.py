"""Writing to shared mappings of files: pages that everybody sees."""

from __future__ import annotations

from tests.kernel.conftest import PAGE, map_file
from tests.kernel.stories import SHARED, on_file
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_private, PG_readahead


def test_the_first_shared_write_is_major_although_its_page_was_cached() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base, 1)
        await cpu.store(base, 1, 1)

    b, base = on_file(SHARED, story)

    assert b.results()[-2:] == ["VM_FAULT_WRITE|VM_FAULT_RETRY", "0"]
    assert (b.k.current.maj_flt, b.k.vmstat.pgmajfault) == (2, 1)
    assert b.pte(base) & 0xFFF == 0x75F
    assert b.k.vmstat.pgreuse == 1


def test_a_shared_write_to_an_unmapped_page_maps_just_that() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base, 1)
        await cpu.store(base + 20 * PAGE, 1, 1)

    b, base = on_file(SHARED, story)

    assert b.results()[-2:] == ["VM_FAULT_LOCKED|VM_FAULT_RETRY", "0"]
    assert [page for page in range(16, 64) if b.pte(base + page * PAGE)] == [20]


def test_a_cold_shared_write_waits_for_the_disk_first() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)

    b, _ = on_file(SHARED, story)

    assert b.results() == ["VM_FAULT_MAJOR|VM_FAULT_RETRY", "VM_FAULT_LOCKED"]  # no third attempt


def test_a_shared_write_makes_the_page_dirty_before_the_first_byte_changes() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)

    b, _ = on_file(SHARED, story)

    assert b.page(0).flags & (PG_dirty | PG_private) == PG_dirty | PG_private
    assert b.k.fs.inodes["data.bin"].mapping._dirty == {0}
    assert (b.k.vmstat.nr_dirty, b.k.vmstat.nr_dirtied) == (1, 1)
    dirtied, changed = b.steps("dirty")[0], b.steps("user-store")[-1]
    assert dirtied["n"] < changed["n"]


def test_the_marker_of_readahead_is_lost_when_its_page_is_written_to() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base, 1)
        await cpu.store(base + 24 * PAGE, 1, 1)

    b, _ = on_file(SHARED, story)

    assert not b.page(24).flags & PG_readahead


def test_two_shared_mappings_are_the_same_memory() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        other = await map_file(cpu, 8, pgoff=4, flags=SHARED)
        await cpu.load(other, 1)
        await cpu.store(base + 4 * PAGE, 1, 123)
        seen.append(await cpu.load(other, 1))

    b, _ = on_file(SHARED, story)

    assert seen == [123]
    assert b.page(4).mapcount == 2


def test_writing_past_the_end_of_the_file_is_sigbus_and_in_its_last_page_is_not() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base + 3 * PAGE - 1, 1, 1)
        await cpu.store(base + 3 * PAGE, 1, 1)

    b, _ = on_file(SHARED, story, pages=8, size=3)

    assert b.k.place.exit == "SIGBUS"
    assert b.k.fs.inodes["data.bin"].mapping._dirty == {2}


def test_what_a_shared_mapping_wrote_survives_its_munmap() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 77)
        await cpu.syscall("munmap", base, 64 * PAGE)
        seen.append(await cpu.load(await map_file(cpu, 4), 1))

    b, _ = on_file(SHARED, story)

    assert seen == [77]
    assert b.page(0).flags & PG_dirty


def test_a_dirty_pte_is_flushed_from_the_tlb_before_its_page_can_be_cleaned() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 77)
        await cpu.syscall("munmap", base, 64 * PAGE)

    b, _ = on_file(SHARED, story)

    zap, flush, free = b.steps("clear-pte")[0], b.calls("flush_tlb_range")[0], b.calls("free_pgtables")[0]
    assert zap["n"] < flush["n"] < free["n"]
