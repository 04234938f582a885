"""Copying between a page of the page cache and the program's buffers.

The page is reached through a temporary kernel mapping (kmap_atomic), under which nothing may sleep. So both directions
first make sure, by touching them, that the user's pages are there, and then copy without faults. If a page has vanished
between the two, the copy is short, and the caller tries again.

Linux 5.10: lib/iov_iter.c, include/linux/pagemap.h
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.arch.arm.lib.uaccess import (
    __get_user,
    __put_user,
    pagefault_disable,
    pagefault_enable,
    raw_copy_from_user,
    raw_copy_to_user,
)
from webapp.kernel.include.uapi.asm_generic.errno import EFAULT
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.uio import IovIter
    from webapp.kernel.machine import Machine


@kernel_function
async def copy_page_to_iter(k: Machine, page: Page, offset: int, nbytes: int, i: IovIter) -> int:
    """Copy bytes of a page to the program, as many as it still wants; may sleep. How many were copied.

    The first touch of each page of the buffer is a *write*, of a zero that the copy overwrites at once: the buffer must
    be writable, and its pages must be the program's own before the copy begins.
    """
    wanted = nbytes = min(nbytes, i.count)
    frame = memoryview(k.ram.frame(page.pfn))
    first = next(segments(i, nbytes), None)
    if first is not None and await fault_in_pages_writeable(k, *first) == 0:
        pagefault_disable(k)
        nbytes = await copyout(k, frame[offset : offset + nbytes], i)
        pagefault_enable(k)
        offset += wanted - nbytes
    if nbytes:  # too bad: now with a mapping under which faults may be served
        nbytes = await copyout(k, frame[offset : offset + nbytes], i)
    copied = wanted - nbytes
    k.stage("copy", f"{copied} bytes of page {page.index} are copied to the program", page=page.ref, bytes=copied)
    return copied


async def copyout(k: Machine, data: memoryview, i: IovIter) -> int:
    """Copy to the buffers one after another, and advance; how many bytes are left over."""
    left = len(data)
    for base, size in list(segments(i, left)):
        missing = await raw_copy_to_user(k, base, data[len(data) - left :][:size])
        iov_iter_advance(i, size - missing)
        left -= size - missing
        if missing:
            break
    return left


@kernel_function
async def iov_iter_fault_in_readable(k: Machine, i: IovIter, nbytes: int) -> int:
    """Read one byte of every page that will be copied from; may sleep. 0 or -EFAULT."""
    for base, size in segments(i, nbytes):
        if await fault_in_pages_readable(k, base, size):
            return -EFAULT
    return 0


@kernel_function
async def iov_iter_copy_from_user_atomic(k: Machine, page: Page, i: IovIter, offset: int, nbytes: int) -> int:
    """Copy from the program into a page, without faults. How many bytes were copied; the caller advances."""
    frame = memoryview(k.ram.frame(page.pfn))
    left = nbytes
    pagefault_disable(k)
    for base, size in segments(i, nbytes):
        at = offset + nbytes - left
        missing = await raw_copy_from_user(k, frame[at : at + size], base)
        left -= size - missing
        if missing:
            break
    pagefault_enable(k)
    k.stage("copy", f"{nbytes - left} bytes of the program are copied to page {page.index}", page=page.ref)
    return nbytes - left


def iov_iter_advance(i: IovIter, size: int) -> None:
    """``size`` bytes are done; go on to the next buffer when one is full."""
    i.count -= size
    i.iov_offset += size
    while i.iov and i.iov_offset >= i.iov[0].len:
        i.iov_offset -= i.iov[0].len
        i.iov = i.iov[1:]


def iov_iter_single_seg_count(i: IovIter) -> int:
    """How many bytes are left in the buffer that the copy has reached."""
    return min(i.count, i.iov[0].len - i.iov_offset) if i.iov else 0


def segments(i: IovIter, nbytes: int) -> Iterator[tuple[int, int]]:
    """The next ``nbytes`` bytes of the buffers, as (address, length)."""
    skip = i.iov_offset
    for base, length in i.iov:
        size = min(length - skip, nbytes)
        if size > 0:
            yield base + skip, size
            nbytes -= size
        skip = 0


async def fault_in_pages_writeable(k: Machine, uaddr: int, size: int) -> int:
    """Write a zero to the first byte of each page of a buffer, and to its last byte; may sleep. 0 or -EFAULT."""
    for address in touched(uaddr, size):
        if await __put_user(k, 0, address):
            return -EFAULT
    return 0


async def fault_in_pages_readable(k: Machine, uaddr: int, size: int) -> int:
    """Read the first byte of each page of a buffer, and its last byte; may sleep. 0 or -EFAULT."""
    for address in touched(uaddr, size):
        if await __get_user(k, address):
            return -EFAULT
    return 0


def touched(uaddr: int, size: int) -> list[int]:
    """A page apart from ``uaddr`` on; and the last byte, if the buffer spills into one more page."""
    places = list(range(uaddr, uaddr + size, PAGE_SIZE))
    last = uaddr + size - 1
    if places and (places[-1] + PAGE_SIZE) >> PAGE_SHIFT == last >> PAGE_SHIFT:
        places.append(last)
    return places
