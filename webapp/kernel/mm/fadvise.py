"""Advice about a file: how it will be read, and what to read ahead of time.

Linux 5.10: mm/fadvise.c, mm/readahead.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.fs.file_table import fget, fput
from webapp.kernel.include.linux.fs import FMODE_RANDOM, FMODE_READ, PROC, ReadaheadControl
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EINVAL, ESPIPE
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_sync import __filemap_fdatawrite_range
from webapp.kernel.mm.readahead import force_page_cache_ra
from webapp.kernel.mm.swap import lru_add_drain
from webapp.kernel.mm.truncate import __invalidate_mapping_pages, invalidate_mapping_pages

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine

(
    POSIX_FADV_NORMAL,
    POSIX_FADV_RANDOM,
    POSIX_FADV_SEQUENTIAL,
    POSIX_FADV_WILLNEED,
    POSIX_FADV_DONTNEED,
    POSIX_FADV_NOREUSE,
) = range(6)
PGOFF_MAX = 0xFFFFFFFF  # page numbers have 32 bits
END_OF_TIME = (1 << 63) - 1  # the last byte that any file can have


@kernel_function
async def ksys_fadvise64_64(k: Machine, fd: int, offset: int, length: int, advice: int) -> int:
    """posix_fadvise(2): advice about a range of an open file; may sleep. 0, -EBADF or -EINVAL.

    The C library does not put the errno into ``errno``: this function returns it.
    """
    if fd in (0, 1, 2) and fd not in k.current._files:
        return -ESPIPE
    file = fget(k, fd)
    if file is None:
        return -EBADF
    ret = await generic_fadvise(k, file, offset, length, advice)
    fput(k, file)
    return ret


@kernel_function(file="mm/readahead.c")
async def sys_readahead(k: Machine, fd: int, offset: int, count: int) -> int:
    """readahead(2): the same as POSIX_FADV_WILLNEED; may sleep. 0 or a negative errno.

    -EBADF if the file is not open for reading, -EINVAL for a directory or a file of /proc.
    """
    file = fget(k, fd)
    if file is None:
        return -EBADF
    if not file.f_mode & FMODE_READ:
        ret = -EBADF
    elif file.inode.directory or file.inode.s_dev == PROC:
        ret = -EINVAL
    else:
        ret = await vfs_fadvise(k, file, offset, count & 0xFFFFFFFF, POSIX_FADV_WILLNEED)
    fput(k, file)
    return ret


@kernel_function
async def vfs_fadvise(k: Machine, file: File, offset: int, length: int, advice: int) -> int:
    """Ask the file system, or, as ext4 has no opinion of its own, do the usual. ksys_fadvise64_64 has this inlined."""
    return await generic_fadvise(k, file, offset, length, advice)


@kernel_function
async def generic_fadvise(k: Machine, file: File, offset: int, length: int, advice: int) -> int:
    """Act on advice for ``length`` bytes from ``offset``; a length of 0 means up to the end.

    NORMAL, RANDOM and SEQUENTIAL change how this open file is read from now on. WILLNEED starts reading at once
    and waits for nothing. DONTNEED drops what can be dropped. NOREUSE does nothing in this version of Linux.
    """
    if length < 0:
        return -EINVAL
    if file.inode.s_dev == PROC:
        return 0 if POSIX_FADV_NORMAL <= advice <= POSIX_FADV_NOREUSE else -EINVAL
    endbyte = offset + length - 1 if length and offset + length >= 0 else END_OF_TIME
    bdi_pages = k.settings.read_ahead_kb >> (PAGE_SHIFT - 10)
    if advice == POSIX_FADV_NORMAL:
        file.f_ra.ra_pages = bdi_pages
        file.f_mode &= ~FMODE_RANDOM
    elif advice == POSIX_FADV_RANDOM:
        file.f_mode |= FMODE_RANDOM
    elif advice == POSIX_FADV_SEQUENTIAL:
        file.f_ra.ra_pages = bdi_pages * 2
        file.f_mode &= ~FMODE_RANDOM
    elif advice == POSIX_FADV_WILLNEED:
        first, last = offset >> PAGE_SHIFT & PGOFF_MAX, endbyte >> PAGE_SHIFT & PGOFF_MAX
        ractl = ReadaheadControl(file, file.inode.mapping, file.f_ra, first)
        await force_page_cache_ra(k, ractl, (last - first + 1) & PGOFF_MAX or PGOFF_MAX)
    elif advice == POSIX_FADV_DONTNEED:
        await drop_pages(k, file, offset, endbyte)
    elif advice != POSIX_FADV_NOREUSE:
        return -EINVAL
    return 0


async def drop_pages(k: Machine, file: File, offset: int, endbyte: int) -> None:
    """POSIX_FADV_DONTNEED; may sleep for page locks. (A part of generic_fadvise in Linux.)

    Dirty pages are sent to the disk first, but nobody waits for that, and until they are written they stay. Pages that
    the range covers only in part stay too, except the last one of the file. What is left over after the first try may
    have been in the pagevec of another CPU: those are drained, and it is tried once more.
    """
    inode, mapping = file.inode, file.inode.mapping
    await __filemap_fdatawrite_range(k, mapping, offset, endbyte, "WB_SYNC_NONE")
    first, last = (offset + PAGE_SIZE - 1) >> PAGE_SHIFT, endbyte >> PAGE_SHIFT
    if (endbyte + 1) % PAGE_SIZE and endbyte != inode.i_size - 1:
        last -= 1
    if last < first:
        return
    lru_add_drain(k)
    _, spared = await __invalidate_mapping_pages(k, mapping, first, last)
    if spared:
        lru_add_drain(k)
        await invalidate_mapping_pages(k, mapping, first, last)
