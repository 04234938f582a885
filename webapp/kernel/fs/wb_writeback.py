"""The flusher: the worker that writes dirty pages while no program asks for it.

It looks for work in this order: what somebody has queued for it (sync), everything if somebody asked for that, what
has been dirty for too long (every dirty_writeback_centisecs; too long is dirty_expire_centisecs), and last the
background work, for as long as more pages are dirty than dirty_background_ratio allows.

It writes inode by inode, a chunk of each, so that one large file does not keep the others waiting. A write is only
submitted here; nobody waits for it, unless the work is that of sync(2).

Interface: `wb_workfn` is what the worker calls.

Linux 5.10: fs/fs-writeback.c.  Not modelled: plugging, several file systems, waiting for an inode that somebody else
is writing (only the flusher writes whole inodes here).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.ext4.inode import ext4_write_inode
from webapp.kernel.fs.fs_writeback import (
    centisecs,
    inode_io_list_del,
    queue_io,
    redirty_tail,
    requeue_io,
    wb_wakeup_delayed,
)
from webapp.kernel.fs.inode import inode_add_lru
from webapp.kernel.include.linux.fs import I_DIRTY, I_DIRTY_PAGES, I_SYNC
from webapp.kernel.include.linux.jiffies import HZ, jiffies
from webapp.kernel.include.linux.writeback import LLONG_MAX, LONG_MAX, WbWritebackWork, WritebackControl
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.dirty_bandwidth import wb_update_bandwidth
from webapp.kernel.mm.dirty_limits import wb_over_bg_thresh
from webapp.kernel.mm.node_stat import global_node_page_state
from webapp.kernel.mm.page_writeback import do_writepages
from webapp.kernel.sched.core import cond_resched
from webapp.kernel.sched.wait import wake_up

if TYPE_CHECKING:
    from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.workqueue import DelayedWork
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/fs-writeback.c"
MIN_WRITEBACK_PAGES = 4096 >> (12 - 10)  # 4 MiB
DIRTY_SCOPE = 8
OTHER_INODES = 17_800  # in memory on a freshly booted machine: the kernel's estimate of dirty pages counts them


@kernel_function
async def wb_workfn(k: Machine, dwork: DelayedWork) -> None:
    """What the worker does when the flusher's time has come; and when it shall come again; may sleep."""
    wb = k.wb
    while True:
        await wb_do_writeback(k, wb)
        if not wb._work_list:
            break
    if wb.has_dirty_io and k.settings.dirty_writeback_centisecs:
        wb_wakeup_delayed(k, wb)


@kernel_function
async def wb_do_writeback(k: Machine, wb: BdiWriteback) -> int:
    """All kinds of work in their order; the number of pages and inodes written. May sleep."""
    wb.running = True
    wrote = 0
    while wb._work_list:
        work = wb._work_list.pop(0)
        wrote += await wb_writeback(k, wb, work)
        finish_writeback_work(k, wb, work)
    wrote += await wb_check_start_all(k, wb)
    wrote += await wb_check_old_data_flush(k, wb)
    wrote += await wb_check_background_flush(k, wb)
    wb.running = False
    return wrote


@kernel_function
def finish_writeback_work(k: Machine, wb: BdiWriteback, work: WbWritebackWork) -> None:
    """The work is done: wake whoever waits for that."""
    work.done = True
    wake_up(k, wb._waitq)


@kernel_function
async def wb_check_start_all(k: Machine, wb: BdiWriteback) -> int:
    """Write everything, if somebody asked for that."""
    if wb._start_all is None:
        return 0
    work = WbWritebackWork(get_nr_dirty_pages(k), "WB_SYNC_NONE", wb._start_all, range_cyclic=True)
    wrote = await wb_writeback(k, wb, work)
    wb._start_all = None
    return wrote


@kernel_function
async def wb_check_old_data_flush(k: Machine, wb: BdiWriteback) -> int:
    """Write what has been dirty for too long, unless that was looked at a moment ago."""
    interval = centisecs(k.settings.dirty_writeback_centisecs)
    if not interval or jiffies(k) < wb._last_old_flush + interval:
        return 0
    wb._last_old_flush = jiffies(k)
    work = WbWritebackWork(
        get_nr_dirty_pages(k), "WB_SYNC_NONE", "periodic", for_kupdate=True, range_cyclic=True
    )  # fmt: skip
    return await wb_writeback(k, wb, work)


@kernel_function
async def wb_check_background_flush(k: Machine, wb: BdiWriteback) -> int:
    """Write while too many pages are dirty."""
    if not wb_over_bg_thresh(k, wb):
        return 0
    work = WbWritebackWork(LONG_MAX, "WB_SYNC_NONE", "background", for_background=True, range_cyclic=True)
    return await wb_writeback(k, wb, work)


@kernel_function
def get_nr_dirty_pages(k: Machine) -> int:
    """How much there may be to write: pages, and a little for every inode, since writing one may dirty others."""
    return global_node_page_state(k, k.vmstat._file_dirty) + OTHER_INODES


@kernel_function
async def wb_writeback(k: Machine, wb: BdiWriteback, work: WbWritebackWork) -> int:
    """Carry out one piece of work; the number of pages written. May sleep.

    Background and periodic work could go on for ever, so they stop as soon as something is queued, and go on after it.
    """
    nr_pages, wb_start, dirtied_before = work.nr_pages, jiffies(k), jiffies(k)
    while work.nr_pages > 0:
        if (work.for_background or work.for_kupdate) and wb._work_list:
            break
        if work.for_background and not wb_over_bg_thresh(k, wb):
            break
        if work.for_kupdate:
            dirtied_before = jiffies(k) - centisecs(k.settings.dirty_expire_centisecs)
        elif work.for_background:
            dirtied_before = jiffies(k)
        if not wb._lists["b_io"]:
            queue_io(k, wb, work, dirtied_before)
        progress = await writeback_sb_inodes(k, wb, work)
        wb_update_bandwidth(k, wb, wb_start)
        if not progress and not wb._lists["b_more_io"]:
            break
    return nr_pages - work.nr_pages


@kernel_function
async def writeback_sb_inodes(k: Machine, wb: BdiWriteback, work: WbWritebackWork) -> int:
    """Write a chunk of each inode on b_io, oldest first; pages and inodes written. May sleep.

    It returns after a tenth of a second, so that its caller can see whether enough has been written.
    """
    start_time, total_wrote = jiffies(k), 0
    while wb._lists["b_io"]:
        inode = wb._lists["b_io"][-1]
        inode.i_state |= I_SYNC
        write_chunk = writeback_chunk_size(k, wb, work)
        wbc = WritebackControl(
            work.sync_mode, 0, LLONG_MAX, write_chunk, work.tagged_writepages, work.for_kupdate, work.for_background,
            work.for_sync, work.range_cyclic,
        )  # fmt: skip
        await __writeback_single_inode(k, inode, wbc)
        work.nr_pages -= write_chunk - wbc.nr_to_write
        total_wrote += max(write_chunk - wbc.nr_to_write, 0)
        await cond_resched()
        if not inode.i_state & I_DIRTY:
            total_wrote += 1
        requeue_inode(k, inode, wb, wbc)
        inode_sync_complete(k, inode)
        if total_wrote and (jiffies(k) > start_time + HZ // 10 or work.nr_pages <= 0):
            break
    return total_wrote


def inode_sync_complete(k: Machine, inode: Inode) -> None:
    """The flusher lets go of the inode. If it is clean now, and nobody uses it, reclaim may take it."""
    inode.i_state &= ~I_SYNC
    inode_add_lru(k, inode)


@kernel_function
def writeback_chunk_size(k: Machine, wb: BdiWriteback, work: WbWritebackWork) -> int:
    """How many pages of one inode to write before others have their turn: what the disk takes in half a second.

    But not more than an eighth of the limit on dirty pages; rounded to 4 MiB, and at least that.
    """
    if work.sync_mode == "WB_SYNC_ALL" or work.tagged_writepages:
        return LONG_MAX
    pages = min(wb.avg_write_bandwidth // 2, wb.dirty_limit // DIRTY_SCOPE, work.nr_pages)
    return (pages + MIN_WRITEBACK_PAGES) // MIN_WRITEBACK_PAGES * MIN_WRITEBACK_PAGES


@kernel_function
async def __writeback_single_inode(k: Machine, inode: Inode, wbc: WritebackControl) -> int:
    """Write dirty pages of an inode, then the inode itself; 0 or a negative errno. May sleep.

    Its dirty bits are cleared here; I_DIRTY_PAGES comes back at once if not all pages were written.
    """
    ret = await do_writepages(k, inode.mapping, wbc)
    dirty = inode.i_state & I_DIRTY
    inode.i_state &= ~dirty
    if inode.mapping._dirty:
        inode.i_state |= I_DIRTY_PAGES
    if dirty & ~I_DIRTY_PAGES:
        ext4_write_inode(k, inode, wbc)
    return ret


@kernel_function
def requeue_inode(k: Machine, inode: Inode, wb: BdiWriteback, wbc: WritebackControl) -> None:
    """Put the inode where it belongs now: off the lists, or on one of them if it is still (or again) dirty."""
    if inode.i_state & I_DIRTY and wbc.tagged:
        inode.dirtied_when = jiffies(k)
    if inode.mapping._dirty:
        if wbc.nr_to_write <= 0:
            requeue_io(k, inode, wb)
        else:
            redirty_tail(k, inode, wb)
    elif inode.i_state & I_DIRTY:
        redirty_tail(k, inode, wb)
    else:
        inode_io_list_del(wb, inode)
        k.stage("note", f"{inode.name} is clean: all of it is on the disk or on its way there")
