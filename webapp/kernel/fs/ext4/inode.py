"""How ext4 takes part in a fault on a mapped file, what it wants done with the pages of its files, and how one ends.

Linux 5.10: fs/ext4/inode.c.  Not modelled: the journal's own blocks, full disks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.buffer import __set_page_dirty_buffers, block_page_mkwrite
from webapp.kernel.fs.ext4.da_write import ext4_da_write_begin, ext4_da_write_end
from webapp.kernel.fs.ext4.extents import ext4_ext_truncate
from webapp.kernel.fs.ext4.writepages import ext4_writepage, ext4_writepages
from webapp.kernel.fs.fs_writeback import inode_io_list_del
from webapp.kernel.fs.inode import file_update_time
from webapp.kernel.include.linux.fs import AddressSpaceOperations
from webapp.kernel.include.linux.mm import VM_FAULT_LOCKED, VM_FAULT_NOPAGE, vm_fault_t
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap import filemap_fault
from webapp.kernel.mm.truncate import truncate_inode_pages_range
from webapp.kernel.task_work import task_work_add

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.mm_types import Page, VmFault
    from webapp.kernel.include.linux.writeback import WritebackControl
    from webapp.kernel.machine import Machine


@kernel_function
async def ext4_filemap_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """ext4's own step before the page cache. Linux holds off truncation here (i_mmap_sem); that lock is not modelled.

    The work is filemap_fault's, in mm/filemap.c.
    """
    return await filemap_fault(k, vmf)


@kernel_function
async def ext4_page_mkwrite(k: Machine, vmf: VmFault) -> vm_fault_t:
    """A clean page of a shared mapping is about to become writable: ext4 must be able to write it later; may sleep.

    The file's time changes now, and the page becomes dirty now, before the first byte of it does. The page comes back
    locked, unless the file has become shorter: then VM_FAULT_NOPAGE, and the access will find that out by itself.
    """
    vma = vmf.vma
    assert vma.vm_file is not None
    file_update_time(k, vma.vm_file)
    err = await block_page_mkwrite(k, vma, vmf)
    return VM_FAULT_NOPAGE if err else VM_FAULT_LOCKED


@kernel_function
def ext4_set_page_dirty(k: Machine, page: Page) -> bool:
    """ext4's pages have buffers, which become dirty with them."""
    return __set_page_dirty_buffers(k, page)


@kernel_function
def ext4_write_inode(k: Machine, inode: Inode, wbc: WritebackControl) -> None:
    """The flusher wants the inode itself on the disk: nothing to do, the journal has it already (ext4_dirty_inode)."""


@kernel_function
async def ext4_evict_inode(k: Machine, inode: Inode) -> None:
    """No name and no open file leads to the inode: its pages and its blocks are freed, and it ends; may sleep."""
    inode_io_list_del(k.wb, inode)
    await truncate_inode_pages_range(k, inode.mapping, 0)
    inode.i_size = 0
    ext4_ext_truncate(k, inode, 0)
    k.fs.s_inodes.remove(inode)
    inode.mapping.forget()
    inode.forget()


def evict_later(k: Machine, inode: Inode) -> None:
    """Have the inode end when the task is about to leave the kernel: to end it may take waiting for the disk."""
    task_work_add(k, lambda: ext4_evict_inode(k, inode))


ext4_da_aops = AddressSpaceOperations(
    "ext4_da_aops",
    ext4_set_page_dirty,
    ext4_writepages,
    ext4_writepage,
    write_begin=ext4_da_write_begin,
    write_end=ext4_da_write_end,
)
