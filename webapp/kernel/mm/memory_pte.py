"""Setting one PTE for a fault, with the page of PTEs that it needs.

Interface: `alloc_set_pte` maps a locked, up-to-date page at ``vmf.address``; it finds or makes the page of PTEs
and leaves it in ``vmf.table``.

Linux 5.10: mm/memory.c.  Not modelled: page-table locks (one CPU; nothing here sleeps).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PTRS_PER_PTE, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgalloc import pmd_populate
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_RDONLY, L_PTE_YOUNG, mk_pte, pte_pfn
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.include.linux.gfp import GFP_PGTABLE_USER
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_WRITE,
    VM_FAULT_NOPAGE,
    VM_SHARED,
    VM_WRITE,
    vm_fault_t,
)
from webapp.kernel.include.linux.mm_types import Mm, Page, VmFault
from webapp.kernel.include.linux.page_flags import PG_swapbacked
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask, __free_pages
from webapp.kernel.mm.rmap import page_add_file_rmap, page_add_new_anon_rmap
from webapp.kernel.mm.swap import lru_cache_add_inactive_or_unevictable

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/memory.c"


@kernel_function
def finish_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Map the page that the file has supplied, or for a private write the copy of it."""
    private_write = vmf.flags & FAULT_FLAG_WRITE and not vmf.vma.vm_flags & VM_SHARED
    page = vmf.cow_page if private_write else vmf.page
    assert page is not None
    ret = alloc_set_pte(k, vmf, page)
    vmf.table = None
    return ret


@kernel_function(leaf=True)
def alloc_set_pte(k: Machine, vmf: VmFault, page: Page) -> vm_fault_t:
    """Set one PTE, unless there is one already.

    The entry is young from the start, even for a neighbour that nobody has touched: the hardware could not
    use it otherwise. For a write it is dirty and writable too, or the write would fault once more.
    """
    vma = vmf.vma
    if vmf.table is None:
        vmf.table = pte_alloc_one_map(k, vmf)
    if vmf.table.linux(pte_index(vmf.address)):
        return VM_FAULT_NOPAGE
    entry = mk_pte(page.pfn, vma.vm_page_prot) | L_PTE_YOUNG
    write = vmf.flags & FAULT_FLAG_WRITE
    if write:
        entry |= L_PTE_DIRTY
        if vma.vm_flags & VM_WRITE:
            entry &= ~L_PTE_RDONLY
    if write and not vma.vm_flags & VM_SHARED:
        vma.vm_mm.rss_anon += 1
        page_add_new_anon_rmap(k, page, vma, vmf.address)
        lru_cache_add_inactive_or_unevictable(k, page, vma)
    else:
        if page.flags & PG_swapbacked:
            vma.vm_mm.rss_shmem += 1
        else:
            vma.vm_mm.rss_file += 1
        page_add_file_rmap(k, page)
    set_pte_at(k, vma.vm_mm, vmf.table, vmf.address, entry)
    k.fault.set_pte()
    return 0


@kernel_function(inlined=True)
def pte_alloc_one_map(k: Machine, vmf: VmFault) -> PageTable:
    """The page of PTEs for the fault. An empty 2 MiB slot gets the one that was prepared when sleeping was allowed."""
    mm, slot = vmf.vma.vm_mm, pgd_index(vmf.address)
    if slot not in mm._tables:
        assert vmf.prealloc_pte is not None
        mm_inc_nr_ptes(mm)
        pmd_populate(k, mm, slot, vmf.prealloc_pte)
        vmf.prealloc_pte = None
    return mm._tables[slot]


async def pte_alloc(k: Machine, vmf: VmFault) -> bool:
    """Find the page of PTEs for the fault, or make one, which may sleep; false when there is no memory for it."""
    tables, slot = vmf.vma.vm_mm._tables, pgd_index(vmf.address)
    if slot not in tables and not await __pte_alloc(k, vmf.vma.vm_mm, slot):
        return False
    vmf.table = tables[slot]
    return True


@kernel_function
async def __pte_alloc(k: Machine, mm: Mm, slot: int) -> bool:
    """Allocate a page of PTEs and hang it into the page directory."""
    page = await pte_alloc_one(k)
    if page is None:
        return False
    mm_inc_nr_ptes(mm)
    pmd_populate(k, mm, slot, page)
    return True


async def pte_alloc_one(k: Machine) -> Page | None:
    """A zeroed frame for 512 PTEs and their hardware twins."""
    page = await __alloc_pages_nodemask(k, GFP_PGTABLE_USER)
    if page is None:
        return None
    k.vmstat.nr_page_table_pages += 1
    return page


def pte_free(k: Machine, page: Page) -> None:
    """Give a frame of PTEs back."""
    k.vmstat.nr_page_table_pages -= 1
    __free_pages(k, page)


def mm_inc_nr_ptes(mm: Mm) -> None:
    """Account for a page of PTEs: 2048 bytes, though the frame has 4096."""
    mm.pgtables_bytes += PTRS_PER_PTE * 4


def vm_normal_page(k: Machine, pte: int) -> Page | None:
    """The struct page behind a PTE; None for the zero page, which is not counted."""
    pfn = pte_pfn(pte)
    return None if pfn == k.zero_page.pfn else k.mem_map.get(pfn)
