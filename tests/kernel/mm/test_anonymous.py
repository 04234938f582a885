"""Memory without a file: zeros until it is written to."""

from __future__ import annotations

from tests.kernel.conftest import PAGE
from tests.kernel.stories import PRIVATE, SHARED, on_memory, pte_of
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_swapbacked


def test_memory_that_is_written_first_gets_a_page_of_zeros() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base + 8, 4, 5)
        seen.extend([await cpu.load(base + 8, 4), await cpu.load(base + 12, 4)])

    b, base = on_memory(PRIVATE, story)

    assert seen == [5, 0]
    assert (b.k.current.maj_flt, b.k.current.min_flt) == (0, 1)
    page = b.k.mem_map[b.pte(base) >> 12]
    assert b.pte(base) & 0xFFF == 0x75F
    assert page.anonymous
    assert page.flags & PG_swapbacked


def test_memory_that_was_read_first_leaves_the_zero_page_when_written() -> None:
    words = []

    async def story(cpu: Cpu, base: int) -> None:
        assert await cpu.load(base, 4) == 0
        words.append(pte_of(cpu, base))
        await cpu.store(base, 4, 5)
        words.append(pte_of(cpu, base))
        assert await cpu.load(base + PAGE, 4) == 0

    b, _ = on_memory(PRIVATE, story)

    assert words[0] == b.k.zero_page.pfn << 12 | 0x79F
    assert words[1] & 0xFFF == 0x75F
    assert not any(b.k.ram.frame(b.k.zero_page.pfn))


def test_anonymous_pages_go_to_lists_of_their_own_and_are_freed_with_their_mapping() -> None:
    waiting = []

    async def story(cpu: Cpu, base: int) -> None:
        free = cpu.k.vmstat.nr_free_pages
        for page in range(16):
            await cpu.store(base + page * PAGE, 1, 1)
        waiting.append((cpu.k.lru.inactive_anon + cpu.k.lru.pagevec, cpu.k.vmstat.nr_free_pages - free))
        await cpu.syscall("munmap", base, 16 * PAGE)
        waiting.append((cpu.k.lru.inactive_anon + cpu.k.lru.pagevec, cpu.k.vmstat.nr_free_pages - free))

    on_memory(PRIVATE, story)

    assert waiting == [(16, -16), (0, 0)]


def test_dontneed_turns_private_memory_back_into_zeros() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 9)
        await cpu.syscall("madvise", base, PAGE, 4)
        seen.append(await cpu.load(base, 1))

    on_memory(PRIVATE, story)

    assert seen == [0]


def test_shared_memory_is_writable_once_it_was_read_and_only_becomes_dirty() -> None:
    words = []

    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base, 1)
        words.append(hex(pte_of(cpu, base) & 0xFFF))
        await cpu.store(base, 1, 1)
        words.append(hex(pte_of(cpu, base) & 0xFFF))

    b, _ = on_memory(SHARED, story)

    assert words == ["0x71f", "0x75f"]
    assert (b.k.current.maj_flt, b.k.current.min_flt) == (0, 2)


def test_shared_memory_that_is_written_first_takes_a_major_fault_without_any_disk() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)

    b, _ = on_memory(SHARED, story)

    assert (b.k.current.maj_flt, b.k.vmstat.pgfault, b.k.vmstat.pgmajfault) == (1, 2, 0)
    assert b.k.vmstat.nr_dirty == 0


def test_shared_memory_keeps_its_bytes_until_the_last_mapping_goes() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        free = cpu.k.vmstat.nr_free_pages
        await cpu.store(base, 1, 9)
        await cpu.syscall("madvise", base, 16 * PAGE, 4)
        seen.append(await cpu.load(base, 1))
        await cpu.syscall("munmap", base, 16 * PAGE)
        await cpu.syscall("munmap", base, 16 * PAGE)
        seen.append(cpu.k.vmstat.nr_free_pages - free)

    on_memory(SHARED, story)

    assert seen == [9, 0]
