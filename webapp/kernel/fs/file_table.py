"""Open files and their reference counts.  Linux 5.10: fs/file_table.c, fs/file.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.fs import FMODE_PATH
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine


def fget(k: Machine, fd: int) -> File | None:
    """The open file behind a descriptor of the running task, with a reference; None if there is none.

    A descriptor opened with O_PATH names a file without opening it, and does not count.
    """
    file = k.current._files.get(fd)
    return None if file is None or file.f_mode & FMODE_PATH else get_file(file)


def get_file(file: File) -> File:
    """One more reference."""
    file.f_count += 1
    return file


@kernel_function
def fput(k: Machine, file: File) -> None:
    """Drop a reference; with the last one the open file and its readahead state end.

    The page cache stays, since the inode does; only the hidden file of shared anonymous memory ends with it.
    """
    file.f_count -= 1
    if file.f_count == 0:
        file.f_ra.forget()
        file.forget()
        if file.inode._evict_inode is not None:
            file.inode._evict_inode(k, file.inode)
