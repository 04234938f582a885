"""Waiting until a file is on the disk (fsync, fdatasync, what msync needs), a part of it, or everything (sync, syncfs).

Linux 5.10: fs/sync.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.ext4.fsync import ext4_sync_file
from webapp.kernel.fs.ext4.super import ext4_sync_fs
from webapp.kernel.fs.file_table import fget, fput
from webapp.kernel.fs.fs_writeback import wakeup_flusher_threads
from webapp.kernel.fs.sync_inodes import sync_inodes_sb, writeback_inodes_sb
from webapp.kernel.include.linux.fs import FMODE_PATH, PROC, TMPFS
from webapp.kernel.include.linux.uio import IOCB_DSYNC, IOCB_SYNC
from webapp.kernel.include.linux.writeback import LLONG_MAX
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EINVAL
from webapp.kernel.lib.errseq import errseq_check_and_advance
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_sync import __filemap_fdatawait_range, __filemap_fdatawrite_range

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.uio import Kiocb
    from webapp.kernel.machine import Machine

SYNC_FILE_RANGE_WAIT_BEFORE, SYNC_FILE_RANGE_WRITE, SYNC_FILE_RANGE_WAIT_AFTER = 1, 2, 4


@kernel_function
async def sys_sync(k: Machine) -> int:
    """sync(2): everything that is dirty goes to the disk, and we wait for it; always 0."""
    await ksys_sync(k)
    return 0


@kernel_function
async def ksys_sync(k: Machine) -> None:
    """Set the flusher going, have it write every inode, wait for the pages, then have the journal commit."""
    wakeup_flusher_threads(k, "sync")
    await sync_inodes_sb(k)
    await ext4_sync_fs(k, False)
    await ext4_sync_fs(k, True)


@kernel_function
async def sys_syncfs(k: Machine, fd: int) -> int:
    """syncfs(2): the same for the file system that holds the open file. -EBADF if the number is no open file.

    Unlike sync(2), it tells of a write that failed, of whatever file; each open file hears of it once.
    """
    file = fget(k, fd)
    if file is None:
        return -EBADF
    await sync_filesystem(k)
    error, k.fs.wb_err, file._f_sb_err = errseq_check_and_advance(k.fs.wb_err, file._f_sb_err)
    fput(k, file)
    return error


@kernel_function
async def sync_filesystem(k: Machine) -> None:
    """Twice over the file system: once to submit what there is, once to be sure of it and wait."""
    await writeback_inodes_sb(k)
    await ext4_sync_fs(k, False)
    await sync_inodes_sb(k)
    await ext4_sync_fs(k, True)


@kernel_function
async def sys_fsync(k: Machine, fd: int) -> int:
    """fsync(2): data and inode."""
    return await do_fsync(k, fd, False)


@kernel_function
async def sys_fdatasync(k: Machine, fd: int) -> int:
    """fdatasync(2): the data, and of the inode only what is needed to find it."""
    return await do_fsync(k, fd, True)


@kernel_function
async def do_fsync(k: Machine, fd: int, datasync: bool) -> int:
    """The whole file; may sleep. -EBADF if the number is no open file."""
    file = fget(k, fd)
    if file is None or file.f_mode & FMODE_PATH:
        if file is not None:
            fput(k, file)
        return -EBADF
    ret = await vfs_fsync_range(k, file, 0, LLONG_MAX, datasync)
    fput(k, file)
    return ret


@kernel_function
async def vfs_fsync_range(k: Machine, file: File, start: int, end: int, datasync: bool) -> int:
    """Write back the dirty pages of bytes start..end and wait for them; 0 or a negative errno."""
    if file.inode.s_dev == TMPFS:
        return 0
    if file.inode.s_dev == PROC:
        return -EINVAL
    return await ext4_sync_file(k, file, start, end, datasync)


@kernel_function(file="include/linux/fs.h", inlined=True)
async def generic_write_sync(k: Machine, iocb: Kiocb, count: int) -> int:
    """After a write: with O_DSYNC bring just these bytes to the disk, with O_SYNC the inode too; may sleep.

    The number of bytes, or a negative errno of the write-back.
    """
    if not iocb.ki_flags & IOCB_DSYNC:
        return count
    first, last = iocb.ki_pos - count, iocb.ki_pos - 1
    error = await vfs_fsync_range(k, iocb.ki_filp, first, last, not iocb.ki_flags & IOCB_SYNC)
    return error or count


@kernel_function
async def sys_sync_file_range(k: Machine, fd: int, offset: int, nbytes: int, flags: int) -> int:
    """sync_file_range(2): write dirty pages of a range, wait for writes, or both; may sleep. 0 or a negative errno.

    Neither the inode nor the disk's own cache is cared for: after a loss of power the data may be gone all the same.
    """
    file = fget(k, fd)
    if file is None:
        return -EBADF
    ret = await sync_file_range(k, file, offset, nbytes, flags)
    fput(k, file)
    return ret


@kernel_function
async def sync_file_range(k: Machine, file: File, offset: int, nbytes: int, flags: int) -> int:
    """The range is ``nbytes`` long, or reaches to the end if that is 0; may sleep."""
    everything = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER
    if flags & ~everything or offset < 0 or nbytes < 0 or offset + nbytes > LLONG_MAX:
        return -EINVAL
    mapping, last = file.inode.mapping, offset + nbytes - 1 if nbytes else LLONG_MAX
    if flags & SYNC_FILE_RANGE_WAIT_BEFORE:
        await __filemap_fdatawait_range(k, mapping, offset, last)
    if flags & SYNC_FILE_RANGE_WRITE:
        waits = flags & everything == everything
        await __filemap_fdatawrite_range(k, mapping, offset, last, "WB_SYNC_ALL" if waits else "WB_SYNC_NONE")
    if flags & SYNC_FILE_RANGE_WAIT_AFTER:
        await __filemap_fdatawait_range(k, mapping, offset, last)
    return 0
