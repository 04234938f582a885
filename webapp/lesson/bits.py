"""The bits of a Linux PTE on ARM that a student may be asked for, by the names that the pane shows."""

from __future__ import annotations

from webapp.kernel.arch.arm.include.asm import pgtable

BITS = {
    "present": pgtable.L_PTE_PRESENT,
    "young": pgtable.L_PTE_YOUNG,
    "dirty": pgtable.L_PTE_DIRTY,
    "rdonly": pgtable.L_PTE_RDONLY,
    "user": pgtable.L_PTE_USER,
    "xn": pgtable.L_PTE_XN,
    "none": pgtable.L_PTE_NONE,
}


def bit_names(word: int) -> list[str]:
    """The names of the bits that are set in a PTE."""
    return [name for name, bit in BITS.items() if word & bit]
