"""msync: write what a shared mapping has changed back to its file.

Linux 5.10: mm/msync.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, page_align
from webapp.kernel.fs.file_table import fput, get_file
from webapp.kernel.fs.sync import vfs_fsync_range
from webapp.kernel.include.linux.mm import VM_LOCKED, VM_SHARED
from webapp.kernel.include.uapi.asm_generic.errno import EBUSY, EINVAL, ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import MS_ASYNC, MS_INVALIDATE, MS_SYNC
from webapp.kernel.locking.rwsem import down_read, up_read
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.vma import find_vma, vma_next

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF


@kernel_function
async def sys_msync(k: Machine, start: int, length: int, flags: int) -> int:
    """Check the request, then go through the mappings of the range; may sleep.

    0, -EINVAL for unknown flags or a crooked address, -ENOMEM if part of the range is not mapped (the rest is
    done all the same), -EBUSY for MS_INVALIDATE of locked memory.
    """
    start, length, flags = start & MASK, length & MASK, flags & MASK
    if flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) or start % PAGE_SIZE:
        return -EINVAL
    if flags & MS_ASYNC and flags & MS_SYNC:
        return -EINVAL
    end = (start + page_align(length)) & MASK
    if end < start:
        return -ENOMEM
    if end == start:
        return 0
    return await msync_range(k, k.mm, start, end, flags)


async def msync_range(k: Machine, mm: Mm, start: int, end: int, flags: int) -> int:
    """The loop of msync over the VMAs; may sleep.

    MS_ASYNC does nothing at all: Linux keeps track of dirty pages by itself and writes them in its own time.
    MS_SYNC lets go of mmap_lock while it waits for the disk.
    """
    unmapped = 0
    await down_read(k, mm._sem)
    vma = find_vma(k, mm, start)
    while vma is not None:
        if start < vma.vm_start:
            start = vma.vm_start
            if start >= end:
                break
            unmapped = -ENOMEM
        if flags & MS_INVALIDATE and vma.vm_flags & VM_LOCKED:
            up_read(k, mm._sem)
            return -EBUSY
        file = vma.vm_file
        first = start - vma.vm_start + (vma.vm_pgoff << PAGE_SHIFT)
        last = first + min(end, vma.vm_end) - start - 1
        start = vma.vm_end
        if flags & MS_SYNC and file is not None and vma.vm_flags & VM_SHARED:
            get_file(file)
            up_read(k, mm._sem)
            error = await vfs_fsync_range(k, file, first, last, True)
            fput(k, file)
            if error or start >= end:
                return error or unmapped
            await down_read(k, mm._sem)
            vma = find_vma(k, mm, start)
        elif start >= end:
            up_read(k, mm._sem)
            return unmapped
        else:
            vma = vma_next(mm, vma)
    up_read(k, mm._sem)
    return -ENOMEM
