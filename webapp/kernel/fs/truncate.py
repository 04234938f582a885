"""Making files shorter or longer: truncate(2) and ftruncate(2).  Linux 5.10: fs/open.c, fs/attr.c

The size is one number in the inode. All the work is in what it leaves behind: pages of the page cache, PTEs that map
them, blocks of the disk, and the bytes of the last page behind the new end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.dcache import dput
from webapp.kernel.fs.ext4.truncate import ext4_setattr
from webapp.kernel.fs.file_table import fget, fput
from webapp.kernel.fs.namei import filename_lookup
from webapp.kernel.include.linux.fs import FMODE_WRITE, MAX_NON_LFS, O_LARGEFILE, PROC, S_MAXBYTES, Inode
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EFBIG, EINVAL, EISDIR
from webapp.kernel.locking.rwsem import down_write, up_write
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/open.c"


@kernel_function
async def sys_truncate(k: Machine, path: str, length: int) -> int:
    """Set the size of the file that a path leads to; may sleep. 0 or a negative errno."""
    if length < 0:
        return -EINVAL
    found = await filename_lookup(k, path)
    if isinstance(found, int):
        return found
    inode = found.existing
    ret = -EISDIR if inode.directory else await do_truncate(k, inode, length)
    dput(k, found.dentry)
    return ret


@kernel_function
async def sys_ftruncate(k: Machine, fd: int, length: int) -> int:
    """Set the size of an open file, up to 2 GiB: its offsets have 32 bits; may sleep."""
    return await do_sys_ftruncate(k, fd, length, True)


@kernel_function
async def sys_ftruncate64(k: Machine, fd: int, length: int) -> int:
    """Set the size of an open file; may sleep."""
    return await do_sys_ftruncate(k, fd, length, False)


@kernel_function
async def do_sys_ftruncate(k: Machine, fd: int, length: int, small: bool) -> int:
    """-EINVAL for a negative length, a directory, or a file not open for writing; -EBADF; may sleep."""
    if length < 0:
        return -EINVAL
    file = fget(k, fd)
    if file is None:
        return -EBADF
    small = small and not file.f_flags & O_LARGEFILE
    if file.inode.directory or not file.f_mode & FMODE_WRITE or (small and length > MAX_NON_LFS):
        ret = -EINVAL
    elif file.inode.s_dev == PROC:
        ret = 0
    else:
        ret = await do_truncate(k, file.inode, length)
    fput(k, file)
    return ret


@kernel_function
async def do_truncate(k: Machine, inode: Inode, length: int) -> int:
    """Hold off other writers and let the file system change the size; may sleep. -EFBIG above the largest file."""
    await down_write(k, inode._i_rwsem)
    ret = await notify_change(k, inode, length)
    up_write(k, inode._i_rwsem)
    return ret


@kernel_function(file="fs/attr.c")
async def notify_change(k: Machine, inode: Inode, ia_size: int) -> int:
    """An attribute of the inode changes, here its size: check it, then ask the file system; may sleep."""
    if ia_size > S_MAXBYTES:
        return -EFBIG
    return await ext4_setattr(k, inode, ia_size)
