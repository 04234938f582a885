"""Buffers: which blocks of the disk the parts of a page belong to, and which of them must be written.

With blocks of 4 KiB a page has one buffer. It comes when the page is first made dirty and has no state of its own here:
PG_private says that it is there, it is dirty whenever the page is, and it holds a reference to the page.

Linux 5.10: fs/buffer.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.fs.fs_writeback import __mark_inode_dirty
from webapp.kernel.include.linux.fs import I_DIRTY_PAGES
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_private, PG_writeback
from webapp.kernel.include.uapi.asm_generic.errno import EFAULT
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_cache import lock_page, unlock_page
from webapp.kernel.mm.page_writeback import set_page_dirty, tag_dirty
from webapp.kernel.mm.swap import put_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.mm_types import Page, VmArea, VmFault
    from webapp.kernel.machine import Machine


@kernel_function
async def block_page_mkwrite(k: Machine, vma: VmArea, vmf: VmFault) -> int:
    """Get a mapped page ready for being written to: locked, with its block known, dirty; may sleep.

    -EFAULT if the file no longer reaches that far: then the page is not locked.
    """
    page = vmf.page
    assert page is not None
    assert vma.vm_file is not None
    inode = vma.vm_file.inode
    await lock_page(k, page)
    if page.mapping is not inode.mapping or page.index << PAGE_SHIFT > inode.i_size:
        unlock_page(k, page)
        return -EFAULT
    __block_write_begin(k, page)
    block_commit_write(k, page)
    set_page_dirty(k, page)
    return 0


@kernel_function
def __block_write_begin(k: Machine, page: Page) -> None:
    """Make sure that every part of the page that will be written has its block. A page that was read has one."""
    if not page.flags & PG_private:
        create_empty_buffers(k, page)


@kernel_function
def create_empty_buffers(k: Machine, page: Page) -> None:
    """Give a page its buffers."""
    page.flags |= PG_private
    page.refcount += 1


@kernel_function
def block_commit_write(k: Machine, page: Page) -> None:
    """What was asked for may be written now: its buffers are up to date and dirty."""
    mark_buffer_dirty(k, page)


@kernel_function
def mark_buffer_dirty(k: Machine, page: Page) -> None:
    """A dirty buffer makes its page dirty, and that its inode."""
    if page.flags & PG_dirty:
        return
    page.flags |= PG_dirty
    mapping = page.mapping
    if mapping is not None:
        __set_page_dirty(k, page, mapping)
        __mark_inode_dirty(k, mapping.inode, I_DIRTY_PAGES)


@kernel_function
def __set_page_dirty_buffers(k: Machine, page: Page) -> bool:
    """Dirty the page and with it all of its buffers; says whether it was clean."""
    newly = not page.flags & PG_dirty
    page.flags |= PG_dirty
    if newly and page.mapping is not None:
        __set_page_dirty(k, page, page.mapping)
        __mark_inode_dirty(k, page.mapping.inode, I_DIRTY_PAGES)
    return newly


@kernel_function
def __set_page_dirty(k: Machine, page: Page, mapping: AddressSpace) -> None:
    """A page has become dirty: count it, and mark its slot in the page cache's index."""
    tag_dirty(k, page, mapping)


@kernel_function(file="mm/filemap.c")
def try_to_release_page(k: Machine, page: Page) -> bool:
    """Take the buffers off a locked page, with the reference that they hold; not from one that is being written."""
    if page.flags & PG_writeback:
        return False
    page.flags &= ~PG_private
    put_page(k, page)
    return True
