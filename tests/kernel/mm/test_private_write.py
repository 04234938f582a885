"""Writing to private mappings of files: copies of one's own."""

from __future__ import annotations

from tests.kernel.conftest import PAGE, map_file
from tests.kernel.stories import PRIVATE, RW, SHARED, R, on_file, on_memory, original, pte_of
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_referenced


def test_a_private_write_to_a_missing_page_maps_nothing_but_its_copy() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base + 5 * PAGE, 1, 99)

    b, base = on_file(PRIVATE, story)

    assert b.results() == ["VM_FAULT_MAJOR|VM_FAULT_RETRY", "VM_FAULT_LOCKED"]
    assert b.pte(base + 5 * PAGE) & 0xFFF == 0x75F
    assert [page for page in range(64) if b.pte(base + page * PAGE)] == [5]
    assert b.page(5).mapcount == 0
    assert not b.page(5).flags & (PG_dirty | PG_referenced)


def test_the_file_never_sees_a_private_write() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base + 5 * PAGE, 1, 99)
        seen.append(await cpu.load(base + 5 * PAGE, 1))
        seen.append(await cpu.load(base + 5 * PAGE + 1, 1))
        other = await map_file(cpu, 64)
        seen.append(await cpu.load(other + 5 * PAGE, 1))

    on_file(PRIVATE, story)

    assert seen == [99, original(5) + 131 & 255, original(5)]


def test_a_frame_for_the_copy_is_not_kept_while_the_disk_is_waited_for() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)

    b, base = on_file(PRIVATE, story)

    anonymous = [page for page in b.k.mem_map.values() if page.anonymous and page.lru]
    assert [page.pfn for page in anonymous] == [b.pte(base) >> 12]
    assert b.k.vmstat.nr_free_pages == len(b.k.free_frames)


def test_writing_a_page_that_was_read_replaces_it_by_a_copy() -> None:
    frames = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base + 7 * PAGE, 1)
        frames.append(pte_of(cpu, base + 7 * PAGE) >> 12)
        await cpu.store(base + 7 * PAGE, 1, 1)
        frames.append(pte_of(cpu, base + 7 * PAGE) >> 12)

    b, _ = on_file(PRIVATE, story)

    assert b.results()[-1] == "VM_FAULT_WRITE"
    assert b.page(7).pfn == frames[0] != frames[1]
    assert b.page(7).mapcount == 0
    assert [hex(s["args"]["fsr"]) for s in b.calls("do_DataAbort")] == ["0x17", "0x81f"]


def test_a_copy_takes_the_place_of_a_file_page_in_the_resident_set() -> None:
    counts = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base, 1)
        mm = cpu.k.mm
        counts.append((mm.rss_file, mm.rss_anon))
        await cpu.store(base, 1, 1)
        counts.append((mm.rss_file, mm.rss_anon))

    on_file(PRIVATE, story)

    (files, anonymous), after = counts
    assert after == (files - 1, anonymous + 1)


def test_a_copied_page_is_written_again_without_a_fault() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)
        assert base >> 12 in cpu.writable
        await cpu.store(base + 1, 1, 2)

    b, _ = on_file(PRIVATE, story)

    assert b.k.fault.n == 1


def test_a_store_across_two_pages_copies_both() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base + PAGE - 2, 4, 0x44332211)
        seen.append(await cpu.load(base + PAGE - 2, 4))
        seen.append(await cpu.load(base + PAGE, 1))

    b, _ = on_file(PRIVATE, story)

    assert seen == [0x44332211, 0x33]
    assert b.k.fault.n == 2


def test_a_private_mapping_shows_what_others_write_until_it_has_its_own_copy() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        shared = await map_file(cpu, 64, flags=SHARED, writable=True)
        seen.append(await cpu.load(base, 1))
        await cpu.store(shared, 1, 50)
        seen.append(await cpu.load(base, 1))
        await cpu.store(base + 1, 1, 1)
        await cpu.store(shared, 1, 60)
        seen.append(await cpu.load(base, 1))

    on_file(PRIVATE, story)

    assert seen == [original(0), 50, 50]


# anon_vma: what keeps VMAs with copies apart, or lets them join.


def test_a_mapping_gets_its_anon_vma_with_the_first_copy() -> None:
    had = []

    async def story(cpu: Cpu, base: int) -> None:
        vma = next(v for v in cpu.k.mm._mmap if v.vm_start == base)
        await cpu.load(base, 1)
        had.append(vma.anon_vma is not None)
        await cpu.store(base, 1, 1)
        had.append(vma.anon_vma is not None)

    on_file(PRIVATE, story)

    assert had == [False, True]


def test_neighbours_that_were_one_mapping_share_an_anon_vma_and_join_again() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.syscall("mprotect", base, 4 * PAGE, R)
        await cpu.store(base + 8 * PAGE, 1, 1)
        await cpu.syscall("mprotect", base, 4 * PAGE, RW)
        await cpu.store(base, 1, 1)

    b, base = on_memory(PRIVATE, story)

    vma = b.vma(base)
    assert vma.pages == 16
    assert vma.anon_vma is not None
    assert vma.anon_vma.num_active_vmas == 1
