"""Taking pages out of a file's cache: because the file ends before them, or because nobody wants them.

Two ways, and they differ in what they spare:

    * *Truncation* spares nothing. The file no longer has these pages, so they go, mapped or dirty or not, and it waits
      for those that are being read or written. Of the page in which the file now ends, the rest is zeroed.
    * *Invalidation* is only a wish to have memory back. It takes what is clean, unmapped and not in use, and waits for
      nothing.

Linux 5.10: mm/truncate.c.  Not modelled: huge pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.fs.buffer import block_invalidatepage, try_to_release_page
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_mappedtodisk, PG_private, PG_writeback
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_cache import delete_from_page_cache, lock_page, pages_in, trylock_page, unlock_page
from webapp.kernel.mm.page_writeback import account_page_cleaned, wait_on_page_writeback
from webapp.kernel.mm.shadow_nodes import workingset_update_node
from webapp.kernel.mm.swap import deactivate_file_page, put_page
from webapp.kernel.mm.unmap_mapping import unmap_mapping_page, unmap_mapping_pages
from webapp.kernel.mm.vmscan_pages import __remove_mapping
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace, Inode
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine


# Truncation.


@kernel_function
async def truncate_pagecache(k: Machine, inode: Inode, newsize: int) -> None:
    """Drop what the cache holds of a file behind byte ``newsize``; i_size says so already; may sleep.

    First the PTEs go, in one sweep over the mappings, private copies included: such an access is SIGBUS from now on.
    They are swept once more at the end, since a private page may have been copied while the pages were being dropped.
    """
    mapping, first = inode.mapping, pages_in(newsize)
    await unmap_mapping_pages(k, mapping, first, 0, True)
    await truncate_inode_pages_range(k, mapping, newsize)
    await unmap_mapping_pages(k, mapping, first, 0, True)


@kernel_function
async def truncate_inode_pages_range(k: Machine, mapping: AddressSpace, lstart: int) -> None:
    """Drop the pages from byte ``lstart`` to the end of the file; may sleep.

    Two passes: the first takes all that is not busy, the second waits for the rest. Between them, the page that
    ``lstart`` lies in stays, and its bytes from there on become zeros.
    """
    if not mapping.nrpages and not mapping.nrexceptional:
        return
    start = pages_in(lstart)
    clear_shadow_entries(k, mapping, start)
    for page in pages_from(mapping, start):
        if page.mapping is mapping and trylock_page(page):
            page.refcount += 1
            if not page.flags & PG_writeback:
                await truncate_inode_page(k, page)
            unlock_page(k, page)
            put_page(k, page)
            await cond_resched()
    if lstart & (PAGE_SIZE - 1):
        await zero_partial_page(k, mapping, lstart)
    while busy := pages_from(mapping, start):
        page = busy[0]
        page.refcount += 1
        await lock_page(k, page)
        await wait_on_page_writeback(k, page)
        if page.mapping is mapping:
            await truncate_inode_page(k, page)
        unlock_page(k, page)
        put_page(k, page)


def clear_shadow_entries(k: Machine, mapping: AddressSpace, start: int) -> None:
    """Forget what is remembered of evicted pages from ``start`` on: the file has no such pages any more."""
    for index in [index for index in mapping._shadows if index >= start]:
        mapping.note(index, mapping._shadows.pop(index), None)
        mapping.nrexceptional -= 1
        workingset_update_node(k, mapping, index, 0, -1)


async def zero_partial_page(k: Machine, mapping: AddressSpace, lstart: int) -> None:
    """Zero the page that ``lstart`` lies in from there on, if it is cached; may sleep."""
    page = mapping._pages.get(lstart >> PAGE_SHIFT)
    if page is None:
        return
    page.refcount += 1
    await lock_page(k, page)
    if page.mapping is mapping:
        await wait_on_page_writeback(k, page)
        offset = lstart & (PAGE_SIZE - 1)
        k.ram.frame(page.pfn)[offset:] = bytes(PAGE_SIZE - offset)
        k.stage("note", f"page {page.index} is zeroed from byte {offset} on", page=page.ref)
        if page.flags & PG_private:
            block_invalidatepage(k, page, offset, PAGE_SIZE - offset)
    unlock_page(k, page)
    put_page(k, page)


def pages_from(mapping: AddressSpace, start: int) -> list[Page]:
    """The cached pages from ``start`` on, in the order of the file."""
    return [mapping._pages[index] for index in sorted(mapping._pages) if index >= start]


async def truncate_inode_page(k: Machine, page: Page) -> None:
    """Drop one locked page, to which the caller has a reference. Its changes are lost; may sleep."""
    await truncate_cleanup_page(k, page)
    delete_from_page_cache(k, page)


@kernel_function(inlined=True)
async def truncate_cleanup_page(k: Machine, page: Page) -> None:
    """Unmap the page, take its buffers away, and forget that it was dirty; may sleep."""
    if page.mapcount:
        await unmap_mapping_page(k, page)
    if page.flags & PG_private:
        block_invalidatepage(k, page, 0, PAGE_SIZE)
    cancel_dirty_page(k, page)
    page.flags &= ~PG_mappedtodisk


def cancel_dirty_page(k: Machine, page: Page) -> None:
    """A dirty page that will never be written: it no longer counts, and the index no longer marks it."""
    mapping = page.mapping
    assert mapping is not None
    if page.flags & PG_dirty:
        page.flags &= ~PG_dirty
        account_page_cleaned(k, page, mapping)
    mapping._dirty.discard(page.index)
    mapping._towrite.discard(page.index)
    mapping.tag_dirty = len(mapping._dirty)


# Invalidation.


@kernel_function
async def invalidate_mapping_pages(k: Machine, mapping: AddressSpace, start: int, end: int) -> int:
    """Drop the pages of start..end that nobody needs; how many. Waits for nothing.

    Left alone are pages that are locked, dirty, under writeback or mapped, and those that wait in a pagevec: that is a
    reference too. What is left alone goes where reclaim looks first.
    """
    return (await __invalidate_mapping_pages(k, mapping, start, end))[0]


@kernel_function(inlined=True)
async def __invalidate_mapping_pages(k: Machine, mapping: AddressSpace, start: int, end: int) -> tuple[int, int]:
    """How many pages of the range were dropped, and how many unlocked ones could not be."""
    dropped = spared = 0
    for page in pages_from(mapping, start):
        if page.index > end:
            break
        if page.mapping is not mapping or not trylock_page(page):
            continue
        page.refcount += 1
        done = invalidate_inode_page(k, page)
        unlock_page(k, page)
        if not done:
            deactivate_file_page(k, page)
        put_page(k, page)
        dropped, spared = dropped + done, spared + (not done)
        await cond_resched()
    return dropped, spared


@kernel_function
def invalidate_inode_page(k: Machine, page: Page) -> bool:
    """Drop one locked page if it is clean and unmapped, and if nobody but the cache and the caller has it."""
    if page.flags & (PG_dirty | PG_writeback) or page.mapcount:
        return False
    if page.flags & PG_private and not try_to_release_page(k, page):
        return False
    mapping = page.mapping
    return mapping is not None and __remove_mapping(k, mapping, page, False, None)
