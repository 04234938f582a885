"""Shared memory without a file of its own: MAP_SHARED | MAP_ANONYMOUS.

Linux keeps such memory in a hidden file, "/dev/zero", whose pages live in the page cache and nowhere else.

Linux 5.10: mm/shmem.c.  Not modelled yet: writing, swapping out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.fs import FMODE_READ, FMODE_WRITE, AddressSpace, File, FileRaState, Inode
from webapp.kernel.include.linux.mm import VM_FAULT_LOCKED, VM_FAULT_SIGBUS, vm_fault_t
from webapp.kernel.include.linux.page_flags import PG_locked, PG_swapbacked, PG_uptodate
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import add_to_page_cache_lru, find_get_entry, pages_in

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import VmArea, VmFault
    from webapp.kernel.machine import Machine


@kernel_function
def shmem_zero_setup(k: Machine, vma: VmArea) -> int:
    """Give a shared anonymous mapping its hidden file."""
    size = vma.vm_end - vma.vm_start
    inode = Inode(k.journal, i_ino=0, name="/dev/zero (deleted)", i_size=size, sector=0)
    inode.i_mapping = AddressSpace(k.journal, inode=inode)
    ra = FileRaState(k.journal, ra_pages=0)
    vma.vm_file = File(k.journal, inode=inode, f_mode=FMODE_READ | FMODE_WRITE, f_flags=0, f_ra=ra)
    vma.name = inode.name
    vma._vm_ops = "shmem_vm_ops"
    return 0


@kernel_function
def shmem_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Find the page in the hidden file, or make it: a page of zeros needs no disk, so the fault is minor."""
    assert vmf.vma.vm_file is not None
    inode = vmf.vma.vm_file.inode
    if vmf.pgoff >= pages_in(inode.i_size):
        return VM_FAULT_SIGBUS
    page = find_get_entry(k, inode.mapping, vmf.pgoff)
    if page is None:
        page = __alloc_pages_nodemask(k)
        page.flags |= PG_swapbacked | PG_uptodate
        add_to_page_cache_lru(k, page, inode.mapping, vmf.pgoff)
    else:
        page.flags |= PG_locked
    vmf.page = page
    return VM_FAULT_LOCKED
