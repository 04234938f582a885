"""Moving the borders of VMAs, splitting them, and putting new ones in: the list and the file's reverse map together.

Rules for callers:
    * Hold mmap_lock for writing.
    * A VMA that maps a file is in the file's interval tree exactly while it is in the list.

Linux 5.10: mm/mmap.c.  Not modelled: red-black tree rotations, i_mmap_rwsem, uprobes.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.fork import vm_area_dup, vm_area_free
from webapp.kernel.fs.file_table import fput, get_file
from webapp.kernel.include.linux.mm import VM_SHARED
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_clone, unlink_anon_vmas
from webapp.kernel.mm.interval_tree import vma_interval_tree_insert, vma_interval_tree_remove
from webapp.kernel.mm.vma import MAX_MAP_COUNT, _start, vma_next
from webapp.kernel.mm.vmacache import vmacache_invalidate

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"


@kernel_function
def __vma_link_list(k: Machine, mm: Mm, vma: VmArea) -> None:
    """Put the VMA into the list, between its neighbours by address."""
    mm._mmap.insert(bisect_right(mm._mmap, vma.vm_start, key=_start), vma)
    vma.linked = True


@kernel_function
def __vma_link_file(k: Machine, vma: VmArea) -> None:
    """Make the VMA known to the file that it maps; a VM_SHARED one counts as a writable mapping of it."""
    if vma.vm_file is None:
        return
    mapping = vma.vm_file.inode.mapping
    if vma.vm_flags & VM_SHARED:
        mapping._i_mmap_writable += 1
    vma_interval_tree_insert(k, vma, mapping)


@kernel_function
def __remove_shared_vm_struct(k: Machine, vma: VmArea) -> None:
    """The opposite of __vma_link_file."""
    if vma.vm_file is None:
        return
    mapping = vma.vm_file.inode.mapping
    if vma.vm_flags & VM_SHARED:
        mapping._i_mmap_writable -= 1
    vma_interval_tree_remove(k, vma, mapping)


@kernel_function
def unlink_file_vma(k: Machine, vma: VmArea) -> None:
    """Hide the VMA from everyone who comes from the file's side, such as truncate and reclaim."""
    __remove_shared_vm_struct(k, vma)


@kernel_function
def vma_link(k: Machine, mm: Mm, vma: VmArea) -> None:
    """Add a finished VMA to its address space: from here on a fault can find it."""
    __vma_link_list(k, mm, vma)
    __vma_link_file(k, vma)
    mm.map_count += 1
    what = f"{vma.name or 'anonymous memory'}, 0x{vma.vm_start:x}-0x{vma.vm_end:x}"
    k.stage("vma", f"the mapping of {what} exists; it has no PTE yet", vma=vma.ref)


@kernel_function
def __vma_adjust(
    k: Machine, vma: VmArea, start: int, end: int, pgoff: int, insert: VmArea | None, expand: VmArea | None
) -> int:
    """Give ``vma`` new borders in one go, so that nobody sees the address space half changed.

    With ``insert`` this is a split: the new VMA takes what ``vma`` gives up. Otherwise it is a merge into
    ``expand``, and a VMA that the growing one covers whole disappears (cases 1, 6, 7, 8 of `vma_merge`), while
    one that it covers in part has its border moved (cases 4, 5). Always 0: nothing can run out here.
    """
    mm = vma.vm_mm
    following = vma_next(mm, vma)
    removed = [] if insert else swallowed(mm, vma, end, expand)
    shift = 0 if insert or removed or following is None else border_shift(vma, end, following)
    grower = expand if vma in removed and expand is not None else vma
    moved = [grower, following] if shift and following is not None else [grower]
    if expand is not None and expand.anon_vma is None:
        exporter = next((other for other in (*removed, *moved) if other.anon_vma is not None), None)
        if exporter is not None:
            expand.anon_vma = exporter.anon_vma
            anon_vma_clone(k, expand, exporter)

    if insert is not None:
        __vma_link_file(k, insert)
    for each in moved:
        if each.vm_file is not None:
            vma_interval_tree_remove(k, each, each.vm_file.inode.mapping)
    grower.vm_start, grower.vm_end, grower.vm_pgoff = start, end, pgoff
    if shift and following is not None:
        following.vm_start += shift
        following.vm_pgoff += shift >> PAGE_SHIFT
    for each in reversed(moved):
        if each.vm_file is not None:
            vma_interval_tree_insert(k, each, each.vm_file.inode.mapping)

    for gone in removed:
        __vma_unlink(k, mm, gone)
        __remove_shared_vm_struct(k, gone)
    if insert is not None:
        __insert_vm_struct(k, mm, insert)
    for gone in removed:
        if gone.vm_file is not None:
            fput(k, gone.vm_file)
        if gone.anon_vma is not None:
            unlink_anon_vmas(k, gone)
        mm.map_count -= 1
        vm_area_free(k, gone)
    return 0


def swallowed(mm: Mm, vma: VmArea, end: int, expand: VmArea | None) -> list[VmArea]:
    """The VMAs that no longer exist once ``vma`` reaches up to ``end``; ``vma`` itself in case 8."""
    following = vma_next(mm, vma)
    if following is None or end < following.vm_end:
        return []
    if following is expand:
        return [vma]
    gone = []
    while following is not None and following.vm_end <= end:
        gone.append(following)
        following = vma_next(mm, following)
    return gone


def border_shift(vma: VmArea, end: int, following: VmArea) -> int:
    """How many bytes the border to the next VMA moves: up (case 5), down (case 4), or not at all."""
    if end > following.vm_start:
        return end - following.vm_start
    if end < vma.vm_end:
        return end - vma.vm_end
    return 0


@kernel_function(inlined=True)
def __vma_unlink(k: Machine, mm: Mm, vma: VmArea) -> None:
    """Take a VMA out of the list; no task may find it in its cache any more."""
    mm._mmap.remove(vma)
    vma.linked = False
    vmacache_invalidate(mm)


@kernel_function(inlined=True)
def __insert_vm_struct(k: Machine, mm: Mm, vma: VmArea) -> None:
    """Put the new half of a split into the list."""
    __vma_link_list(k, mm, vma)
    mm.map_count += 1


@kernel_function
def __split_vma(k: Machine, mm: Mm, vma: VmArea, addr: int, new_below: bool) -> int:
    """Cut a VMA in two at ``addr``; the new one is the lower part if ``new_below``, else the upper.

    Both map the same file, so the file gains a user; page tables and pages are not touched.
    """
    new = vm_area_dup(k, vma)
    pages_below = (addr - vma.vm_start) >> PAGE_SHIFT
    if new_below:
        new.vm_end = addr
    else:
        new.vm_start = addr
        new.vm_pgoff += pages_below
    anon_vma_clone(k, new, vma)
    if new.vm_file is not None:
        get_file(new.vm_file)

    if new_below:
        error = __vma_adjust(k, vma, addr, vma.vm_end, vma.vm_pgoff + pages_below, new, None)
    else:
        error = __vma_adjust(k, vma, vma.vm_start, addr, vma.vm_pgoff, new, None)
    k.stage("vma", f"split at 0x{addr:x}: the new VMA is the {'lower' if new_below else 'upper'} part", vma=new.ref)
    return error


@kernel_function
def split_vma(k: Machine, mm: Mm, vma: VmArea, addr: int, new_below: bool) -> int:
    """Split unless the process has all the VMAs that it may have (-ENOMEM)."""
    if mm.map_count >= MAX_MAP_COUNT:
        return -ENOMEM
    return __split_vma(k, mm, vma, addr, new_below)
