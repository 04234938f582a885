"""madvise COLD, PAGEOUT and FREE: PTEs grow old, pages move on their lists, and some go."""

from __future__ import annotations

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.invariants import check
from tests.kernel.stories import PRIVATE, SHARED, on_file, on_memory, pte_of
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_YOUNG
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.mm import VM_MERGEABLE
from webapp.kernel.include.linux.page_flags import PG_referenced, PG_swapbacked

EINVAL = 22
FREE, MERGEABLE, UNMERGEABLE, COLD, PAGEOUT, DONTNEED = 8, 12, 13, 20, 21, 4


async def drain(cpu: Cpu, at: int) -> None:
    """Empty the pagevecs, as any unmap does."""
    await cpu.syscall("madvise", at, PAGE, DONTNEED)


def test_cold_makes_the_pte_old_so_that_the_next_touch_faults() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.load(at, 1)
        await drain(cpu, at + 63 * PAGE)
        assert await cpu.syscall("madvise", at, 4 * PAGE, COLD) == 0
        assert not pte_of(cpu, at) & L_PTE_YOUNG
        before = cpu.k.fault.n
        await cpu.load(at, 1)
        assert cpu.k.fault.n == before + 1
        assert pte_of(cpu, at) & L_PTE_YOUNG
        assert not pte_of(cpu, at + PAGE) & L_PTE_YOUNG

    b, _ = on_file(PRIVATE, story)

    assert not b.page(1).flags & PG_referenced
    check(b.k)


def test_cold_leaves_a_page_alone_that_others_map() -> None:
    async def program(cpu: Cpu) -> None:
        first = await map_file(cpu, 4)
        second = await map_file(cpu, 4)
        await cpu.load(first, 1)
        await cpu.load(second, 1)
        await drain(cpu, first + 3 * PAGE)
        await cpu.syscall("madvise", first, PAGE, COLD)
        assert pte_of(cpu, first) & L_PTE_YOUNG

    Bench().run(program)


def test_pageout_takes_clean_pages_out_of_the_page_cache() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.load(at, 1)
        await drain(cpu, at + 63 * PAGE)
        assert await cpu.syscall("madvise", at, 4 * PAGE, PAGEOUT) == 0
        assert not [index for index in range(4) if index in cpu.k.fs.inodes["data.bin"].mapping._pages]
        assert not pte_of(cpu, at)
        assert await cpu.load(at, 1) == 7

    b, _ = on_file(PRIVATE, story)

    assert 4 in b.k.fs.inodes["data.bin"].mapping._pages
    check(b.k)


def test_a_freed_page_is_clean_and_may_be_dropped_like_a_page_of_a_file() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.store(at, 1, 5)
        await drain(cpu, at + 15 * PAGE)
        assert await cpu.syscall("madvise", at, PAGE, FREE) == 0
        assert not pte_of(cpu, at) & (L_PTE_YOUNG | L_PTE_DIRTY)
        await drain(cpu, at + 15 * PAGE)
        page = cpu.k.mem_map[pte_of(cpu, at) >> 12]
        assert not page.flags & PG_swapbacked
        assert page.lru == "inactive_file"
        assert await cpu.load(at, 1) == 5  # nobody needed the memory

    b, _ = on_memory(PRIVATE, story)

    assert b.k.vmstat.pglazyfree == 1


def test_only_private_memory_without_a_file_can_be_freed() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        assert await cpu.syscall("madvise", at, PAGE, FREE) == -EINVAL

    on_file(PRIVATE, story)
    on_memory(SHARED, story)


def test_mergeable_is_a_flag_of_private_memory_only() -> None:
    async def private(cpu: Cpu, at: int) -> None:
        assert await cpu.syscall("madvise", at, PAGE, MERGEABLE) == 0
        assert cpu.k.mm._mmap[4].vm_flags & VM_MERGEABLE
        assert await cpu.syscall("madvise", at, PAGE, UNMERGEABLE) == 0

    async def shared(cpu: Cpu, at: int) -> None:
        assert await cpu.syscall("madvise", at, PAGE, MERGEABLE) == 0

    for b, at in on_memory(PRIVATE, private), on_memory(SHARED, shared):
        assert not b.vma(at).vm_flags & VM_MERGEABLE
        assert b.vma(at).pages == 16
