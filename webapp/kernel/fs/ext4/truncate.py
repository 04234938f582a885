"""Changing the size of an ext4 file: the size first, then the page cache, then the blocks.

In this order nobody can see a block that is already free: as soon as the size is smaller, no access reaches it any
more; then nothing in memory leads to it; then it goes.

Linux 5.10: fs/ext4/inode.c.  Not modelled: the list of inodes whose truncation a crash would interrupt (orphans).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.fs.buffer import create_empty_buffers, ll_rw_block, mark_buffer_dirty
from webapp.kernel.fs.ext4.extents import block_of, ext4_ext_truncate
from webapp.kernel.fs.fs_writeback import __mark_inode_dirty
from webapp.kernel.fs.inode import update_mtime
from webapp.kernel.include.linux.fs import I_DIRTY_SYNC, Inode
from webapp.kernel.include.linux.page_flags import PG_private, PG_uptodate
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap import FGP_CREAT, FGP_LOCK, pagecache_get_page
from webapp.kernel.mm.page_cache import pages_in, unlock_page
from webapp.kernel.mm.swap import put_page
from webapp.kernel.mm.truncate import truncate_pagecache

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/ext4/inode.c"


@kernel_function
async def ext4_setattr(k: Machine, inode: Inode, ia_size: int) -> int:
    """Set the size of a file; the caller holds its lock; may sleep. 0 or a negative errno.

    Longer: only the number changes. What lies between is a hole, and no block is needed for it.
    """
    oldsize = inode.i_size
    if ia_size != oldsize:
        inode.i_size = ia_size
        inode._transaction = inode._datasync = True
        k.stage("note", f"{inode.name} has {ia_size} bytes now instead of {oldsize}")
    update_mtime(k, inode)
    await truncate_pagecache(k, inode, ia_size)
    error = await ext4_truncate(k, inode) if ia_size <= oldsize else 0
    if not error:
        __mark_inode_dirty(k, inode, I_DIRTY_SYNC)
    return error


@kernel_function
async def ext4_truncate(k: Machine, inode: Inode) -> int:
    """Free the blocks behind the end of the file, and zero the rest of the block that it ends in; may sleep."""
    error = await ext4_block_truncate_page(k, inode, inode.i_size) if inode.i_size & (PAGE_SIZE - 1) else 0
    if not error:
        ext4_ext_truncate(k, inode, pages_in(inode.i_size))
    return error


@kernel_function
async def ext4_block_truncate_page(k: Machine, inode: Inode, start: int) -> int:
    """Zero the block that byte ``start`` lies in from there on, on its way to the disk; may sleep. 0 or an errno.

    If the file grew again later, what was cut off would otherwise come back. For that the block may have to be read.
    """
    index, offset = start >> PAGE_SHIFT, start & (PAGE_SIZE - 1)
    page = await pagecache_get_page(k, inode.mapping, index, FGP_LOCK | FGP_CREAT)
    if page is None:
        return -ENOMEM
    if not page.flags & PG_private:
        await create_empty_buffers(k, page)
    error = 0
    if block_of(inode, index) is not None or index in inode._delayed:
        if not page.flags & PG_uptodate and not page._buffer_uptodate:
            error = await ll_rw_block(k, page)
        if not error:
            k.ram.frame(page.pfn)[offset:] = bytes(PAGE_SIZE - offset)
            mark_buffer_dirty(k, page)
    unlock_page(k, page)
    put_page(k, page)
    return error
