"""write(2) to the page cache: copy the program's bytes into pages and mark them dirty. The disk hears of it later.

Linux 5.10: mm/filemap.c, fs/read_write.c.  Not modelled: O_DIRECT, limits on file sizes (RLIMIT_FSIZE), signals that
end a write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.include.linux.fs import MAX_NON_LFS, O_LARGEFILE, S_MAXBYTES
from webapp.kernel.include.linux.uio import IOCB_APPEND
from webapp.kernel.include.uapi.asm_generic.errno import EFAULT, EFBIG
from webapp.kernel.lib.iov_iter import (
    iov_iter_advance,
    iov_iter_copy_from_user_atomic,
    iov_iter_fault_in_readable,
    iov_iter_single_seg_count,
)
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.balance_dirty_pages import balance_dirty_pages_ratelimited
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.uio import IovIter, Kiocb
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/filemap.c"


@kernel_function(file="fs/read_write.c")
def generic_write_checks(k: Machine, iocb: Kiocb, source: IovIter) -> int:
    """Where to write, and how much: O_APPEND means the end, whatever was asked for; -EFBIG at the largest offset.

    A file opened without O_LARGEFILE ends at 2 GiB. A write across that border is cut short.
    """
    if not source.count:
        return 0
    if iocb.ki_flags & IOCB_APPEND:
        iocb.ki_pos = iocb.ki_filp.inode.i_size
    largest = S_MAXBYTES if iocb.ki_filp.f_flags & O_LARGEFILE else MAX_NON_LFS
    if iocb.ki_pos >= largest:
        return -EFBIG
    source.count = min(source.count, largest - iocb.ki_pos)
    return source.count


@kernel_function
async def generic_perform_write(k: Machine, file: File, source: IovIter, pos: int) -> int:
    """Write page by page; the caller holds the inode's lock; may sleep. The number of bytes, or a negative errno.

    First the program's own page is touched, *before* the page of the file is locked. The two may be the same page: a
    fault on it under its lock would wait for ever. And the copy itself must not fault. If the program's page was taken
    away again in between, nothing is copied, and the round starts over.

    After each page the task may be held up, if it makes pages dirty faster than the disk can take them.
    """
    mapping = file.inode.mapping
    a_ops = mapping._a_ops
    assert a_ops is not None
    assert a_ops.write_begin is not None
    assert a_ops.write_end is not None
    written = status = 0
    nbytes = min(PAGE_SIZE - pos % PAGE_SIZE, source.count)
    while source.count:
        if await iov_iter_fault_in_readable(k, source, nbytes):
            status = -EFAULT
            break
        page = await a_ops.write_begin(k, mapping, pos, nbytes)
        if isinstance(page, int):
            status = page
            break
        copied = await iov_iter_copy_from_user_atomic(k, page, source, pos % PAGE_SIZE, nbytes)
        copied = a_ops.write_end(k, mapping, pos, nbytes, copied, page)
        await cond_resched()
        iov_iter_advance(source, copied)
        if not copied:  # only as much as lies in one buffer, or two might take turns in pushing each other out
            nbytes = min(PAGE_SIZE - pos % PAGE_SIZE, iov_iter_single_seg_count(source))
            continue
        pos += copied
        written += copied
        await balance_dirty_pages_ratelimited(k, mapping)
        nbytes = min(PAGE_SIZE - pos % PAGE_SIZE, source.count)
    return written or status
