"""Taking mappings away again: clearing PTEs, and freeing page tables that no VMA needs.

Interface:
    * `unmap_vmas` clears the PTEs of a range over several VMAs, `zap_page_range` within one (MADV_DONTNEED),
      `zap_page_range_single` on behalf of a file that loses pages.
    * `free_pgtables` then frees the pages of PTEs of 2 MiB slots in which no VMA is left.
    * Pages and tables are only queued; they are given back after the TLB flush (mm/mmu_gather.c).
    * What the PTE knew is passed on: dirty makes the page dirty, young counts as an access to it, unless the VMA is
      read sequentially. Only the page of a file needs that; an anonymous page goes with its last PTE.

Linux 5.10: mm/memory.c.  Not modelled: swapped PTEs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import (
    PAGE_SIZE,
    PGDIR_MASK,
    PGDIR_SIZE,
    PTRS_PER_PTE,
    pgd_index,
    pte_index,
)
from webapp.kernel.arch.arm.include.asm.pgalloc import pmd_clear
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_YOUNG
from webapp.kernel.arch.arm.mm.mmu import pte_clear
from webapp.kernel.include.linux.mm import VM_SEQ_READ
from webapp.kernel.include.linux.page_flags import PG_swapbacked
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import unlink_anon_vmas
from webapp.kernel.mm.memory_pte import vm_normal_page
from webapp.kernel.mm.mmu_gather import (
    MmuGather,
    __tlb_remove_page_size,
    pte_free_tlb,
    tlb_finish_mmu,
    tlb_flush_mmu,
    tlb_flush_mmu_tlbonly,
    tlb_gather_mmu,
)
from webapp.kernel.mm.page_writeback import set_page_dirty
from webapp.kernel.mm.rmap import page_remove_rmap
from webapp.kernel.mm.swap import lru_add_drain, mark_page_accessed
from webapp.kernel.mm.vma import update_hiwater_rss
from webapp.kernel.mm.vma_adjust import unlink_file_vma
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import Mm, Page, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/memory.c"


@kernel_function
async def unmap_vmas(k: Machine, tlb: MmuGather, vmas: list[VmArea], start: int, end: int) -> None:
    """Clear the PTEs of [start, end) in each of these VMAs, lowest first; may sleep."""
    for vma in vmas:
        if vma.vm_start < end:
            await unmap_single_vma(k, tlb, vma, start, end)


@kernel_function(inlined=True)
async def unmap_single_vma(
    k: Machine, tlb: MmuGather, vma: VmArea, start: int, end: int, even_cows: bool = True
) -> None:
    """The part of the range that lies in this VMA; may sleep."""
    start, end = max(start, vma.vm_start), min(end, vma.vm_end)
    if start < end:
        await unmap_page_range(k, tlb, vma, start, end, even_cows)


@kernel_function
async def zap_page_range(k: Machine, vma: VmArea, start: int, size: int) -> None:
    """Drop the PTEs of a range and keep the VMA: the next touch faults again. This is MADV_DONTNEED; may sleep."""
    lru_add_drain(k)
    tlb = tlb_gather_mmu(k, vma.vm_mm, False)
    update_hiwater_rss(vma.vm_mm)
    await unmap_single_vma(k, tlb, vma, start, start + size)
    tlb_finish_mmu(k, tlb)


@kernel_function(inlined=True)
async def zap_page_range_single(k: Machine, vma: VmArea, address: int, size: int, even_cows: bool) -> None:
    """Drop the PTEs of a range for a file that loses these pages; copies too if ``even_cows``; may sleep."""
    lru_add_drain(k)
    tlb = tlb_gather_mmu(k, vma.vm_mm, False)
    await unmap_single_vma(k, tlb, vma, address, address + size, even_cows)
    tlb_finish_mmu(k, tlb)


@kernel_function
async def unmap_page_range(
    k: Machine, tlb: MmuGather, vma: VmArea, start: int, end: int, even_cows: bool = True
) -> None:
    """Go through the range one 2 MiB slot at a time; a slot without a page of PTEs is skipped whole.

    Between slots others may have the CPU, as clearing half a gigabyte takes a while; so this may sleep.
    The TLB is flushed at the end of each VMA, so that the flush does not span the holes between them.
    """
    for addr, upto in slot_ranges(start, end):
        table = vma.vm_mm._tables.get(pgd_index(addr))
        if table is not None:
            zap_pte_range(k, tlb, vma, table, addr, upto, even_cows)
            await cond_resched()
    if not tlb.fullmm:
        tlb_flush_mmu_tlbonly(k, tlb)


@kernel_function
def zap_pte_range(
    k: Machine, tlb: MmuGather, vma: VmArea, table: PageTable, start: int, end: int, even_cows: bool = True
) -> None:
    """Clear every PTE of [start, end), which one page of PTEs covers; unless ``even_cows``, not those of copies.

    A file page that was young is marked as accessed: being mapped and used counts for keeping it in memory.
    That a neighbour mapped by fault-around was never touched, the PTE does not tell. A file page whose PTE was
    dirty is dirty. Then the TLB is flushed here, before anybody can clean the page: a CPU that still had the
    translation could write to it unnoticed.
    """
    force_flush = False
    for addr in range(start, end, PAGE_SIZE):
        pte = table.linux(pte_index(addr))
        if pte == 0:
            continue
        page = vm_normal_page(k, pte)
        if not even_cows and page is not None and page.anonymous:
            continue
        pte_clear(table, addr)
        tlb.add_range(addr, addr + PAGE_SIZE)
        k.stage(
            "clear-pte", f"PTE {pte_index(addr)} of 0x{addr:x} is cleared; it was {pte:#010x}", address=addr, pte=pte
        )
        if page is None:  # the zero page: nobody counts who maps it
            continue
        if not page.anonymous and pte & L_PTE_DIRTY:
            force_flush = True
            set_page_dirty(k, page)
        if not page.anonymous and pte & L_PTE_YOUNG and not vma.vm_flags & VM_SEQ_READ:
            mark_page_accessed(k, page)
        drop_mm_counter(vma.vm_mm, page)
        page_remove_rmap(k, page)
        if __tlb_remove_page_size(k, tlb, page):
            tlb_flush_mmu(k, tlb)
    if force_flush:
        tlb_flush_mmu(k, tlb)


def drop_mm_counter(mm: Mm, page: Page) -> None:
    """One page less in the resident set, of the kind that this page is."""
    if page.anonymous:
        mm.rss_anon -= 1
    elif page.flags & PG_swapbacked:
        mm.rss_shmem -= 1
    else:
        mm.rss_file -= 1


def slot_ranges(start: int, end: int) -> Iterator[tuple[int, int]]:
    """[start, end) cut at the borders of the 2 MiB slots."""
    while start < end:
        upto = min((start & PGDIR_MASK) + PGDIR_SIZE, end)
        yield start, upto
        start = upto


# Page tables.


@kernel_function
def free_pgtables(k: Machine, tlb: MmuGather, vmas: list[VmArea], floor: int, ceiling: int) -> None:
    """Free the pages of PTEs that only these VMAs needed; they lie between addresses ``floor`` and ``ceiling``.

    First each VMA is hidden from those who come from the file's side. VMAs closer together than 2 MiB are
    treated as one. ``ceiling`` 0 means that no VMA follows.
    """
    at = 0
    while at < len(vmas):
        first = last = vmas[at]
        unlink_anon_vmas(k, first)
        unlink_file_vma(k, first)
        while at + 1 < len(vmas) and vmas[at + 1].vm_start <= last.vm_end + PGDIR_SIZE:
            at += 1
            last = vmas[at]
            unlink_anon_vmas(k, last)
            unlink_file_vma(k, last)
        at += 1
        upto = vmas[at].vm_start if at < len(vmas) else ceiling
        free_pgd_range(k, tlb, first.vm_start, last.vm_end, floor, upto)


@kernel_function
def free_pgd_range(k: Machine, tlb: MmuGather, addr: int, end: int, floor: int, ceiling: int) -> None:
    """Free the page of PTEs of every 2 MiB slot of [addr, end) into which no neighbouring VMA reaches.

    ``floor`` is where the VMA below ends, ``ceiling`` where the one above begins.
    """
    addr &= PGDIR_MASK
    if addr < floor:
        addr += PGDIR_SIZE
    if ceiling:
        ceiling &= PGDIR_MASK
        end = min(end, ceiling)
    for slot in range(pgd_index(addr), pgd_index(end - 1) + 1 if end > addr else 0):
        if slot in tlb.mm._tables:
            free_pte_range(k, tlb, slot)


@kernel_function(inlined=True)
def free_pte_range(k: Machine, tlb: MmuGather, slot: int) -> None:
    """Cut one page of PTEs off the page directory and queue its frame."""
    page = k.mem_map[tlb.mm._tables[slot].pfn]
    pmd_clear(k, tlb.mm, slot)
    tlb.mm.pgtables_bytes -= PTRS_PER_PTE * 4
    k.stage("clear-pte", f"slot {slot} of the page directory is empty again; its page of PTEs goes", slot=slot)
    pte_free_tlb(k, tlb, page, slot * PGDIR_SIZE)
