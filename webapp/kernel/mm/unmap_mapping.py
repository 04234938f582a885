"""Unmapping a file's pages wherever they are mapped: from the file's side, over all processes.

Linux 5.10: mm/memory.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.interval_tree import vma_interval_tree_foreach
from webapp.kernel.mm.memory_unmap import zap_page_range_single

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/memory.c"
ULONG_MAX = 0xFFFFFFFF


@kernel_function
async def unmap_mapping_pages(k: Machine, mapping: AddressSpace, start: int, nr: int, even_cows: bool) -> None:
    """Clear the PTEs of ``nr`` file pages from ``start`` on (0: to the end) in every mapping of the file; may sleep.

    ``even_cows``: private copies too. They go when the file is cut, since nothing is mapped there any more; they stay
    when only the cache is emptied, since they are the only copy of what a process has written.
    """
    await unmap_mapping_range_tree(k, mapping, start, start + nr - 1 if nr else ULONG_MAX, even_cows)


@kernel_function
async def unmap_mapping_page(k: Machine, page: Page) -> None:
    """Clear the PTEs of one locked page of a file, but not those of private copies of it; may sleep."""
    assert page.mapping is not None
    await unmap_mapping_range_tree(k, page.mapping, page.index, page.index, False)


@kernel_function(inlined=True)
async def unmap_mapping_range_tree(k: Machine, mapping: AddressSpace, first: int, last: int, even_cows: bool) -> None:
    """For every VMA that maps any of these file pages: zap the part of it that does; may sleep."""
    for vma in list(vma_interval_tree_foreach(mapping, first, last)):
        low, high = max(first, vma.vm_pgoff), min(last, vma.vm_pgoff + vma.pages - 1)
        start = vma.vm_start + ((low - vma.vm_pgoff) << PAGE_SHIFT)
        await zap_page_range_single(k, vma, start, (high - low + 1) << PAGE_SHIFT, even_cows)
