"""Who maps a page: counts kept when a PTE is set or cleared, and the way back from a page of a file to its PTEs.

For pages of a file no list of PTEs is kept: the inode's i_mmap finds the VMAs when they are needed, and the page's
index tells the address in each.

Linux 5.10: mm/rmap.c.  Not modelled yet: unmapping a page everywhere, references.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_PRESENT, L_PTE_RDONLY, pte_pfn
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.include.linux.memcontrol import mod_memcg_state
from webapp.kernel.include.linux.mm import VM_LOCKED, VM_SHARED
from webapp.kernel.include.linux.page_flags import PG_mlocked, PG_swapbacked
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.interval_tree import vma_interval_tree_foreach
from webapp.kernel.mm.mlock_page import clear_page_mlock, mlock_vma_page
from webapp.kernel.mm.pgtable_generic import ptep_clear_flush

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.machine import Machine


@kernel_function(leaf=True)
def page_add_file_rmap(k: Machine, page: Page) -> None:
    """One more PTE points at this page of the page cache."""
    page.mapcount += 1
    if page.mapcount == 1:
        k.vmstat.nr_mapped += 1
        mod_memcg_state(page._memcg, "mapped_file", 1)


@kernel_function
def page_add_new_anon_rmap(k: Machine, page: Page, vma: VmArea, address: int) -> None:
    """The first PTE of a new page that belongs to no file. Only a swap area could ever take it out of memory."""
    page.flags |= PG_swapbacked
    page.anonymous = True
    page._anon_vma = vma.anon_vma
    page.index = ((address - vma.vm_start) >> PAGE_SHIFT) + vma.vm_pgoff
    page.mapcount = 1
    k.vmstat.nr_anon_pages += 1


@kernel_function(leaf=True)
def page_remove_rmap(k: Machine, page: Page) -> None:
    """One PTE less points at the page. A page of a file stays: the page cache holds it."""
    page.mapcount -= 1
    if page.mapcount == 0 and page.anonymous:
        k.vmstat.nr_anon_pages -= 1
    elif page.mapcount == 0:
        k.vmstat.nr_mapped -= 1
        mod_memcg_state(page._memcg, "mapped_file", -1)
    if page.mapcount == 0 and page.flags & PG_mlocked:
        clear_page_mlock(k, page)


@kernel_function
def page_mkclean(k: Machine, page: Page) -> int:
    """Write-protect a page in every shared mapping of it, before it is written to disk; the number of PTEs changed.

    A store that comes after this faults, so it is noticed, and the page becomes dirty again. Without it a change
    made during the write would never reach the disk.
    """
    if page.mapcount == 0 or page.mapping is None:
        return 0
    shared = (vma for vma in vma_interval_tree_foreach(page.mapping, page.index, page.index))
    return sum(page_mkclean_one(k, page, vma) for vma in list(shared) if vma.vm_flags & VM_SHARED)


@kernel_function
def page_mkclean_one(k: Machine, page: Page, vma: VmArea) -> int:
    """Make the PTE of the page in this VMA clean and read-only; 1 if it was not."""
    cleaned = 0
    for address in page_vma_mapped_walk(page, vma):
        table = vma.vm_mm._tables[pgd_index(address)]
        pte = table.linux(pte_index(address))
        if not pte & L_PTE_DIRTY and pte & L_PTE_RDONLY:
            continue
        pte = ptep_clear_flush(k, vma, address, table)
        set_pte_at(k, vma.vm_mm, table, address, (pte | L_PTE_RDONLY) & ~L_PTE_DIRTY)
        cleaned += 1
    return cleaned


@kernel_function
def try_to_munlock(k: Machine, page: Page) -> None:
    """PG_mlocked was taken from a page that others map too: the first of them that is VM_LOCKED puts it back."""
    for vma in vma_interval_tree_foreach(page.mapping, page.index, page.index) if page.mapping else ():
        if vma.vm_flags & VM_LOCKED and any(page_vma_mapped_walk(page, vma)):
            mlock_vma_page(k, page)
            return


def page_vma_mapped_walk(page: Page, vma: VmArea) -> Iterator[int]:
    """The address in the VMA at which a PTE maps the page, if one does."""
    address = vma.vm_start + ((page.index - vma.vm_pgoff) << PAGE_SHIFT)
    table = vma.vm_mm._tables.get(pgd_index(address))
    pte = table.linux(pte_index(address)) if table is not None else 0
    if pte & L_PTE_PRESENT and pte_pfn(pte) == page.pfn:
        yield address
