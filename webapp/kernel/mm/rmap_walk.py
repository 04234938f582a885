"""The way back from a page to its PTEs: has it been used, and away with them.

No list of a page's PTEs is kept. For a page of a file, the VMAs come from the file's i_mmap; for an anonymous page,
from the anon_vma that its VMAs share. The page's index gives the address in each, and the PTE there either maps this
very page or not.

Interface:
    * `page_referenced` asks every PTE whether it was used since the last time, and makes it old.
    * `try_to_unmap` empties every PTE. The next access faults, and finds the page or reads it again.

Linux 5.10: mm/rmap.c.  Not modelled: i_mmap_rwsem and the lock of the anon_vma, which nobody else contends for here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_YOUNG
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_page
from webapp.kernel.include.linux.mm import VM_LOCKED, VM_SEQ_READ
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_swapbacked
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.interval_tree import vma_interval_tree_foreach
from webapp.kernel.mm.memory_unmap import drop_mm_counter
from webapp.kernel.mm.mlock_page import mlock_vma_page
from webapp.kernel.mm.page_cache import trylock_page, unlock_page
from webapp.kernel.mm.page_writeback import set_page_dirty
from webapp.kernel.mm.pgtable_generic import ptep_clear_flush
from webapp.kernel.mm.rmap import page_remove_rmap, page_vma_mapped_walk
from webapp.kernel.mm.swap import put_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/rmap.c"


def rmap_walk(page: Page) -> Iterator[VmArea]:
    """The VMAs in which the page can be mapped."""
    if page.mapping is not None:
        yield from vma_interval_tree_foreach(page.mapping, page.index, page.index)
    elif page._anon_vma is not None:
        for vma in page._anon_vma._vmas:
            if vma.vm_pgoff <= page.index < vma.vm_pgoff + vma.pages:
                yield vma


# Was it used?


@kernel_function
def page_referenced(k: Machine, page: Page, is_locked: bool, memcg: MemCgroup | None) -> tuple[int, int]:
    """In how many VMAs the page was used since the last time, and the flags of those VMAs, all together.

    Every PTE becomes old: for this CPU that means unusable, and the next access faults only to make it young again.
    Use through a mapping under MADV_SEQUENTIAL does not count. One VM_LOCKED ends the search. ``is_locked``: the
    caller holds the page lock; a page of a file that somebody else has locked counts as used.
    """
    if not page.mapcount:
        return 0, 0
    we_locked = False
    if not is_locked and not page.anonymous:
        we_locked = trylock_page(page)
        if not we_locked:
            return 1, 0
    found = rmap_walk_references(k, page)
    if we_locked:
        unlock_page(k, page)
    return found


def rmap_walk_references(k: Machine, page: Page) -> tuple[int, int]:
    """Ask VMA after VMA until every PTE of the page has been seen."""
    referenced, flags, mapcount = 0, 0, page.mapcount
    for vma in rmap_walk(page):
        for address in page_vma_mapped_walk(page, vma):
            if vma.vm_flags & VM_LOCKED:
                return referenced, flags | VM_LOCKED
            if ptep_clear_flush_young(k, vma, address) and not vma.vm_flags & VM_SEQ_READ:
                referenced += 1
                flags |= vma.vm_flags
            mapcount -= 1
        if not mapcount:
            break
    return referenced, flags


@kernel_function(inlined=True, file="mm/pgtable-generic.c")
def ptep_clear_flush_young(k: Machine, vma: VmArea, address: int) -> bool:
    """Make a PTE old and have the TLB forget it; was it young?

    On this CPU an old PTE has no entry for the hardware at all, since the MMU cannot note by itself that it was used.
    """
    table = vma.vm_mm._tables[pgd_index(address)]
    pte = table.linux(pte_index(address))
    if not pte & L_PTE_YOUNG:
        return False
    set_pte_at(k, vma.vm_mm, table, address, pte & ~L_PTE_YOUNG)
    flush_tlb_page(k, vma.vm_mm, address)
    return True


# Away with it.


@kernel_function
def try_to_unmap(k: Machine, page: Page) -> bool:
    """Take the page away from everybody who maps it; false if somebody insists on it.

    What the PTE knew of writes goes to the page. That it was young is forgotten.
    """
    for vma in list(rmap_walk(page)):
        for address in page_vma_mapped_walk(page, vma):
            if not try_to_unmap_one(k, page, vma, address):
                return False
        if not page.mapcount:
            break
    return page.mapcount == 0


@kernel_function
def try_to_unmap_one(k: Machine, page: Page, vma: VmArea, address: int) -> bool:
    """Empty one PTE. Not in locked memory: there the page is marked, so that reclaim leaves it alone from now on."""
    if vma.vm_flags & VM_LOCKED:
        mlock_vma_page(k, page)
        return False
    table = vma.vm_mm._tables[pgd_index(address)]
    pte = ptep_clear_flush(k, vma, address, table)
    if pte & L_PTE_DIRTY:
        set_page_dirty(k, page)
    if page.anonymous:
        if page.flags & (PG_swapbacked | PG_dirty) or page.refcount != 1 + page.mapcount:
            set_pte_at(k, vma.vm_mm, table, address, pte)  # written to after MADV_FREE, or in use: it stays
            page.flags |= PG_swapbacked
            return False
    drop_mm_counter(vma.vm_mm, page)
    page_remove_rmap(k, page)
    put_page(k, page)
    return True
