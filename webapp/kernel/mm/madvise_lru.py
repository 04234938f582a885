"""Advice about pages that are in memory: they may go sooner (COLD), now (PAGEOUT), or for good (FREE, DONTNEED).

DONTNEED empties the PTEs and is done. The others leave the pages mapped, but make the PTEs old, so that whoever touches
such a page says so by a fault; and they move the pages on the LRU lists to where reclaim finds them first. A page that
others map too is theirs as well, and is left alone.

Rules for callers: hold mmap_lock for reading, and let `can_madv_lru_vma` decide first.

Linux 5.10: mm/madvise.c
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_PRESENT, L_PTE_YOUNG
from webapp.kernel.arch.arm.mm.mmu import pte_clear, set_pte_at
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_lru, PG_referenced, PG_unevictable
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_pte import vm_normal_page
from webapp.kernel.mm.memory_unmap import slot_ranges, zap_page_range
from webapp.kernel.mm.mmu_gather import MmuGather, tlb_finish_mmu, tlb_flush_mmu_tlbonly, tlb_gather_mmu
from webapp.kernel.mm.page_cache import trylock_page, unlock_page
from webapp.kernel.mm.swap import deactivate_page, isolate_lru_page, lru_add_drain, mark_page_lazyfree
from webapp.kernel.mm.vma import find_vma, update_hiwater_rss
from webapp.kernel.mm.vmscan import reclaim_pages
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.machine import Machine

    PteRange = Callable[[Machine, MmuGather, VmArea, PageTable, int, int], Awaitable[None]]

LINUX_FILE = "mm/madvise.c"


@kernel_function(inlined=True)
async def madvise_cold(k: Machine, vma: VmArea, start: int, end: int) -> None:
    """MADV_COLD: not needed for some time; may sleep between 2 MiB slots."""
    await over_the_ptes(k, vma, start, end, madvise_cold_pte_range)


@kernel_function(inlined=True)
async def madvise_pageout(k: Machine, vma: VmArea, start: int, end: int) -> None:
    """MADV_PAGEOUT: reclaim it now; may sleep for the disk, if a page has to be written first.

    What belongs to the kernel, such as [vdso], is not the program's to give away.
    """
    if vma._vm_ops != "special_mapping_vmops":
        await over_the_ptes(k, vma, start, end, madvise_pageout_pte_range)


@kernel_function(inlined=True)
async def madvise_dontneed_single_vma(k: Machine, vma: VmArea, start: int, end: int) -> None:
    """MADV_DONTNEED: drop the PTEs; what a file holds can be mapped again, private copies are lost. May sleep."""
    await zap_page_range(k, vma, start, end - start)


@kernel_function(inlined=True)
async def madvise_free_single_vma(k: Machine, vma: VmArea, start: int, end: int) -> None:
    """MADV_FREE: the content may be lost, unless the program writes to the page again before; may sleep."""
    update_hiwater_rss(vma.vm_mm)
    await over_the_ptes(k, vma, start, end, madvise_free_pte_range)


async def over_the_ptes(k: Machine, vma: VmArea, start: int, end: int, work: PteRange) -> None:
    """Walk the page tables of a range (walk_page_range), with the TLB flush that old PTEs need; may sleep."""
    lru_add_drain(k)
    tlb = tlb_gather_mmu(k, vma.vm_mm, False)
    find_vma(k, vma.vm_mm, start)
    for addr, upto in slot_ranges(start, end):
        table = vma.vm_mm._tables.get(pgd_index(addr))
        if table is not None:
            await work(k, tlb, vma, table, addr, upto)
            await cond_resched()
    tlb_flush_mmu_tlbonly(k, tlb)
    tlb_finish_mmu(k, tlb)


@kernel_function(inlined=True)
async def madvise_cold_pte_range(
    k: Machine, tlb: MmuGather, vma: VmArea, table: PageTable, start: int, end: int
) -> None:
    """Make the PTEs of one slot old and forget that the pages were used; an active page becomes inactive."""
    for page in cold_pages(k, tlb, vma, table, start, end):
        deactivate_page(k, page)


@kernel_function(inlined=True)
async def madvise_pageout_pte_range(
    k: Machine, tlb: MmuGather, vma: VmArea, table: PageTable, start: int, end: int
) -> None:
    """The same, but the pages are taken off their lists and reclaimed at once; may sleep."""
    page_list = []
    for page in cold_pages(k, tlb, vma, table, start, end):
        if not page.flags & PG_unevictable:
            isolate_lru_page(k, page)
            page_list.append(page)
    await reclaim_pages(k, page_list)


def cold_pages(k: Machine, tlb: MmuGather, vma: VmArea, table: PageTable, start: int, end: int) -> list[Page]:
    """Make PTEs old whose page is on a list and mapped by nobody else; those pages."""
    found = []
    for addr in range(start, end, PAGE_SIZE):
        pte = table.linux(pte_index(addr))
        page = vm_normal_page(k, pte) if pte & L_PTE_PRESENT else None
        if page is None or not page.flags & PG_lru or page.mapcount != 1:
            continue
        if pte & L_PTE_YOUNG:
            rewrite(k, tlb, vma, table, addr, pte & ~L_PTE_YOUNG)
        page.flags &= ~PG_referenced
        found.append(page)
    return found


@kernel_function(inlined=True)
async def madvise_free_pte_range(
    k: Machine, tlb: MmuGather, vma: VmArea, table: PageTable, start: int, end: int
) -> None:
    """Make the PTEs of one slot old and clean.

    Clean is what counts: a page that is still clean when reclaim comes was not written to since, and is dropped.
    """
    for addr in range(start, end, PAGE_SIZE):
        pte = table.linux(pte_index(addr))
        page = vm_normal_page(k, pte) if pte & L_PTE_PRESENT else None
        if page is None or (page.flags & PG_dirty and not clear_dirty(k, page)):
            continue
        if pte & (L_PTE_YOUNG | L_PTE_DIRTY):
            rewrite(k, tlb, vma, table, addr, pte & ~(L_PTE_YOUNG | L_PTE_DIRTY))
        mark_page_lazyfree(k, page)


def clear_dirty(k: Machine, page: Page) -> bool:
    """Take PG_dirty from a page that only this PTE maps; false if it is not so, or if somebody works on the page."""
    if not trylock_page(page):
        return False
    sole = page.mapcount == 1
    if sole:
        page.flags &= ~PG_dirty
    unlock_page(k, page)
    return sole


def rewrite(k: Machine, tlb: MmuGather, vma: VmArea, table: PageTable, addr: int, pte: int) -> None:
    """Replace a PTE by a poorer one, and remember the address for the TLB flush."""
    pte_clear(table, addr)
    set_pte_at(k, vma.vm_mm, table, addr, pte)
    tlb.add_range(addr, addr + PAGE_SIZE)
