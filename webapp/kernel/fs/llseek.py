"""Moving the position of an open file: lseek(2).  Linux 5.10: fs/read_write.c, fs/ext4/file.c, fs/iomap/seek.c

The position is only a number. It may lie behind the end of the file: what is written there leaves a hole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.fs.ext4.extents import block_of
from webapp.kernel.fs.file_table import fdget_pos, fdput_pos
from webapp.kernel.include.linux.fs import S_MAXBYTES
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EINVAL, ENXIO, ESPIPE
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File, Inode
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/read_write.c"
SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE = range(5)


@kernel_function
async def sys_llseek(k: Machine, fd: int, offset: int, whence: int) -> int:
    """Set the position: from the start, from where it is, from the end, or to the next data or hole from ``offset`` on.

    The new position; -EBADF, -EINVAL for an unknown ``whence`` or a place before the start, -ENXIO if no data follow,
    -ESPIPE for what has no positions. May sleep, while another process that shares the position reads or writes.
    """
    if fd in (0, 1, 2) and fd not in k.current._files:
        return -ESPIPE
    file = await fdget_pos(k, fd)
    if file is None:
        return -EBADF
    ret = ext4_llseek(k, file, offset, whence) if SEEK_SET <= whence <= SEEK_HOLE else -EINVAL
    fdput_pos(k, file)
    return ret


@kernel_function(file="fs/ext4/file.c")
def ext4_llseek(k: Machine, file: File, offset: int, whence: int) -> int:
    """Only ext4 knows where its holes are; the rest is the same for all."""
    inode = file.inode
    if whence in (SEEK_DATA, SEEK_HOLE):
        if not 0 <= offset < inode.i_size:
            return -ENXIO
        offset = seek(inode, offset, whence == SEEK_DATA)
        if offset < 0:
            return offset
    elif whence == SEEK_END:
        offset += inode.i_size
    elif whence == SEEK_CUR:
        offset += file.f_pos
    return vfs_setpos(file, offset)


def vfs_setpos(file: File, offset: int) -> int:
    """Set the position, if a file can be that long."""
    if not 0 <= offset <= S_MAXBYTES:
        return -EINVAL
    file.f_pos = offset
    return offset


def seek(inode: Inode, offset: int, data: bool) -> int:
    """The first byte from ``offset`` on in a page with data (or in a hole); -ENXIO if there are no data.

    Data are what has a block, or is promised one. The end of the file counts as a hole.
    """
    index = offset >> PAGE_SHIFT
    while index << PAGE_SHIFT < inode.i_size:
        if has_data(inode, index) == data:
            return max(offset, index << PAGE_SHIFT)
        index = next_change(inode, index)
    return -ENXIO if data else inode.i_size


def has_data(inode: Inode, index: int) -> bool:
    """Whether the page has a block or is promised one."""
    return block_of(inode, index) is not None or index in inode._delayed


def next_change(inode: Inode, index: int) -> int:
    """The next page after ``index`` at which data may begin or end."""
    for extent in inode._extents:
        if extent.first <= index <= extent.last:
            return extent.last + 1
    if index in inode._delayed:
        return index + 1
    starts = [extent.first for extent in inode._extents if extent.first > index]
    starts += [page for page in inode._delayed if page > index]
    return min(starts, default=(inode.i_size >> PAGE_SHIFT) + 1)
