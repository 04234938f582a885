"""Readahead: reading pages before they are asked for.

A file remembers one window (file_ra_state): ``size`` pages from ``start``, of which the last ``async_size``
have not been needed yet. The first of those carries the marker PG_readahead; whoever touches it starts the
next window, so that the reader never has to wait if it is slower than the disk.

Interface:
    * `page_cache_sync_ra`: the page is missing.  `page_cache_async_ra`: the marker was hit.
    * `do_page_cache_ra` reads a window as told; `force_page_cache_ra` reads without touching the window.
    * All only submit reads. New pages are locked in the page cache until their read is done.

Linux 5.10: mm/readahead.c.  All numbers are pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.fs.ext4.readpage import ext4_readahead
from webapp.kernel.include.linux.fs import FMODE_RANDOM, FileRaState, ReadaheadControl
from webapp.kernel.include.linux.gfp import GFP_READAHEAD
from webapp.kernel.include.linux.mm_types import Page
from webapp.kernel.include.linux.page_flags import PG_readahead, PG_writeback
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import (
    add_to_page_cache_lru,
    page_cache_next_miss,
    page_cache_prev_miss,
    page_is_cached,
)
from webapp.kernel.mm.swap import put_page

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

IO_PAGES = 320  # the most that the device takes in one request (max_sectors_kb 1280)
FORCE_CHUNK = 512  # 2 MiB at a time


def roundup_pow_of_two(number: int) -> int:
    """The smallest power of two that is not below ``number``."""
    return 1 << (number - 1).bit_length()


def get_init_ra_size(size: int, max_pages: int) -> int:
    """The first window for a request: larger than asked, four times for small ones, twice for middling ones."""
    window = roundup_pow_of_two(size)
    if window <= max_pages // 32:
        return window * 4
    if window <= max_pages // 4:
        return window * 2
    return max_pages


def get_next_ra_size(ra: FileRaState, max_pages: int) -> int:
    """The window after this one: it doubles (at first quadruples) until it reaches the maximum."""
    if ra.size < max_pages // 16:
        return 4 * ra.size
    if ra.size <= max_pages // 2:
        return 2 * ra.size
    return max_pages


@kernel_function
async def page_cache_sync_ra(k: Machine, ractl: ReadaheadControl, req_count: int) -> None:
    """A page is missing: read it and, if the access looks sequential, what follows."""
    force = bool(ractl.file.f_mode & FMODE_RANDOM)
    if not ractl.ra.ra_pages:
        force, req_count = True, 1
    if force:
        await force_page_cache_ra(k, ractl, req_count)
    else:
        await ondemand_readahead(k, ractl, False, req_count)


@kernel_function
async def page_cache_async_ra(k: Machine, ractl: ReadaheadControl, page: Page, req_count: int) -> None:
    """The marker was hit: take it off and read the next window, for which nobody waits yet."""
    if not ractl.ra.ra_pages or page.flags & PG_writeback:
        return
    page.flags &= ~PG_readahead
    k.stage("note", f"the marker on page {page.index} has done its work and is cleared", page=page.ref)
    await ondemand_readahead(k, ractl, True, req_count)


@kernel_function
async def ondemand_readahead(k: Machine, ractl: ReadaheadControl, hit_readahead_marker: bool, req_size: int) -> None:
    """Choose the next window from the last one, or from what is cached around the page.

    Start of the file, or a large or consecutive read: a first window. The page is where the last window said
    the reader would come: the next, larger window. A marker of some other stream: continue after what is
    cached. Otherwise, pages cached just before suggest a stream; nothing cached means a random read.
    """
    ra, index = ractl.ra, ractl.index
    max_pages = ra.ra_pages
    if req_size > max_pages and max_pages < IO_PAGES:
        max_pages = min(req_size, IO_PAGES)
    if index and index in (ra.start + ra.size - ra.async_size, ra.start + ra.size):
        ra.start += ra.size
        ra.size = get_next_ra_size(ra, max_pages)
        ra.async_size = ra.size
    elif index and hit_readahead_marker:
        start = page_cache_next_miss(ractl.mapping, index + 1, max_pages)
        if start - index > max_pages:
            return
        ra.start = start
        ra.size = start - index + req_size
        ra.size = get_next_ra_size(ra, max_pages)
        ra.async_size = ra.size
    elif not index or req_size > max_pages or (index - (ra.prev_pos >> PAGE_SHIFT)) & 0xFFFFFFFF <= 1:
        ra.start, ra.size = index, get_init_ra_size(req_size, max_pages)
        ra.async_size = ra.size - req_size if ra.size > req_size else ra.size
    elif not try_context_readahead(ractl, req_size, max_pages):
        k.stage("note", f"page {index} looks like a random read: no window, {req_size} pages", index=index)
        await do_page_cache_ra(k, ractl, req_size, 0)
        return
    if index == ra.start and ra.size == ra.async_size:
        merge_next_window(ra, max_pages)
    k.stage(
        "ra-window",
        f"next window: start {ra.start}, size {ra.size}, async {ra.async_size}",
        start=ra.start, size=ra.size, async_size=ra.async_size,
    )  # fmt: skip
    ractl.index = ra.start
    await do_page_cache_ra(k, ractl, ra.size, ra.async_size)


def merge_next_window(ra: FileRaState, max_pages: int) -> None:
    """The reader needs the whole window at once: append the next one, so that there is something ahead."""
    add_pages = get_next_ra_size(ra, max_pages)
    if ra.size + add_pages <= max_pages:
        ra.async_size = add_pages
        ra.size += add_pages
    else:
        ra.size = max_pages
        ra.async_size = max_pages >> 1


def try_context_readahead(ractl: ReadaheadControl, req_size: int, max_pages: int) -> bool:
    """Judge by the pages cached just before: a run longer than the request looks like a stream."""
    ra, index = ractl.ra, ractl.index
    size = index - 1 - page_cache_prev_miss(ractl.mapping, index - 1, max_pages)
    if size <= req_size:
        return False
    if size >= index:
        size *= 2
    ra.start = index
    ra.size = min(size + req_size, max_pages)
    ra.async_size = 1
    return True


@kernel_function
async def force_page_cache_ra(k: Machine, ractl: ReadaheadControl, nr_to_read: int) -> None:
    """Read as told, without window or marker: at most what the device takes in one request, 2 MiB at a time."""
    index = ractl.index
    nr_to_read = min(nr_to_read, max(IO_PAGES, ractl.ra.ra_pages))
    while nr_to_read:
        chunk = min(FORCE_CHUNK, nr_to_read)
        ractl.index = index
        await do_page_cache_ra(k, ractl, chunk, 0)
        index += chunk
        nr_to_read -= chunk


@kernel_function
async def do_page_cache_ra(k: Machine, ractl: ReadaheadControl, nr_to_read: int, lookahead_size: int) -> None:
    """Read a window, but not past the end of the file."""
    size = ractl.file.inode.i_size
    if size == 0:
        return
    end_index = (size - 1) >> PAGE_SHIFT
    if ractl.index > end_index:
        return
    await page_cache_ra_unbounded(k, ractl, min(nr_to_read, end_index - ractl.index + 1), lookahead_size)


@kernel_function
async def page_cache_ra_unbounded(k: Machine, ractl: ReadaheadControl, nr_to_read: int, lookahead_size: int) -> None:
    """Put an empty page into the cache for every page that is not there, and send off the reads.

    The page ``lookahead_size`` before the end gets the marker. Pages already cached are skipped; each of them
    ends a batch, because one read covers neighbouring blocks.
    """
    start, mapping = ractl.index, ractl.mapping
    for i in range(nr_to_read):
        index = start + i
        if page_is_cached(mapping, index):
            read_pages(k, ractl)
            ractl.index = index + 1
            continue
        page = await __alloc_pages_nodemask(k, GFP_READAHEAD)
        if page is None:  # nobody needs these pages yet: read what there is, and no more
            break
        if await add_to_page_cache_lru(k, page, mapping, index, GFP_READAHEAD):
            put_page(k, page)
            read_pages(k, ractl)
            ractl.index = index + 1
            continue
        if i == nr_to_read - lookahead_size:
            page.flags |= PG_readahead
            k.stage("note", f"page {index} gets the marker PG_readahead", page=page.ref)
        ractl.nr_pages += 1
    read_pages(k, ractl)


@kernel_function
def read_pages(k: Machine, ractl: ReadaheadControl) -> None:
    """Hand the batch of new pages to the file system, which knows where their blocks are."""
    if not ractl.nr_pages:
        return
    ext4_readahead(k, ractl)
    for index in range(ractl.index, ractl.index + ractl.nr_pages):
        put_page(k, ractl.mapping._pages[index])
    ractl.index += ractl.nr_pages
    ractl.nr_pages = 0
