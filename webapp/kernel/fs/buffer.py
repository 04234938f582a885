"""Buffers: which blocks of the disk the parts of a page belong to, and which of them must be written.

With blocks of 4 KiB a page has one buffer. It comes when the page is first made dirty, or written to. PG_private says
that it is there, it is dirty whenever the page is, and it holds a reference to the page. It may be up to date before
the page is: when its block was read on the way to changing a part of it.

Linux 5.10: fs/buffer.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.block.blk_core import submit_bio
from webapp.kernel.fs.ext4.extents import block_of
from webapp.kernel.fs.fs_writeback import __mark_inode_dirty
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.bio import SECTORS_PER_PAGE, Bio
from webapp.kernel.include.linux.fs import I_DIRTY_PAGES, I_DIRTY_SYNC
from webapp.kernel.include.linux.gfp import GFP_NOFS
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_private, PG_uptodate, PG_writeback
from webapp.kernel.include.uapi.asm_generic.errno import EFAULT, EIO
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import obj_cgroup_charge, obj_cgroup_uncharge
from webapp.kernel.mm.page_cache import lock_page, unlock_page
from webapp.kernel.mm.page_writeback import set_page_dirty, tag_dirty
from webapp.kernel.mm.swap import put_page
from webapp.kernel.sched.core import io_schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace, Inode
    from webapp.kernel.include.linux.mm_types import Page, VmArea, VmFault
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

BUFFER_HEAD_BYTES = 68  # of a struct buffer_head, with the pointer to the group that pays for it


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
    end = min(inode.i_size - (page.index << PAGE_SHIFT), PAGE_SIZE)
    ret = await __block_write_begin(k, page, 0, end)
    if not ret:
        block_commit_write(k, page)
        set_page_dirty(k, page)
    else:
        unlock_page(k, page)
    return ret


@kernel_function
async def __block_write_begin(k: Machine, page: Page, start: int, end: int) -> int:
    """Make sure that bytes start..end of a locked page can be written to; may sleep. 0 or -EIO.

    The block that will take them must be known, or at least promised. What of the page is *not* written to must be
    right too: in a hole those bytes are zeros; a block that exists is read first, unless all of it will be overwritten.
    """
    if not page.flags & PG_private:
        await create_empty_buffers(k, page)
    assert page.mapping is not None
    inode = page.mapping.inode
    if block_of(inode, page.index) is None:
        new = ext4_da_get_block_prep(k, inode, page.index)
        if new and not page.flags & PG_uptodate:
            frame = k.ram.frame(page.pfn)
            frame[:start], frame[end:] = bytes(start), bytes(PAGE_SIZE - end)
    elif not page.flags & PG_uptodate and not page._buffer_uptodate and (start > 0 or end < PAGE_SIZE):
        return await ll_rw_block(k, page)
    return 0


@kernel_function(file="fs/ext4/inode.c")
def ext4_da_get_block_prep(k: Machine, inode: Inode, index: int) -> bool:
    """The page has no block: promise it one, and put off the choice which. True if this promise is new.

    That is delayed allocation: at write-back it is known how many neighbours come with the page, and if the file is
    deleted before, no block was ever needed.
    """
    if index in inode._delayed:
        return False
    inode._delayed.add(index)
    k.stage("note", f"page {index} of {inode.name} has no block: one is promised and chosen at write-back", index=index)
    return True


@kernel_function
async def ll_rw_block(k: Machine, page: Page) -> int:
    """Read the block of a page that is going to be changed in part, and wait for it; may sleep. 0 or -EIO."""
    assert page.mapping is not None
    inode, task = page.mapping.inode, k.current
    sector = block_of(inode, page.index)
    assert sector is not None
    bio = Bio(
        k.journal, op="R", inode=inode, sector=sector, nr_sectors=SECTORS_PER_PAGE, pages=[page.index, page.index],
        submitted=k.now, _pages=[page],
    )  # fmt: skip
    submit_bio(k, bio, lambda k, bio: end_buffer_read_sync(k, bio, task))
    while bio.state != "done":
        task.state, task.waiting, task._until = "sleeping", bio.ref, "done"
        await io_schedule(k)
    return 0 if page._buffer_uptodate else -EIO


@kernel_function
def end_buffer_read_sync(k: Machine, bio: Bio, task: Task) -> None:
    """The block has been read: wake who waits for it. The page as a whole is not up to date by that."""
    if bio.bi_status == "BLK_STS_OK":
        for page in bio._pages:
            k.ram.frame(page.pfn)[:] = content(bio.inode, page.index)
            page._buffer_uptodate = True
    k.stage("io-done", f"{bio.op} sector {bio.sector} + {bio.nr_sectors} is done: page {bio.pages[0]}", bio=bio.ref)
    wake_up_process(k, task)


@kernel_function
async def create_empty_buffers(k: Machine, page: Page) -> None:
    """Give a page its buffers, one here; may sleep, as the group of the process pays for it."""
    page._buffer_memcg = k.memcg if k.memcg is not None and k.current.mm is not None else None
    await obj_cgroup_charge(k, BUFFER_HEAD_BYTES, GFP_NOFS)
    page.flags |= PG_private
    page.refcount += 1


@kernel_function
def block_commit_write(k: Machine, page: Page) -> None:
    """What was asked for may be written now: its buffers are up to date and dirty, and with them the page."""
    page._buffer_uptodate = True
    mark_buffer_dirty(k, page)
    page.flags |= PG_uptodate


@kernel_function
def block_write_end(k: Machine, page: Page, start: int, length: int, copied: int) -> int:
    """``copied`` of ``length`` bytes from ``start`` on have been put into a locked page; how many of them count.

    A short copy into a page that was not up to date does not count at all: the rest of it would be garbage.
    """
    if copied < length and not page.flags & PG_uptodate:
        copied = 0
        if page.mapping is not None and block_of(page.mapping.inode, page.index) is None:
            k.ram.frame(page.pfn)[start : start + length] = bytes(length)
    if copied or start:
        block_commit_write(k, page)
    return copied


@kernel_function
def generic_write_end(k: Machine, mapping: AddressSpace, pos: int, length: int, copied: int, page: Page) -> int:
    """The end of write(2) for one page: mark it dirty, let the file grow, unlock. How many bytes count.

    The size changes under the page lock: a write-back that came between would zero the page behind the old end.
    """
    inode = mapping.inode
    copied = block_write_end(k, page, pos & (PAGE_SIZE - 1), length, copied)
    grown = pos + copied > inode.i_size
    if grown:
        inode.i_size = pos + copied
        inode._transaction = inode._datasync = True
        k.stage("note", f"{inode.name} has {inode.i_size} bytes now")
    unlock_page(k, page)
    put_page(k, page)
    if grown:
        __mark_inode_dirty(k, inode, I_DIRTY_SYNC)
    return copied


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


@kernel_function
def block_invalidatepage(k: Machine, page: Page, offset: int, length: int) -> None:
    """Bytes of a locked page are no longer the file's. If all of it is gone, its buffers go."""
    if length == PAGE_SIZE:
        try_to_release_page(k, page)


@kernel_function(file="mm/filemap.c")
def try_to_release_page(k: Machine, page: Page) -> bool:
    """Take the buffers off a locked page, with the reference that they hold; not from one that is being written."""
    if page.flags & PG_writeback:
        return False
    page.flags &= ~PG_private
    page._buffer_uptodate = False
    if page._buffer_memcg is not None:
        page._buffer_memcg = None
        obj_cgroup_uncharge(k, BUFFER_HEAD_BYTES)
    put_page(k, page)
    return True


@kernel_function
def block_read_full_page(k: Machine, page: Page) -> None:
    """The page that is to be read has its block in memory already: it only has to be said. Unlocks it."""
    page.flags |= PG_uptodate
    k.stage("note", f"page {page.index} is up to date: its block was read before", page=page.ref)
    unlock_page(k, page)
