"""From dirty pages to write requests: which pages, in what order, and one bio for neighbours.

Interface: `ext4_writepages` writes the dirty pages of a range of one file. It submits the bios and does not wait for
them; PG_writeback tells, page by page, when they are done.

Pages that have a block go at once. Pages that only have the promise of one wait, locked, until their run of neighbours
is complete; then the run gets its blocks together, and goes as one request.

Linux 5.10: fs/ext4/inode.c.  Not modelled: transactions, fewer bytes in a block than in a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.fs.ext4.extents import block_of, ext4_map_blocks
from webapp.kernel.fs.ext4.page_io import Ext4IoSubmit, ext4_bio_write_page, ext4_io_submit
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_writeback
from webapp.kernel.include.linux.writeback import LLONG_MAX
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_cache import lock_page, unlock_page
from webapp.kernel.mm.page_writeback import (
    clear_page_dirty_for_io,
    redirty_page_for_writepage,
    tag_pages_for_writeback,
    wait_on_page_writeback,
)
from webapp.kernel.mm.swap import put_page
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace, Inode
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.writeback import WritebackControl
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/ext4/inode.c"


@dataclass
class MpageDaData:
    """struct mpage_da_data: one call of ext4_writepages being carried out, over pages ``first_page``..``last_page``."""

    inode: Inode
    wbc: WritebackControl
    first_page: int
    last_page: int
    io_submit: Ext4IoSubmit = field(init=False)
    map: list[Page] = field(default_factory=list)  # locked neighbours that still need blocks

    def __post_init__(self) -> None:
        self.io_submit = Ext4IoSubmit(self.inode, self.wbc)

    def brief(self) -> dict[str, int | str]:
        """What a stage shows of it."""
        return {"inode": self.inode.ref, "first_page": self.first_page, "last_page": self.last_page}


@kernel_function
def ext4_writepage(k: Machine, page: Page, wbc: WritebackControl) -> int:
    """Write one locked page, for reclaim (pageout), and unlock it. 0.

    Choosing a block for it would need memory and locks that the caller may hold. So a page that was only promised one
    becomes dirty again, and waits for ext4_writepages.
    """
    mapping = page.mapping
    assert mapping is not None
    inode = mapping.inode
    if block_of(inode, page.index) is None:
        redirty_page_for_writepage(k, wbc, page)
        unlock_page(k, page)
        return 0
    io = Ext4IoSubmit(inode, wbc)
    ret = ext4_bio_write_page(k, io, page, min(inode.i_size - (page.index << PAGE_SHIFT), PAGE_SIZE))
    ext4_io_submit(k, io)
    return ret


@kernel_function
async def ext4_writepages(k: Machine, mapping: AddressSpace, wbc: WritebackControl) -> int:
    """Write the dirty pages of the range that ``wbc`` gives; may sleep for page locks and for earlier writes.

    The flusher goes on where it ended the last time (range_cyclic), and when it comes to the end, does what lies before
    that.
    """
    if not mapping.nrpages or not mapping._dirty:
        return 0
    first_page, last_page = wbc.range_start >> PAGE_SHIFT, wbc.range_end >> PAGE_SHIFT
    if wbc.range_cyclic:
        first_page = mapping.writeback_index
    mpd = MpageDaData(mapping.inode, wbc, first_page, last_page)
    ret = await write_range(k, mapping, mpd)
    if wbc.range_cyclic and first_page and wbc.nr_to_write > 0:
        mpd.first_page, mpd.last_page = 0, first_page - 1
        ret = await write_range(k, mapping, mpd)
    whole = wbc.range_start == 0 and wbc.range_end == LLONG_MAX
    if wbc.range_cyclic or (whole and wbc.nr_to_write > 0):
        mapping.writeback_index = mpd.first_page
    return ret


async def write_range(k: Machine, mapping: AddressSpace, mpd: MpageDaData) -> int:
    """One pass over the pages; may sleep. The last bio, which may not be full, is submitted at its end."""
    if mpd.wbc.tagged:
        tag_pages_for_writeback(k, mapping, mpd.first_page, mpd.last_page)
    ret = await mpage_prepare_extent_to_map(k, mpd)
    mpage_map_and_submit_extent(k, mpd)
    ext4_io_submit(k, mpd.io_submit)
    return ret


@kernel_function
async def mpage_prepare_extent_to_map(k: Machine, mpd: MpageDaData) -> int:
    """Go through the marked pages in the order of the file, lock each, and submit those that are still dirty."""
    mapping, wbc = mpd.inode.mapping, mpd.wbc
    syncing, last_page = wbc.sync_mode == "WB_SYNC_ALL", mpd.last_page
    for index in sorted(mapping._towrite if wbc.tagged else mapping._dirty):
        if not mpd.first_page <= index <= last_page:
            continue
        if not syncing and wbc.nr_to_write <= 0:
            break
        await cond_resched()
        page = mapping._pages.get(index)
        if page is None:  # truncated meanwhile
            continue
        page.refcount += 1
        await lock_page(k, page)
        if not page.flags & PG_dirty or (page.flags & PG_writeback and not syncing) or page.mapping is not mapping:
            unlock_page(k, page)
        else:
            await wait_on_page_writeback(k, page)
            mpage_process_page_bufs(k, mpd, page)
        put_page(k, page)
    return 0


@kernel_function
def mpage_process_page_bufs(k: Machine, mpd: MpageDaData, page: Page) -> None:
    """If the page's block is known, the page can go at once. If not, it joins the run of those that need blocks."""
    if mpd.map and (block_of(mpd.inode, page.index) is not None or mpd.map[-1].index + 1 != page.index):
        mpage_map_and_submit_extent(k, mpd)
    if block_of(mpd.inode, page.index) is not None:
        mpage_submit_page(k, mpd, page)
    else:
        mpd.map.append(page)


@kernel_function
def mpage_map_and_submit_extent(k: Machine, mpd: MpageDaData) -> None:
    """Give the run of locked pages its blocks, all in a row, and submit the pages."""
    pages, mpd.map = mpd.map, []
    if not pages:
        return
    ext4_map_blocks(k, mpd.inode, pages[0].index, len(pages))
    for page in pages:
        mpage_submit_page(k, mpd, page)


@kernel_function
def mpage_submit_page(k: Machine, mpd: MpageDaData, page: Page) -> None:
    """Make a locked dirty page clean and hand it over for writing.

    In this order: as soon as clear_page_dirty_for_io has write-protected it, nobody can change it unnoticed.
    """
    clear_page_dirty_for_io(k, page)
    ext4_bio_write_page(k, mpd.io_submit, page, min(mpd.inode.i_size - (page.index << PAGE_SHIFT), PAGE_SIZE))
    mpd.wbc.nr_to_write -= 1
    mpd.first_page = page.index + 1
