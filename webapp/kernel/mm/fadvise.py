"""Advice about a file: how it will be read, and what to read ahead of time.

Linux 5.10: mm/fadvise.c.  Not modelled yet: POSIX_FADV_DONTNEED, the system call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.errors import NotModelled
from webapp.kernel.include.linux.fs import FMODE_RANDOM, ReadaheadControl
from webapp.kernel.include.uapi.asm_generic.errno import EINVAL
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.readahead import force_page_cache_ra

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
END_OF_TIME = (1 << 63) - 1  # the last byte that any file can have


@kernel_function
async def vfs_fadvise(k: Machine, file: File, offset: int, length: int, advice: int) -> int:
    """Ask the file system, or, as ext4 has no opinion of its own, do the usual."""
    return await generic_fadvise(k, file, offset, length, advice)


@kernel_function
async def generic_fadvise(k: Machine, file: File, offset: int, length: int, advice: int) -> int:
    """Act on advice for ``length`` bytes from ``offset``; a length of 0 means up to the end.

    NORMAL, RANDOM and SEQUENTIAL change how this open file is read from now on. WILLNEED starts reading at once
    and waits for nothing.
    """
    if length < 0:
        return -EINVAL
    endbyte = offset + length - 1 if length else END_OF_TIME
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
        first, last = offset >> PAGE_SHIFT, endbyte >> PAGE_SHIFT
        ractl = ReadaheadControl(file, file.inode.mapping, file.f_ra, first)
        await force_page_cache_ra(k, ractl, last - first + 1)
    elif advice == POSIX_FADV_DONTNEED:
        raise NotModelled("Dropping cached pages with POSIX_FADV_DONTNEED is not modelled yet.")
    elif advice != POSIX_FADV_NOREUSE:
        return -EINVAL
    return 0
