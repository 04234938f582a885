"""How a Linux PTE becomes the word that the hardware reads.

Linux 5.10: arch/arm/mm/proc-v7-2level.S (assembly, so no tracer sees it)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.pgtable import (
    L_PTE_DIRTY,
    L_PTE_NONE,
    L_PTE_RDONLY,
    L_PTE_USER,
    L_PTE_VALID,
    L_PTE_XN,
    L_PTE_YOUNG,
)

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable

PTE_EXT_NG = 1 << 11  # not global: the entry belongs to one address space
PTE_EXT_AP0 = 1 << 4
PTE_EXT_AP1 = 1 << 5  # user mode may use it
PTE_EXT_TEX0 = 1 << 6
PTE_EXT_APX = 1 << 9  # read-only
PTE_EXT_XN = 1 << 0
PTE_TYPE_SMALL = 2
NOT_FOR_HARDWARE = 0x3F3  # bits 9:4 and 1:0 mean something else to the hardware


def hardware_pte(pte: int, ext: int) -> int:
    """The hardware word for a Linux PTE.

    0 unless the PTE is valid, young and not PROT_NONE: that is how an *old* page faults once, so that Linux
    learns of the access. Read-only unless Linux allows writing *and* the page is already dirty: that is how
    the first write faults, so that Linux learns of it too.
    """
    if not pte & L_PTE_VALID or not pte & L_PTE_YOUNG or pte & L_PTE_NONE:
        return 0
    word = pte & ~NOT_FOR_HARDWARE | ext | PTE_EXT_AP0 | PTE_TYPE_SMALL
    if pte & 1 << 4:
        word |= PTE_EXT_TEX0
    if pte & L_PTE_RDONLY or not pte & L_PTE_DIRTY:
        word |= PTE_EXT_APX
    if pte & L_PTE_USER:
        word |= PTE_EXT_AP1
    if pte & L_PTE_XN:
        word |= PTE_EXT_XN
    return word & 0xFFFFFFFF


def cpu_v7_set_pte_ext(table: PageTable, index: int, pte: int, ext: int) -> None:
    """Store the Linux word and, 2048 bytes on, the hardware word derived from it."""
    table.set_words(index, pte, hardware_pte(pte, ext))
