"""Inodes with something to write.  Linux 5.10: fs/fs-writeback.c.  Not modelled yet: the flusher that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/fs-writeback.c"


@kernel_function
def __mark_inode_dirty(k: Machine, inode: Inode, flags: int) -> None:
    """The inode (I_DIRTY_SYNC) or pages of it (I_DIRTY_PAGES) must reach the disk some day."""
    inode.i_state |= flags
