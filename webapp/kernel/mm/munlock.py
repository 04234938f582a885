"""Unlocking pages: munlock, munmap of locked memory, and the end of a process.

A page may be locked by several mappings, and a page does not know by how many. So PG_mlocked is taken away first, and
if others map the page too, they are asked: one that is VM_LOCKED marks it again (`try_to_munlock`).

Rules for callers: hold mmap_lock for writing, or be the last to use the address space.

Linux 5.10: mm/mlock.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_PRESENT
from webapp.kernel.include.linux.mm import VM_LOCKED_CLEAR_MASK
from webapp.kernel.include.linux.mm_inline import page_evictable
from webapp.kernel.include.linux.page_flags import PG_lru, PG_mlocked, PG_unevictable
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_pte import vm_normal_page
from webapp.kernel.mm.memory_unmap import slot_ranges
from webapp.kernel.mm.page_cache import lock_page, unlock_page
from webapp.kernel.mm.rmap import try_to_munlock
from webapp.kernel.mm.swap import (
    PAGEVEC_SIZE,
    __pagevec_lru_add_fn,
    isolate_lru_page,
    lru_add_drain,
    put_page,
    putback_lru_page,
)
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mlock.c"


@kernel_function
async def munlock_vma_pages_range(k: Machine, vma: VmArea, start: int, end: int) -> None:
    """Take VM_LOCKED from the VMA, and PG_mlocked from the pages that it maps in the range; may sleep.

    Pages are worked on by fifteen, a pagevec, within one page of PTEs.
    """
    vma.vm_flags &= VM_LOCKED_CLEAR_MASK
    for addr, upto in slot_ranges(start, end):
        pages = mapped_pages(k, vma, addr, upto)
        for first in range(0, len(pages), PAGEVEC_SIZE):
            await __munlock_pagevec(k, pages[first : first + PAGEVEC_SIZE])
        await cond_resched()
    k.stage("vma", f"{start:#x}-{end:#x} is not locked any more", vma=vma.ref)


def mapped_pages(k: Machine, vma: VmArea, start: int, end: int) -> list[Page]:
    """The pages that are mapped in a range of one page of PTEs, with a reference for each; not the zero page."""
    table = vma.vm_mm._tables.get(pgd_index(start))
    words = [table.linux(pte_index(addr)) for addr in range(start, end, PAGE_SIZE)] if table is not None else []
    pages = [page for pte in words if pte & L_PTE_PRESENT and (page := vm_normal_page(k, pte)) is not None]
    for page in pages:
        page.refcount += 1
    return pages


@kernel_function(inlined=True)
async def __munlock_pagevec(k: Machine, pages: list[Page]) -> None:
    """Unlock up to fifteen pages: clear the flag, take them off the list, find out where each belongs; may sleep.

    A page that nobody else maps goes straight to its evictable list. One that others map goes the long way.
    """
    isolated = [page for page in pages if __munlock_isolate(k, page)]
    if len(isolated) < len(pages):
        lru_add_drain(k)
        for page in pages:
            if page not in isolated:
                put_page(k, page)

    putback = []
    for page in isolated:
        await lock_page(k, page)
        if page.mapcount <= 1 and page_evictable(page):
            putback.append(page)
            unlock_page(k, page)
        else:
            page.refcount += 1
            __munlock_isolated_page(k, page)
            unlock_page(k, page)
            put_page(k, page)
    for page in putback:
        k.vmstat.unevictable_pgs_munlocked += 1
        __pagevec_lru_add_fn(k, page)
        put_page(k, page)


def __munlock_isolate(k: Machine, page: Page) -> bool:
    """Clear PG_mlocked, and take the page off its list; false if it was not mlocked, or is on no list just now."""
    if not page.flags & PG_mlocked:
        return False
    page.flags &= ~PG_mlocked
    k.vmstat.nr_mlock -= 1
    if not page.flags & PG_lru:
        if page.flags & PG_unevictable:
            k.vmstat.unevictable_pgs_stranded += 1
        else:
            k.vmstat.unevictable_pgs_munlocked += 1
        return False
    isolate_lru_page(k, page)
    page.refcount -= 1  # the caller's reference serves
    return True


@kernel_function(inlined=True)
def __munlock_isolated_page(k: Machine, page: Page) -> None:
    """Ask the other mappings, then put the page back where it belongs."""
    if page.mapcount > 1:
        try_to_munlock(k, page)
    if not page.flags & PG_mlocked:
        k.vmstat.unevictable_pgs_munlocked += 1
    putback_lru_page(k, page)


@kernel_function
def munlock_vma_page(k: Machine, page: Page) -> None:
    """Unlock one page, whose page lock is held: a private copy has taken its place in locked memory."""
    if page.flags & PG_mlocked and __munlock_isolate(k, page):
        page.refcount += 1
        __munlock_isolated_page(k, page)
