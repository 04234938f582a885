"""Gathering what an unmap takes away, so that the TLB is flushed once and before any page is given back.

A page must not be used for anything else while the TLB may still lead somebody to it. So the pages are queued
while PTEs are cleared, then the TLB forgets the range, and only then are the references dropped.

Rules for callers:
    * `tlb_gather_mmu`, then clear PTEs and queue pages, then `tlb_finish_mmu`.
    * When `__tlb_remove_page` says that the queue is full, `tlb_flush_mmu` must be called.

Linux 5.10: mm/mmu_gather.c, include/asm-generic/tlb.h, arch/arm/include/asm/tlb.h
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE, PGDIR_MASK
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_mm, flush_tlb_range
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.swap import lru_add_drain, put_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, Page
    from webapp.kernel.machine import Machine

FIRST_BUNDLE = 8  # pages that fit into the structure itself
BATCH = 1021  # pages in a further batch: what one page of pointers holds
MAX_BATCHES = 9
QUEUE_LIMIT = FIRST_BUNDLE + MAX_BATCHES * BATCH
TASK_END = 1 << 32


@dataclass
class MmuGather:
    """struct mmu_gather: the range to flush, and the pages that wait for it. ``end`` 0 means: nothing to flush."""

    mm: Mm
    fullmm: bool = False
    start: int = TASK_END
    end: int = 0
    pages: list[Page] = field(default_factory=list)

    def brief(self) -> dict[str, int | str]:
        """What a stage shows of it."""
        return {"mm": self.mm.ref, "start": self.start, "end": self.end, "pages": len(self.pages)}

    def add_range(self, start: int, end: int) -> None:
        """The flush must cover [start, end) too."""
        self.start, self.end = min(self.start, start), max(self.end, end)


@kernel_function
def tlb_gather_mmu(k: Machine, mm: Mm, fullmm: bool) -> MmuGather:
    """Start gathering; ``fullmm`` when the whole address space goes."""
    return MmuGather(mm, fullmm)


@kernel_function(leaf=True)
def __tlb_remove_page_size(k: Machine, tlb: MmuGather, page: Page) -> bool:
    """Queue a page whose PTE is gone; true if there is no room for another."""
    tlb.pages.append(page)
    return len(tlb.pages) >= QUEUE_LIMIT


@kernel_function(inlined=True, file="include/asm-generic/tlb.h")
def pte_free_tlb(k: Machine, tlb: MmuGather, page: Page, addr: int) -> None:
    """Queue a page of PTEs. Two first-level words led to it, so both sides of the 1 MiB border are flushed."""
    k.vmstat.nr_page_table_pages -= 1
    tlb.add_range(addr, addr + PAGE_SIZE)
    middle = (addr & PGDIR_MASK) + (1 << 20)
    tlb.add_range(middle - PAGE_SIZE, middle + PAGE_SIZE)
    if __tlb_remove_page_size(k, tlb, page):
        tlb_flush_mmu(k, tlb)


@kernel_function(inlined=True, file="include/asm-generic/tlb.h")
def tlb_flush_mmu_tlbonly(k: Machine, tlb: MmuGather) -> None:
    """Flush the range gathered so far, if any, and start a new one."""
    if not tlb.end:
        return
    if tlb.fullmm:
        flush_tlb_mm(k, tlb.mm)
    else:
        flush_tlb_range(k, tlb.mm, tlb.start, tlb.end)
    tlb.start, tlb.end = TASK_END, 0


@kernel_function
def tlb_flush_mmu(k: Machine, tlb: MmuGather) -> None:
    """Flush, then give back the queued pages: nobody can reach them through the TLB any more."""
    tlb_flush_mmu_tlbonly(k, tlb)
    tlb_batch_pages_flush(k, tlb)


@kernel_function(inlined=True)
def tlb_batch_pages_flush(k: Machine, tlb: MmuGather) -> None:
    """Drop the reference that each queued page's PTE held. A page of the page cache has another and stays."""
    pages, tlb.pages = tlb.pages, []
    if pages:
        free_pages_and_swap_cache(k, pages)


@kernel_function(file="mm/swap_state.c")
def free_pages_and_swap_cache(k: Machine, pages: list[Page]) -> None:
    """Drop one reference each; a frame whose last one this was is free again.

    The pagevecs are emptied first: a page that waits in one has a reference for that, and what the unmap said
    about the use of its pages has its effect now.
    """
    lru_add_drain(k)
    for page in pages:
        put_page(k, page)
    number = f"{len(pages)} reference{'s' if len(pages) != 1 else ''}"
    k.stage("note", f"{number} dropped; a page that the page cache holds stays in memory", pages=len(pages))


@kernel_function
def tlb_finish_mmu(k: Machine, tlb: MmuGather) -> None:
    """The unmap is done: the last flush, and the last pages go."""
    tlb_flush_mmu(k, tlb)
