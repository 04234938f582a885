"""Copying page tables for fork: the child gets PTEs of its own for the same pages.

Only what could not be found again is copied. A mapping of a file that has no private copies gets nothing: the child's
first touch faults and finds the page in the page cache, which for most pages never happens.

The pages are not copied at all. Both PTEs become read-only, and whoever writes first makes the copy (do_wp_page).

Linux 5.10: mm/memory.c.  Not modelled: swap entries, pages pinned for DMA.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_RDONLY, L_PTE_YOUNG
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.include.linux.mm import VM_MAYWRITE, VM_MIXEDMAP, VM_PFNMAP, VM_SHARED
from webapp.kernel.include.linux.page_flags import PG_swapbacked
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_pte import __pte_alloc, vm_normal_page
from webapp.kernel.mm.memory_unmap import slot_ranges

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import Mm, Page, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/memory.c"


@kernel_function
async def copy_page_range(k: Machine, dst_vma: VmArea, src_vma: VmArea) -> int:
    """Copy the PTEs of one VMA to the child, if page faults could not make them again; may sleep. 0 or -ENOMEM."""
    if not src_vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP) and src_vma.anon_vma is None:
        k.stage("note", f"{src_vma.name or 'the mapping'} has no pages of its own: page faults will do")
        return 0
    for addr, end in slot_ranges(src_vma.vm_start, src_vma.vm_end):
        table = src_vma.vm_mm._tables.get(pgd_index(addr))
        if table is not None and await copy_pte_range(k, dst_vma, src_vma, table, addr, end):
            return -ENOMEM
    return 0


@kernel_function(inlined=True)
async def copy_pte_range(k: Machine, dst_vma: VmArea, src_vma: VmArea, table: PageTable, addr: int, end: int) -> int:
    """The part of it in one 2 MiB slot, for which the child needs a page of PTEs. 0 or -ENOMEM."""
    slot = pgd_index(addr)
    if slot not in dst_vma.vm_mm._tables and not await __pte_alloc(k, dst_vma.vm_mm, slot):
        return -ENOMEM
    for address in range(addr, end, PAGE_SIZE):
        if table.linux(pte_index(address)):
            copy_present_pte(k, dst_vma, src_vma, table, address)
    return 0


@kernel_function(inlined=True)
def copy_present_pte(k: Machine, dst_vma: VmArea, src_vma: VmArea, table: PageTable, address: int) -> None:
    """One PTE: write-protected on both sides if the page is private, and old in the child.

    A PTE that is not young does not exist for the hardware, so the child's first access faults, even a read.
    """
    pte, flags = table.linux(pte_index(address)), src_vma.vm_flags
    page = vm_normal_page(k, pte)
    if page is not None:
        page.refcount += 1
        page_dup_rmap(page)
        count_page(dst_vma.vm_mm, page)
    if is_cow_mapping(flags) and not pte & L_PTE_RDONLY:
        pte |= L_PTE_RDONLY
        set_pte_at(k, src_vma.vm_mm, table, address, pte)
    if flags & VM_SHARED:
        pte &= ~L_PTE_DIRTY
    set_pte_at(k, dst_vma.vm_mm, dst_vma.vm_mm._tables[pgd_index(address)], address, pte & ~L_PTE_YOUNG)


def is_cow_mapping(flags: int) -> bool:
    """Private, and could become writable: its pages are copied on write."""
    return flags & (VM_SHARED | VM_MAYWRITE) == VM_MAYWRITE


def page_dup_rmap(page: Page) -> None:
    """One more PTE points at a page that is mapped already."""
    page.mapcount += 1


def count_page(mm: Mm, page: Page) -> None:
    """One page more in the child's resident set, of the kind that it is."""
    if page.anonymous:
        mm.rss_anon += 1
    elif page.flags & PG_swapbacked:
        mm.rss_shmem += 1
    else:
        mm.rss_file += 1
