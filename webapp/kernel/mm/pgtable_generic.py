"""Changing a PTE that the MMU may be using: every change for the worse is followed by a TLB flush.

Rules for callers: PTEs that only gain rights may be set first and flushed afterwards (`ptep_set_access_flags`); to
take a right or the page away, clear and flush before anything else (`ptep_clear_flush`).

Linux 5.10: mm/pgtable-generic.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_PRESENT
from webapp.kernel.arch.arm.mm.mmu import pte_clear, set_pte_at
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_page
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/pgtable-generic.c"


@kernel_function
def ptep_set_access_flags(k: Machine, vma: VmArea, address: int, table: PageTable, entry: int) -> bool:
    """Give a present PTE more rights, or mark it young or dirty; says whether anything changed.

    The TLB may still hold the poorer entry. Using that would only fault again, but flushing it now saves the fault.
    """
    if table.linux(pte_index(address)) == entry:
        return False
    set_pte_at(k, vma.vm_mm, table, address, entry)
    flush_tlb_page(k, vma.vm_mm, address)
    return True


@kernel_function
def ptep_clear_flush(k: Machine, vma: VmArea, address: int, table: PageTable) -> int:
    """Empty a PTE and make the TLB forget it: from here on nobody reaches the page this way. Returns what it was."""
    pte = pte_clear(table, address)
    k.stage("clear-pte", f"PTE {pte_index(address)} of 0x{address:x} is cleared; it was {pte:#010x}", address=address)
    if pte & L_PTE_PRESENT:
        flush_tlb_page(k, vma.vm_mm, address)
    return pte
