"""Moving a mapping: a VMA at the new place, the PTEs carried over, the old place unmapped.

The pages stay where they are and keep their counts, as each has as many PTEs after the move as before. What must not
happen is that the TLB still knows the old address when the page is reached by the new one, so it is flushed for each
page of PTEs before the next is begun.

Linux 5.10: mm/mremap.c, mm/mmap.c (copy_vma)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import (
    PAGE_SHIFT,
    PAGE_SIZE,
    PGDIR_MASK,
    PGDIR_SIZE,
    pgd_index,
    pte_index,
)
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_PRESENT
from webapp.kernel.arch.arm.mm.mmu import pte_clear, set_pte_at
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_range
from webapp.kernel.fork import vm_area_dup
from webapp.kernel.fs.file_table import get_file
from webapp.kernel.include.linux.mm import VM_LOCKED, VM_LOCKED_CLEAR_MASK
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import MREMAP_DONTUNMAP
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_clone
from webapp.kernel.mm.memory_pte import __pte_alloc
from webapp.kernel.mm.munmap import do_munmap
from webapp.kernel.mm.vma import MAX_MAP_COUNT, find_vma_links, vm_stat_account
from webapp.kernel.mm.vma_adjust import vma_link
from webapp.kernel.mm.vma_merge import vma_merge
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mremap.c"


@kernel_function(inlined=True)
async def move_vma(
    k: Machine, vma: VmArea, old_addr: int, old_len: int, new_len: int, new_addr: int, flags: int
) -> tuple[int, bool]:
    """Move [old_addr, old_addr + old_len) to ``new_addr``; the new address or -ENOMEM, and whether it is locked memory.

    With MREMAP_DONTUNMAP the old range stays mapped, but its pages are gone from it: it begins as zeros again, and is
    no longer locked.
    """
    mm = vma.vm_mm
    if mm.map_count >= MAX_MAP_COUNT - 3:  # unmapping the old range may split its VMA in three
        return -ENOMEM, False
    locked = bool(vma.vm_flags & VM_LOCKED)
    pgoff = vma.vm_pgoff + ((old_addr - vma.vm_start) >> PAGE_SHIFT)
    vma, new_vma = copy_vma(k, vma, new_addr, new_len, pgoff)
    await move_page_tables(k, vma, old_addr, new_vma, new_addr, old_len)
    hiwater_vm = mm.hiwater_vm  # for a moment both ranges are counted, which is no new record
    vm_stat_account(k, mm, vma.vm_flags, new_len >> PAGE_SHIFT)
    if flags & MREMAP_DONTUNMAP:
        vma.vm_flags &= VM_LOCKED_CLEAR_MASK
        return new_addr, False
    await do_munmap(k, mm, old_addr, old_len)
    mm.hiwater_vm = hiwater_vm
    if locked:
        mm.locked_vm += new_len >> PAGE_SHIFT
    return new_addr, locked


@kernel_function(file="mm/mmap.c")
def copy_vma(k: Machine, vma: VmArea, addr: int, length: int, pgoff: int) -> tuple[VmArea, VmArea]:
    """A VMA at the new place: a neighbour there that can take it in, or a copy. Returns the old one and the new one.

    Private memory that was never written to has no pages that know their place by vm_pgoff, so it gets the one of its
    new address, to be merged more easily. It may even be merged with the VMA that it comes from.
    """
    mm = vma.vm_mm
    old_start = vma.vm_start
    if vma._vm_ops is None and vma.anon_vma is None:
        pgoff = addr >> PAGE_SHIFT
    _, prev = find_vma_links(k, mm, addr, addr + length)
    merged = vma_merge(k, mm, prev, addr, addr + length, vma.vm_flags, vma.anon_vma, vma.vm_file, pgoff)
    if merged is not None:
        return (merged if merged.vm_start <= old_start < merged.vm_end else vma), merged
    new = vm_area_dup(k, vma)
    new.vm_start, new.vm_end, new.vm_pgoff = addr, addr + length, pgoff
    if new.vm_file is None and new._vm_ops is None:
        new.name = ""  # [heap] and [stack] are names of places
    anon_vma_clone(k, new, vma)
    if new.vm_file is not None:
        get_file(new.vm_file)
    vma_link(k, mm, new)
    return vma, new


@kernel_function
async def move_page_tables(k: Machine, vma: VmArea, old_addr: int, new_vma: VmArea, new_addr: int, length: int) -> None:
    """Carry the PTEs of a range over, in pieces that lie within one page of PTEs on both sides; may sleep.

    Where the old side has no page of PTEs there is nothing to carry, and the new side gets none. This build of
    Linux moves single PTEs even if a whole page of them could be hung elsewhere.
    """
    mm, old_end = vma.vm_mm, old_addr + length
    while old_addr < old_end:
        await cond_resched()
        extent = min(
            (old_addr & PGDIR_MASK) + PGDIR_SIZE - old_addr,
            (new_addr & PGDIR_MASK) + PGDIR_SIZE - new_addr,
            old_end - old_addr,
        )
        table = mm._tables.get(pgd_index(old_addr))
        if table is not None:
            slot = pgd_index(new_addr)
            if slot not in mm._tables:
                await __pte_alloc(k, mm, slot)
            move_ptes(k, vma, table, old_addr, old_addr + extent, mm._tables[slot], new_addr)
        old_addr += extent
        new_addr += extent


@kernel_function(inlined=True)
def move_ptes(
    k: Machine, vma: VmArea, old: PageTable, old_addr: int, old_end: int, new: PageTable, new_addr: int
) -> None:
    """Take each PTE out of one page of PTEs and put it into another, then make the TLB forget the old addresses.

    Frame, permissions, young and dirty stay as they are, so the first touch at the new place does not fault.
    """
    start, moved = old_addr, 0
    for addr in range(old_addr, old_end, PAGE_SIZE):
        if table_word(old, addr):
            pte = pte_clear(old, addr)
            set_pte_at(k, vma.vm_mm, new, new_addr + addr - start, pte)
            moved += bool(pte & L_PTE_PRESENT)
    if moved:
        flush_tlb_range(k, vma.vm_mm, start, old_end)
        k.stage("vma", f"{moved} PTEs moved from {start:#x} to {new_addr:#x}", moved=moved)


def table_word(table: PageTable, addr: int) -> int:
    """The Linux PTE of an address."""
    return table.linux(pte_index(addr))
