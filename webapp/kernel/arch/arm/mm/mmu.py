"""Setting a PTE.  Linux 5.10: arch/arm/mm/mmu.c:set_pte_at"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import TASK_SIZE, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_USER, L_PTE_VALID, L_PTE_YOUNG
from webapp.kernel.arch.arm.mm.proc_v7_2level import PTE_EXT_NG, cpu_v7_set_pte_ext
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

USER_ENTRY = L_PTE_VALID | L_PTE_USER | L_PTE_YOUNG


@kernel_function(leaf=True)
def set_pte_at(k: Machine, mm: Mm, table: PageTable, addr: int, pte: int) -> None:
    """Write a PTE: the word that Linux reads and the word that the MMU reads.

    A user page is marked "not global", so that its TLB entry counts for this address space only. No TLB
    flush is needed for a new entry: what is not present is never cached.
    """
    ext = PTE_EXT_NG if addr < TASK_SIZE and pte & USER_ENTRY == USER_ENTRY else 0
    index = pte_index(addr)
    cpu_v7_set_pte_ext(table, index, pte, ext)
    k.stage("set-pte", f"PTE {index} = {pte:#010x}, for the MMU {table.hardware(index):#010x}", addr=addr, pte=pte)


def pte_clear(table: PageTable, addr: int) -> int:
    """Empty both words of an entry; returns the Linux word that was there."""
    index = pte_index(addr)
    before = table.linux(index)
    table.set_words(index, 0, 0)
    return before
