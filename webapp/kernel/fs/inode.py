"""What is the same for the inodes of all file systems.  Linux 5.10: fs/inode.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.fs_writeback import __mark_inode_dirty
from webapp.kernel.include.linux.fs import I_DIRTY_SYNC
from webapp.kernel.include.linux.jiffies import TICK_NS
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File, Inode
    from webapp.kernel.machine import Machine


@kernel_function
def file_update_time(k: Machine, file: File) -> None:
    """The file is about to be changed: its modification time is now, to the last tick of the clock.

    For a mapping that is the time of the write *fault*. Later stores to the same page go unnoticed until it is clean.
    """
    if update_mtime(k, file.inode):
        __mark_inode_dirty(k, file.inode, I_DIRTY_SYNC)


@kernel_function
def file_modified(k: Machine, file: File) -> None:
    """The file is about to be changed by write(2). (It also takes away set-user-ID bits, which are not modelled.)"""
    file_update_time(k, file)


def update_mtime(k: Machine, inode: Inode) -> bool:
    """Set the modification time; false if this tick of the clock is in it already."""
    now = k.now - k.now % TICK_NS
    if inode.i_mtime == now:
        return False
    inode.i_mtime = now
    return True
