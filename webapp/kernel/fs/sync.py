"""Waiting until a part of a file is on the disk.  Linux 5.10: fs/sync.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.ext4.fsync import ext4_sync_file
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine

NO_INODE = 0  # i_ino of the hidden file behind shared anonymous memory, which has no disk to be written to


@kernel_function
def vfs_fsync_range(k: Machine, file: File, start: int, end: int, datasync: bool) -> int:
    """Write back the dirty pages of bytes start..end and wait for them; 0 or a negative errno."""
    if file.inode.i_ino == NO_INODE:
        return 0
    return ext4_sync_file(k, file, start, end, datasync)
