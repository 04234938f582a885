"""What an inode tells about itself: stat(2) and fstat(2).  Linux 5.10: fs/stat.c

Not modelled: times (all are 0), owners (all is root's), links to files.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.arch.arm.lib.uaccess import access_ok, raw_copy_to_user
from webapp.kernel.fs.dcache import dput
from webapp.kernel.fs.ext4.extents import blocks_in_use
from webapp.kernel.fs.file_table import fget_raw, fput
from webapp.kernel.fs.namei import filename_lookup
from webapp.kernel.include.linux.bio import SECTORS_PER_PAGE
from webapp.kernel.include.linux.fs import S_IFDIR, S_IFREG, Inode
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EFAULT
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

# struct stat64 of ARM: dev, pad, short ino, mode, nlink, uid, gid, rdev, pad, size, blksize, blocks, 3 times, ino
STAT64 = Struct("<Q4xIIIIIQ4x4xqI4xQ6IQ")
STAT64_SIZE = 104
DIRECTORY_LINKS = 3


@kernel_function
async def sys_fstat64(k: Machine, fd: int, statbuf: int) -> int:
    """fstat(2): about an open file; may sleep. 0, -EBADF, or -EFAULT for a bad buffer."""
    file = fget_raw(k, fd)
    if file is None:
        return -EBADF
    ret = await cp_new_stat64(k, file.inode, statbuf)
    fput(k, file)
    return ret


@kernel_function
async def sys_stat64(k: Machine, path: str, statbuf: int) -> int:
    """stat(2): about the file that a path leads to; may sleep. 0 or a negative errno."""
    found = await filename_lookup(k, path)
    if isinstance(found, int):
        return found
    ret = await cp_new_stat64(k, found.existing, statbuf)
    dput(k, found.dentry)
    return ret


@kernel_function
async def cp_new_stat64(k: Machine, inode: Inode, statbuf: int) -> int:
    """Fill the program's struct; may sleep.

    st_blocks counts sectors of 512 bytes that the file has *or has been promised*: a hole has none.
    """
    data = stat64(inode)
    if not access_ok(statbuf, len(data)) or await raw_copy_to_user(k, statbuf, data):
        return -EFAULT
    return 0


def stat64(inode: Inode) -> bytes:
    """The struct as its bytes."""
    mode = (S_IFDIR | 0o755) if inode.directory else S_IFREG | inode._i_mode
    links = DIRECTORY_LINKS if inode.directory else inode.i_nlink
    blocks = (1 if inode.directory else blocks_in_use(inode)) * SECTORS_PER_PAGE
    major, minor = (int(part, 16) for part in inode.s_dev.split(":"))
    return STAT64.pack(
        major << 8 | minor,
        inode.i_ino,
        mode,
        links,
        0,
        0,
        0,
        inode.i_size,
        PAGE_SIZE,
        blocks,
        0,
        0,
        0,
        0,
        0,
        0,
        inode.i_ino,
    )
