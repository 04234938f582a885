"""Dirty pages: pages of the page cache that the program has changed and the disk does not know of yet.

A page is *clean*, then *dirty* (PG_dirty), then under *writeback* (PG_writeback) while the disk takes it, and clean
again. The page cache's index marks which pages are in which state, so that nobody has to look at all of them.

Rules for callers:
    * `set_page_dirty` when a page has changed; the page is locked, or mapped and its PTE just taken away.
    * `clear_page_dirty_for_io` under the page lock, then `set_page_writeback`, then unlock and submit the write.
    * `end_page_writeback` from the interrupt that ends the write. `wait_on_page_writeback` sleeps until then.

Who writes them when nobody asks is fs/wb_writeback.py; who is held up when there are too many, balance_dirty_pages.py.

Linux 5.10: mm/page-writeback.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.page_flags import PG_dirty, PG_readahead, PG_reclaim, PG_writeback
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.node_stat import count_dirty, count_writeback
from webapp.kernel.mm.page_cache import wait_on_page_bit_common, wake_up_page
from webapp.kernel.mm.rmap import page_mkclean
from webapp.kernel.mm.swap import rotate_reclaimable_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.writeback import WritebackControl
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/page-writeback.c"


# Dirtying.


@kernel_function
def set_page_dirty(k: Machine, page: Page) -> bool:
    """The page has changed: note it the way its file system wants; says whether the page was clean.

    PG_readahead is cleared on the way, since that bit means PG_reclaim for a page that is written to.
    """
    if page.mapping is not None and page.mapping._a_ops is not None:
        page.flags &= ~PG_readahead
        return page.mapping._a_ops.set_page_dirty(k, page)
    newly = not page.flags & PG_dirty
    page.flags |= PG_dirty
    return newly


@kernel_function
def __set_page_dirty_no_writeback(k: Machine, page: Page) -> bool:
    """Dirtying memory that has no disk behind it: only the flag, no accounting."""
    newly = not page.flags & PG_dirty
    page.flags |= PG_dirty
    return newly


@kernel_function
def account_page_dirtied(k: Machine, page: Page, mapping: AddressSpace) -> None:
    """Count a clean page that has become dirty: for the machine, and for the task that did it."""
    count_dirty(k, 1)
    k.vmstat.nr_dirtied += 1
    k.wb._dirtied.add(1)
    k.wb._bdp_ratelimits += 1
    k.current.nr_dirtied += 1


def tag_dirty(k: Machine, page: Page, mapping: AddressSpace) -> None:
    """Account for the page and mark its slot of the index: PAGECACHE_TAG_DIRTY."""
    account_page_dirtied(k, page, mapping)
    mapping._dirty.add(page.index)
    mapping.tag_dirty = len(mapping._dirty)
    k.stage("dirty", f"page {page.index} of {mapping.inode.name} is dirty: the disk has older bytes", page=page.ref)


@kernel_function
def redirty_page_for_writepage(k: Machine, wbc: WritebackControl, page: Page) -> None:
    """The page was to be written and could not be: it is dirty again, which does not count as dirtied once more."""
    if set_page_dirty(k, page):
        k.vmstat.nr_dirtied -= 1
        k.wb._dirtied.add(-1)
        k.current.nr_dirtied -= 1


# Cleaning.


@kernel_function
async def do_writepages(k: Machine, mapping: AddressSpace, wbc: WritebackControl) -> int:
    """Let the file system write dirty pages of one file; may sleep. 0 or a negative errno."""
    assert mapping._a_ops is not None
    assert mapping._a_ops.writepages is not None
    return await mapping._a_ops.writepages(k, mapping, wbc)


@kernel_function
def tag_pages_for_writeback(k: Machine, mapping: AddressSpace, start: int, end: int) -> None:
    """Mark the pages start..end that are dirty now (PAGECACHE_TAG_TOWRITE).

    Pages that become dirty later are not waited for, or a program that keeps writing would keep fsync busy for ever.
    """
    mapping._towrite |= {index for index in mapping._dirty if start <= index <= end}


@kernel_function
def clear_page_dirty_for_io(k: Machine, page: Page) -> bool:
    """The page is about to be written: take its dirty mark away, from its PTEs too; false if it was clean.

    First the PTEs: they become read-only, so that the next store is noticed. If one of them was dirty, that goes to
    the page, where it is cleared a moment later: nothing can get lost between the two.
    """
    if page_mkclean(k, page):
        set_page_dirty(k, page)
    if not page.flags & PG_dirty:
        return False
    page.flags &= ~PG_dirty
    count_dirty(k, -1)
    return True


def account_page_cleaned(k: Machine, page: Page, mapping: AddressSpace) -> None:
    """A dirty page is clean without having been written: its file no longer has it."""
    count_dirty(k, -1)


@kernel_function(file="include/linux/page-flags.h", inlined=True)
def set_page_writeback(k: Machine, page: Page) -> None:
    """The page goes to the disk now."""
    __test_set_page_writeback(k, page)


@kernel_function
def __test_set_page_writeback(k: Machine, page: Page) -> None:
    """Set PG_writeback and move the page's mark in the index from dirty to writeback."""
    mapping = page.mapping
    assert mapping is not None
    page.flags |= PG_writeback
    mapping._writeback.add(page.index)
    if not page.flags & PG_dirty:
        mapping._dirty.discard(page.index)
    mapping._towrite.discard(page.index)
    mapping.tag_dirty, mapping.tag_writeback = len(mapping._dirty), len(mapping._writeback)
    count_writeback(k, 1)
    k.stage("writeback", f"page {page.index} of {mapping.inode.name} is under writeback", page=page.ref)


@kernel_function(file="mm/filemap.c")
def end_page_writeback(k: Machine, page: Page) -> None:
    """The disk has the page: clear PG_writeback and wake whoever waits for that. Reclaim may have waited for it too."""
    if page.flags & PG_reclaim:
        page.flags &= ~PG_reclaim
        rotate_reclaimable_page(k, page)
    test_clear_page_writeback(k, page)
    wake_up_page(k, page, PG_writeback)


@kernel_function
def test_clear_page_writeback(k: Machine, page: Page) -> None:
    """Clear the flag and the mark in the index. A page that was written to meanwhile is dirty again and stays so."""
    mapping = page.mapping
    assert mapping is not None
    page.flags &= ~PG_writeback
    mapping._writeback.discard(page.index)
    mapping.tag_writeback = len(mapping._writeback)
    count_writeback(k, -1)
    k.vmstat.nr_written += 1
    k.wb._written.add(1)
    k.stage("writeback", f"page {page.index} of {mapping.inode.name} is on the disk", page=page.ref)


@kernel_function
async def wait_on_page_writeback(k: Machine, page: Page) -> None:
    """Sleep until the page is on the disk; it may be dirty again by then."""
    while page.flags & PG_writeback:
        await wait_on_page_bit_common(k, page, PG_writeback)
