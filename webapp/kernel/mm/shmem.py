"""Shared memory without a file of its own: MAP_SHARED | MAP_ANONYMOUS.

Linux keeps such memory in a hidden file, "/dev/zero", whose pages live in the page cache and nowhere else. They are
never written back, so nobody needs to know when they are first written to: their PTEs are writable from the start.

Linux 5.10: mm/shmem.c.  Not modelled: swapping out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.fs import (
    FMODE_READ,
    FMODE_WRITE,
    TMPFS,
    AddressSpace,
    AddressSpaceOperations,
    File,
    FileRaState,
    Inode,
)
from webapp.kernel.include.linux.gfp import GFP_HIGHUSER
from webapp.kernel.include.linux.mm import VM_FAULT_LOCKED, VM_FAULT_OOM, VM_FAULT_SIGBUS, VM_NORESERVE, vm_fault_t
from webapp.kernel.include.linux.page_flags import PG_locked, PG_swapbacked, PG_uptodate
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import mem_cgroup_charge
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import delete_from_page_cache, find_get_entry, insert_page, pages_in
from webapp.kernel.mm.page_writeback import __set_page_dirty_no_writeback
from webapp.kernel.mm.swap import lru_cache_add, put_page
from webapp.kernel.security.security import security_vm_enough_memory_mm

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea, VmFault
    from webapp.kernel.machine import Machine

ROOT_INO = 1  # of the file system that holds such hidden files


@kernel_function
def shmem_zero_setup(k: Machine, vma: VmArea) -> int:
    """Give a shared anonymous mapping its hidden file; -ENOMEM if it could never fit into memory.

    All of it is promised at once, unless MAP_NORESERVE says that the program will not use it all.
    """
    if not vma.vm_flags & VM_NORESERVE and security_vm_enough_memory_mm(k, vma.pages):
        return -ENOMEM
    size = vma.vm_end - vma.vm_start
    inode = Inode(
        k.journal, i_ino=ROOT_INO + k.journal.serial("shmem"), name="/dev/zero (deleted)", i_size=size, sector=0,
        s_dev=TMPFS, i_nlink=0, _evict_inode=shmem_evict_inode, i_cached=True, i_count=1,
    )  # fmt: skip
    inode.i_mapping = AddressSpace(k.journal, inode=inode, _a_ops=shmem_aops)
    ra = FileRaState(k.journal, ra_pages=0)
    vma.vm_file = File(k.journal, inode=inode, f_mode=FMODE_READ | FMODE_WRITE, f_flags=0, f_ra=ra)
    vma.name = inode.name
    vma._vm_ops = "shmem_vm_ops"
    return 0


@kernel_function
async def shmem_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Find the page in the hidden file, or make it: a page of zeros needs no disk, so the fault is minor."""
    assert vmf.vma.vm_file is not None
    inode = vmf.vma.vm_file.inode
    if vmf.pgoff >= pages_in(inode.i_size):
        return VM_FAULT_SIGBUS
    page = find_get_entry(k, inode.mapping, vmf.pgoff)
    if page is None:
        page = await __alloc_pages_nodemask(k, GFP_HIGHUSER)
        if page is None:
            return VM_FAULT_OOM
        page.flags |= PG_swapbacked | PG_uptodate
        if await shmem_add_to_page_cache(k, page, inode.mapping, vmf.pgoff):
            put_page(k, page)
            return VM_FAULT_OOM
        lru_cache_add(k, page)
    else:
        page.flags |= PG_locked
    vmf.page = page
    return VM_FAULT_LOCKED


@kernel_function
async def shmem_add_to_page_cache(k: Machine, page: Page, mapping: AddressSpace, index: int) -> int:
    """Charge a page of zeros and put it into the hidden file; may sleep. 0 or -ENOMEM."""
    if await mem_cgroup_charge(k, page, GFP_HIGHUSER):
        return -ENOMEM
    insert_page(k, page, mapping, index)
    k.stage("add-to-cache", f"page {index} of {mapping.inode.name} is in the page cache, all zeros", index=index)
    return 0


@kernel_function
def shmem_evict_inode(k: Machine, inode: Inode) -> None:
    """The last mapping of the hidden file is gone, and with it the only way to its pages: they are freed."""
    for page in list(inode.mapping._pages.values()):
        delete_from_page_cache(k, page)
    inode.mapping.forget()
    inode.forget()


shmem_aops = AddressSpaceOperations("shmem_aops", __set_page_dirty_no_writeback)
