"""Page directories: making one for a new address space, and giving it back.  Linux 5.10: arch/arm/mm/pgd.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PTRS_PER_PGD, PTRS_PER_PTE, TASK_SIZE, pgd_index
from webapp.kernel.arch.arm.include.asm.pgalloc import PageDirectory, pmd_clear
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_pte import pte_free
from webapp.kernel.mm.page_alloc import __free_pages, memblock_alloc

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

PGD_ORDER = 2  # a page directory takes four frames


@kernel_function
def pgd_alloc(k: Machine, kernel: PageDirectory) -> PageDirectory:
    """Four frames for a page directory: the user's part empty, the kernel's part as everywhere (``kernel``).

    The words of the kernel's part are in memory, where the MMU finds them; they are not shown once more.
    """
    pgd = PageDirectory(k.journal, pfn=memblock_alloc(k, PGD_ORDER).pfn, _ram=k.ram)
    for offset in range(8 * pgd_index(TASK_SIZE), 8 * PTRS_PER_PGD, 4):
        k.ram.set_word((pgd.pfn << PAGE_SHIFT) + offset, k.ram.word((kernel.pfn << PAGE_SHIFT) + offset))
    return pgd


@kernel_function
def pgd_free(k: Machine, mm: Mm) -> None:
    """Give the four frames back, and the page of PTEs of the lowest 2 MiB.

    The lowest slot begins below the first address that a user may have, so free_pgtables leaves it alone.
    """
    table = mm._tables.get(0)
    if table is not None:
        pte = k.mem_map[table.pfn]
        pmd_clear(k, mm, 0)
        mm.pgtables_bytes -= PTRS_PER_PTE * 4
        pte_free(k, pte)
    page = k.mem_map[mm.pgd.pfn]
    mm.pgd.forget()
    __free_pages(k, page, PGD_ORDER)
