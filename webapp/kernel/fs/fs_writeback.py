"""Inodes with something to write: how they come onto the lists of their disk, and how the flusher is woken.

    newly dirtied -> b_dirty -> b_io -> being written -> off the lists
                                 ^  |
                     b_more_io --+--+ (its share of this turn is used up)

The flusher itself is fs/wb_writeback.py: a worker thread that runs `wb_workfn`.

Rules for callers:
    * `__mark_inode_dirty` when an inode or its pages changed. The first dirty inode makes the flusher look after
      dirty_writeback_centisecs.
    * `wb_start_background_writeback` when too many pages are dirty, `wakeup_flusher_threads` when everything shall be
      written. Both only wake the flusher and do not wait.

Linux 5.10: fs/fs-writeback.c, mm/backing-dev.c.  Not modelled: lazy times (b_dirty_time), cgroups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback, IoList
from webapp.kernel.include.linux.fs import I_DIRTY, I_DIRTY_INODE, I_SYNC_QUEUED, TMPFS
from webapp.kernel.include.linux.jiffies import HZ, jiffies
from webapp.kernel.machine import kernel_function
from webapp.kernel.workqueue import mod_delayed_work, queue_delayed_work

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.writeback import WbReason, WbWritebackWork
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/fs-writeback.c"
CENTISECS = 100  # in a second


def centisecs(ticks_of: int) -> int:
    """Hundredths of a second, as the settings have them, in ticks."""
    return ticks_of * HZ // CENTISECS


# The lists.


@kernel_function
def __mark_inode_dirty(k: Machine, inode: Inode, flags: int) -> None:
    """The inode (I_DIRTY_SYNC) or pages of it (I_DIRTY_PAGES) must reach the disk some day.

    ``dirtied_when`` is when it became dirty; more changes do not make it younger, or a busy file would never be
    written. An inode that the flusher has in hand is only marked: the flusher puts it where it belongs afterwards.
    The inode behind shared anonymous memory has no disk, and no flusher.
    """
    if flags & I_DIRTY_INODE:
        ext4_dirty_inode(k, inode)
    if inode.i_state & flags == flags:
        return
    was_dirty = inode.i_state & I_DIRTY
    inode.i_state |= flags
    if was_dirty or inode.i_state & I_SYNC_QUEUED or inode.s_dev == TMPFS:
        return
    inode.dirtied_when = jiffies(k)
    if inode_io_list_move(k.wb, inode, "b_dirty"):
        wb_wakeup_delayed(k, k.wb)


@kernel_function(file="fs/ext4/inode.c")
def ext4_dirty_inode(k: Machine, inode: Inode) -> None:
    """Write the inode into the running transaction of the journal, from where it gets to the disk."""
    inode._transaction = True


def inode_io_list_move(wb: BdiWriteback, inode: Inode, to: IoList) -> bool:
    """Move an inode to the head of a list; true if it is the first dirty inode of the disk."""
    first = not wb.has_dirty_io
    _leave(wb, inode)
    wb._lists[to].insert(0, inode)
    inode.i_io_list = to
    setattr(wb, to, getattr(wb, to) + 1)
    return first


def inode_io_list_del(wb: BdiWriteback, inode: Inode) -> None:
    """Take an inode off the lists: it is clean."""
    inode.i_state &= ~I_SYNC_QUEUED
    _leave(wb, inode)


def _leave(wb: BdiWriteback, inode: Inode) -> None:
    if inode.i_io_list is not None:
        wb._lists[inode.i_io_list].remove(inode)
        setattr(wb, inode.i_io_list, getattr(wb, inode.i_io_list) - 1)
        inode.i_io_list = None


@kernel_function
def redirty_tail(k: Machine, inode: Inode, wb: BdiWriteback) -> None:
    """Back to b_dirty: it is still dirty. Its age is set back if it would spoil the order of the list."""
    if wb._lists["b_dirty"] and (inode.dirtied_when or 0) < (wb._lists["b_dirty"][0].dirtied_when or 0):
        inode.dirtied_when = jiffies(k)
    inode_io_list_move(wb, inode, "b_dirty")
    inode.i_state &= ~I_SYNC_QUEUED


@kernel_function
def requeue_io(k: Machine, inode: Inode, wb: BdiWriteback) -> None:
    """To b_more_io: its turn is used up, but not all of its pages were written."""
    inode_io_list_move(wb, inode, "b_more_io")


@kernel_function
def queue_io(k: Machine, wb: BdiWriteback, work: WbWritebackWork, dirtied_before: int) -> None:
    """Fill b_io with what shall be written now: what was left over, then all that became dirty early enough."""
    for inode in reversed(wb._lists["b_more_io"][:]):
        inode_io_list_move(wb, inode, "b_io")
    moved = move_expired_inodes(k, wb, dirtied_before)
    k.stage(
        "note",
        f"{work.reason} writeback: {moved} inode{'s have' if moved != 1 else ' has'} been dirty long enough, "
        f"{wb.b_dirty} must wait",
    )


@kernel_function
def move_expired_inodes(k: Machine, wb: BdiWriteback, dirtied_before: int) -> int:
    """Move the inodes that became dirty at this tick or before from b_dirty to b_io, oldest first; how many."""
    moved = 0
    while wb._lists["b_dirty"]:
        inode = wb._lists["b_dirty"][-1]
        if (inode.dirtied_when or 0) > dirtied_before:
            break
        inode_io_list_move(wb, inode, "b_io")
        inode.i_state |= I_SYNC_QUEUED
        moved += 1
    return moved


# Waking the flusher.


@kernel_function
def wb_wakeup(k: Machine, wb: BdiWriteback) -> None:
    """Let the flusher run now."""
    assert wb._dwork is not None
    mod_delayed_work(k, wb._dwork, 0)


@kernel_function(file="mm/backing-dev.c")
def wb_wakeup_delayed(k: Machine, wb: BdiWriteback) -> None:
    """Let the flusher look after dirty_writeback_centisecs, if it was not going to anyway."""
    assert wb._dwork is not None
    queue_delayed_work(k, wb._dwork, centisecs(k.settings.dirty_writeback_centisecs))


@kernel_function
def wb_queue_work(k: Machine, wb: BdiWriteback, work: WbWritebackWork) -> None:
    """Give the flusher something to do."""
    assert wb._dwork is not None
    wb._work_list.append(work)
    mod_delayed_work(k, wb._dwork, 0)


@kernel_function
def wb_start_background_writeback(k: Machine, wb: BdiWriteback) -> None:
    """Too many pages are dirty: wake the flusher, which writes until there are few enough."""
    k.stage("note", f"more than {wb.bg_thresh} pages are dirty: the flusher is woken")
    wb_wakeup(k, wb)


@kernel_function
def wb_start_writeback(k: Machine, wb: BdiWriteback, reason: WbReason) -> None:
    """Everything shall be written. Asking for it twice before the flusher has run makes no difference."""
    if not wb.has_dirty_io or wb._start_all is not None:
        return
    wb._start_all = reason
    wb_wakeup(k, wb)


@kernel_function
def wakeup_flusher_threads(k: Machine, reason: WbReason) -> None:
    """Start writing all that is dirty, and do not wait: for sync(2), and for reclaim when it meets dirty pages only."""
    wb_start_writeback(k, k.wb, reason)
