"""Which VMAs map a given page of a file: the reverse map from a file to its mappings.

Linux keeps the VMAs of a file in a tree of intervals [vm_pgoff, vm_pgoff + pages - 1]; here it is a list in
the same order. Reclaim and truncation walk it to find every page table that may point at a cached page.

Rules for callers:
    * Take a VMA out before changing its borders or vm_pgoff, and put it back afterwards.

Linux 5.10: mm/interval_tree.c.  Not modelled: i_mmap_rwsem, which nobody else contends for here.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine


def vma_start_pgoff(vma: VmArea) -> int:
    """The first file page of the interval."""
    return vma.vm_pgoff


def vma_last_pgoff(vma: VmArea) -> int:
    """The last file page of the interval, inclusive."""
    return vma.vm_pgoff + vma.pages - 1


@kernel_function
def vma_interval_tree_insert(k: Machine, vma: VmArea, mapping: AddressSpace) -> None:
    """From now on a walk over the file's mappings finds this VMA."""
    mapping._i_mmap.insert(bisect_right(mapping._i_mmap, vma.vm_pgoff, key=vma_start_pgoff), vma)


@kernel_function
def vma_interval_tree_insert_after(k: Machine, vma: VmArea, prev: VmArea, mapping: AddressSpace) -> None:
    """A child's copy of ``prev`` maps the same pages; it is found right after it."""
    mapping._i_mmap.insert(mapping._i_mmap.index(prev) + 1, vma)


@kernel_function
def vma_interval_tree_remove(k: Machine, vma: VmArea, mapping: AddressSpace) -> None:
    """The VMA no longer maps the file, or is about to move."""
    mapping._i_mmap.remove(vma)


def vma_interval_tree_foreach(mapping: AddressSpace, first: int, last: int) -> Iterator[VmArea]:
    """The VMAs that map any file page in first..last, in the order of their vm_pgoff."""
    for vma in mapping._i_mmap:
        if vma.vm_pgoff > last:
            return
        if vma_last_pgoff(vma) >= first:
            yield vma
