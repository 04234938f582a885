"""Bits of Linux's own PTE on ARM, and what a VMA's permissions become.

The hardware entry has no room for *accessed* and *dirty*, so Linux keeps a word of its own 2048 bytes
before each hardware word and derives one from the other (see arch/arm/mm/proc-v7-2level.S).

Linux 5.10: arch/arm/include/asm/pgtable-2level.h, arch/arm/include/asm/pgtable.h, arch/arm/mm/mmu.c
"""

from __future__ import annotations

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.linux.mm import VM_EXEC, VM_READ, VM_SHARED, VM_WRITE

L_PTE_VALID = L_PTE_PRESENT = 1 << 0
L_PTE_YOUNG = 1 << 1  # accessed; the hardware entry exists only while this is set
L_PTE_MT_WRITEALLOC = 7 << 2  # ordinary cached memory
L_PTE_DIRTY = 1 << 6
L_PTE_RDONLY = 1 << 7
L_PTE_USER = 1 << 8
L_PTE_XN = 1 << 9  # never executed
L_PTE_SHARED = 1 << 10  # shared between CPUs
L_PTE_NONE = 1 << 11  # PROT_NONE: present for Linux, a fault for the hardware
USER_PGPROT = L_PTE_PRESENT | L_PTE_YOUNG | L_PTE_MT_WRITEALLOC | L_PTE_SHARED  # 0x41f

PAGE_NONE = USER_PGPROT | L_PTE_XN | L_PTE_RDONLY | L_PTE_NONE  # 0xe9f
PAGE_COPY = USER_PGPROT | L_PTE_USER | L_PTE_RDONLY | L_PTE_XN  # 0x79f, also read-only
PAGE_COPY_EXEC = USER_PGPROT | L_PTE_USER | L_PTE_RDONLY  # 0x59f
PAGE_SHARED = USER_PGPROT | L_PTE_USER | L_PTE_XN  # 0x71f
PAGE_SHARED_EXEC = USER_PGPROT | L_PTE_USER  # 0x51f

PMD_TYPE_TABLE = 1 << 0
PMD_PXNTABLE = 1 << 2
PMD_BIT4 = 1 << 4
PMD_DOMAIN_USER = 1 << 5
USER_PMD = PMD_TYPE_TABLE | PMD_PXNTABLE | PMD_BIT4 | PMD_DOMAIN_USER  # 0x35 on Cortex-A15
PTE_HWTABLE_OFF = 2048  # bytes from a Linux PTE to its hardware twin


def vm_get_page_prot(vm_flags: int) -> int:
    """The low PTE bits for a mapping with these VM_READ/WRITE/EXEC/SHARED flags.

    A private writable mapping starts read-only, so that the first write can make the copy.
    """
    if not vm_flags & (VM_READ | VM_WRITE | VM_EXEC):
        return PAGE_NONE
    executable = bool(vm_flags & VM_EXEC)
    if vm_flags & VM_WRITE and vm_flags & VM_SHARED:
        return PAGE_SHARED_EXEC if executable else PAGE_SHARED
    return PAGE_COPY_EXEC if executable else PAGE_COPY


def mk_pte(pfn: int, prot: int) -> int:
    """A Linux PTE: frame number above, protection below."""
    return pfn << PAGE_SHIFT | prot


def pte_pfn(pte: int) -> int:
    """The frame number in a PTE."""
    return pte >> PAGE_SHIFT
