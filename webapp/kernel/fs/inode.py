"""What is the same for the inodes of all file systems, and the cache of inodes that are in memory.

    in use (i_count > 0) --iput--> unused, on the LRU list --reclaim--> not in memory; the disk has it
            ^                          |
            +---------- iget ----------+   (it stays on the list until reclaim meets it)

How they leave memory is in fs/prune_icache.py.

Linux 5.10: fs/inode.c.  Not modelled: the hash table itself; inodes of other file systems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.fs_writeback import __mark_inode_dirty
from webapp.kernel.include.linux.fs import I_DIRTY, I_DIRTY_SYNC, I_REFERENCED, I_SYNC, TMPFS
from webapp.kernel.include.linux.jiffies import TICK_NS
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File, Inode
    from webapp.kernel.machine import Machine


# Times.


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


# In memory or not.


@kernel_function
def iget_locked(k: Machine, inode: Inode) -> Inode:
    """Get an inode into memory, if it is not there already, with a reference for the caller."""
    if not inode.i_cached:
        inode.i_cached = True
        k.fs.s_inodes.insert(0, inode)
        k.stage("note", f"inode {inode.i_ino} ({inode.name}) is in memory now", inode=inode.ref)
    inode.i_count += 1
    return inode


@kernel_function
def iput(k: Machine, inode: Inode) -> None:
    """Give a reference back. With the last one the inode is unused; it stays in memory, and so do its pages."""
    inode.i_count -= 1
    if not inode.i_count:
        iput_final(k, inode)


@kernel_function(inlined=True)
def iput_final(k: Machine, inode: Inode) -> None:
    """Nobody uses the inode. If no name leads to it either, it ends; otherwise it waits for somebody to open it."""
    if not inode.i_nlink:
        k.fs.s_inode_lru.pop(inode, None)
        inode.i_lru = False
        if inode._evict_inode is not None:
            inode._evict_inode(k, inode)
    else:
        inode_add_lru(k, inode)


def inode_add_lru(k: Machine, inode: Inode) -> None:
    """Put an unused inode on the list. Not a dirty one: the flusher does that when it is clean."""
    if not inode.i_state & (I_DIRTY | I_SYNC) and not inode.i_count and inode.i_cached and inode.s_dev != TMPFS:
        inode_lru_list_add(k, inode)


def inode_lru_list_add(k: Machine, inode: Inode) -> None:
    """Onto the list of unused inodes; if it is there already, note that it was used again."""
    if inode.i_lru:
        inode.i_state |= I_REFERENCED
        return
    inode.i_lru = True
    k.fs.s_inode_lru[inode] = None
    k.stage("note", f"inode {inode.i_ino} ({inode.name}) is unused: reclaim may take it", inode=inode.ref)
