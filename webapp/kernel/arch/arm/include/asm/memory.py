"""Sizes and borders of the 32-bit ARM address space with the 3G/1G split.

Linux 5.10: arch/arm/include/asm/{page,memory,pgtable,pgtable-2level}.h
"""

from __future__ import annotations

PAGE_SHIFT = 12
PAGE_SIZE = 1 << PAGE_SHIFT  # bytes
PAGE_MASK = ~(PAGE_SIZE - 1) & 0xFFFFFFFF

PHYS_OFFSET = 0x40000000  # where RAM begins on the board
PAGE_OFFSET = 0xC0000000  # where the kernel's view of RAM begins
MODULES_VADDR = 0xBF000000
TASK_SIZE = 0xBF000000  # user addresses lie below: 16 MiB are left to kernel modules
STACK_TOP = TASK_SIZE
FIRST_USER_ADDRESS = 0x2000  # never mapped for users: room for vectors on old CPUs
MMAP_MIN_ADDR = 0x8000  # hints below this are raised to it (security limit)
DAC_MMAP_MIN_ADDR = 0x1000

PGDIR_SHIFT = 21  # Linux sees 2 MiB per first-level entry: a pair of hardware entries
PGDIR_SIZE = 1 << PGDIR_SHIFT
PGDIR_MASK = ~(PGDIR_SIZE - 1) & 0xFFFFFFFF
PTRS_PER_PGD = 2048
PTRS_PER_PTE = 512
SECTION_SHIFT = 20  # what one hardware first-level entry covers


def page_align(length: int) -> int:
    """``length`` bytes rounded up to whole pages, in 32-bit arithmetic (so a huge length wraps to 0)."""
    return (length + PAGE_SIZE - 1) & PAGE_MASK


def pgd_index(address: int) -> int:
    """The slot of the page directory for a virtual address: its bits 31:21."""
    return address >> PGDIR_SHIFT


def pte_index(address: int) -> int:
    """The entry of a Linux page table for a virtual address: its bits 20:12."""
    return (address >> PAGE_SHIFT) & (PTRS_PER_PTE - 1)
