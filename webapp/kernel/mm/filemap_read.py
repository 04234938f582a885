"""read(2) from the page cache: find each page, read ahead if it is missing, copy it to the program.

This is the other way into the page cache. A mapping lets the program use the cached pages themselves; read(2) gives it
copies. Both use the same pages, and the readahead window of the same open file: what one has read, the other finds.

Compared with a fault, read(2) knows more: how many pages are wanted, and where the last read ended (``prev_pos``). So
it starts with small windows that grow as long as the reads are sequential, where a fault reads around blindly.

Linux 5.10: mm/filemap.c.  Not modelled: O_DIRECT, non-blocking reads, signals that end a read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.fs.ext4.readpage import ext4_readpage
from webapp.kernel.include.linux.fs import S_MAXBYTES, AddressSpace, ReadaheadControl
from webapp.kernel.include.linux.gfp import GFP_HIGHUSER_MOVABLE
from webapp.kernel.include.linux.page_flags import PG_error, PG_readahead, PG_uptodate
from webapp.kernel.include.uapi.asm_generic.errno import EEXIST, EFAULT, EIO, ENOMEM
from webapp.kernel.lib.iov_iter import copy_page_to_iter
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap import pagecache_get_page
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import add_to_page_cache_lru, lock_page, unlock_page, wait_on_page_locked
from webapp.kernel.mm.readahead import page_cache_async_ra, page_cache_sync_ra
from webapp.kernel.mm.swap import mark_page_accessed, put_page
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.uio import IovIter, Kiocb
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/filemap.c"
OFFSET = PAGE_SIZE - 1


@kernel_function
async def generic_file_read_iter(k: Machine, iocb: Kiocb, to: IovIter) -> int:
    """Read through the page cache; may sleep. The number of bytes, or a negative errno."""
    return await generic_file_buffered_read(k, iocb, to) if to.count else 0


@kernel_function
async def generic_file_buffered_read(k: Machine, iocb: Kiocb, to: IovIter) -> int:
    """Copy to the program page by page, until it has enough, the file ends, or something fails; may sleep.

    What has been copied by then counts; an error is reported only if that is nothing. A page is marked as accessed once
    for a row of small reads: only when this read does not begin where the last one ended, in the same page. Where it
    ended is kept in prev_pos, by which readahead knows the next read as sequential.
    """
    file, pos = iocb.ki_filp, iocb.ki_pos
    if pos >= S_MAXBYTES or not to.count:
        return 0
    ra, inode = file.f_ra, file.inode
    index, offset = pos >> PAGE_SHIFT, pos & OFFSET
    prev_index, prev_offset = ra.prev_pos >> PAGE_SHIFT, ra.prev_pos & OFFSET
    last_index = (pos + to.count + PAGE_SIZE - 1) >> PAGE_SHIFT
    written = error = 0
    while True:
        await cond_resched()
        found = await page_for_read(k, file, index, last_index)
        if isinstance(found, int):
            error = found
            break
        nr = bytes_in_page(inode.i_size, index) - offset  # i_size counts only now: it may have changed while we slept
        if nr <= 0:
            put_page(k, found)
            break
        if (prev_index, prev_offset) != (index, offset):
            mark_page_accessed(k, found)
        prev_index = index
        copied = await copy_page_to_iter(k, found, offset, nr, to)
        written += copied
        index, offset = index + (offset + copied >> PAGE_SHIFT), offset + copied & OFFSET
        prev_offset = offset
        put_page(k, found)
        if not to.count:
            break
        if copied < nr:
            error = -EFAULT
            break
    ra.prev_pos = prev_index << PAGE_SHIFT | prev_offset
    iocb.ki_pos = (index << PAGE_SHIFT) + offset
    return written or error


def bytes_in_page(i_size: int, index: int) -> int:
    """How many bytes of the file are in this page; 0 or less behind its end."""
    return min(PAGE_SIZE, i_size - (index << PAGE_SHIFT))


async def page_for_read(k: Machine, file: File, index: int, last_index: int) -> Page | int:
    """One page, up to date, with a reference; may sleep. Or a negative errno. (A part of generic_file_buffered_read.)

    Missing: readahead decides what to read, up to ``last_index`` at least. Marked: the next window is started, and not
    waited for. Then wait until the page itself is up to date.
    """
    mapping = file.inode.mapping
    ractl = ReadaheadControl(file, mapping, file.f_ra, index)
    while True:
        page = await pagecache_get_page(k, mapping, index, 0)
        if page is None:
            await page_cache_sync_ra(k, ractl, last_index - index)
            page = await pagecache_get_page(k, mapping, index, 0)
        if page is None:
            made = await add_for_read(k, mapping, index)
            if made == -EEXIST:
                continue
            if isinstance(made, int):
                return made
            page = made
            error = await read_now(k, file, page, locked=True)
        else:
            if page.flags & PG_readahead:
                ractl.index = index
                await page_cache_async_ra(k, ractl, page, last_index - index)
            if not page.flags & PG_uptodate:
                await wait_on_page_locked(k, page)
            error = 0 if page.flags & PG_uptodate else await read_now(k, file, page, locked=False)
        if error:
            put_page(k, page)
            return error
        if page.flags & PG_uptodate:
            return page
        put_page(k, page)  # truncated or dropped while we slept: look again


async def add_for_read(k: Machine, mapping: AddressSpace, index: int) -> Page | int:
    """Readahead did not bring the page: an empty one, locked, in the cache; may sleep. Or a negative errno."""
    page = await __alloc_pages_nodemask(k, GFP_HIGHUSER_MOVABLE)
    if page is None:
        return -ENOMEM
    error = await add_to_page_cache_lru(k, page, mapping, index, GFP_HIGHUSER_MOVABLE)
    if error:
        put_page(k, page)
        return error
    return page


async def read_now(k: Machine, file: File, page: Page, locked: bool) -> int:
    """Read this one page and wait for it; may sleep. 0, also if it was truncated meanwhile, or -EIO.

    After an error the window shrinks: a bad block had better not be read ahead.
    """
    mapping = file.inode.mapping
    if not locked:
        await lock_page(k, page)
    if page.mapping is not mapping or page.flags & PG_uptodate:
        unlock_page(k, page)
        return 0
    page.flags &= ~PG_error
    ext4_readpage(k, file.inode, page)
    if page.flags & PG_uptodate:
        return 0
    await lock_page(k, page)
    failed = page.mapping is mapping and not page.flags & PG_uptodate
    unlock_page(k, page)
    if failed:
        file.f_ra.ra_pages //= 4
    return -EIO if failed else 0
