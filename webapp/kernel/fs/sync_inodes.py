"""Having the flusher write all dirty inodes, and waiting for it: what sync(2) is made of.

The caller does not write anything itself. It queues work, sleeps until the flusher has done it, and then waits for
every page that is under writeback, whoever submitted it.

Linux 5.10: fs/fs-writeback.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.fs_writeback import wb_queue_work
from webapp.kernel.fs.wb_writeback import get_nr_dirty_pages
from webapp.kernel.include.linux.writeback import LONG_MAX, WbWritebackWork
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_sync import filemap_fdatawait_keep_errors
from webapp.kernel.sched.core import schedule
from webapp.kernel.sched.wait import finish_wait, prepare_to_wait

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/fs-writeback.c"


@kernel_function
async def writeback_inodes_sb(k: Machine) -> None:
    """Have everything written that is dirty now, and wait until it is submitted, not until it is on the disk."""
    if not k.wb.has_dirty_io:
        return
    work = WbWritebackWork(get_nr_dirty_pages(k), "WB_SYNC_NONE", "sync", tagged_writepages=True)
    wb_queue_work(k, k.wb, work)
    await wb_wait_for_completion(k, work)


@kernel_function
async def sync_inodes_sb(k: Machine) -> None:
    """Have everything written that is dirty now, also what is being written already, and wait for the disk."""
    work = WbWritebackWork(LONG_MAX, "WB_SYNC_ALL", "sync", for_sync=True)
    wb_queue_work(k, k.wb, work)
    await wb_wait_for_completion(k, work)
    await wait_sb_inodes(k)


@kernel_function
async def wb_wait_for_completion(k: Machine, work: WbWritebackWork) -> None:
    """Sleep until the flusher has done this piece of work."""
    waitq = k.wb._waitq
    prepare_to_wait(k, waitq)
    while not work.done:
        await schedule(k)
        prepare_to_wait(k, waitq)
    finish_wait(k, waitq)


@kernel_function
async def wait_sb_inodes(k: Machine) -> None:
    """Wait for all pages under writeback. An error is left for fsync to report."""
    for inode in [inode for inode in k.fs.inodes.values() if inode.mapping._writeback]:
        await filemap_fdatawait_keep_errors(k, inode.mapping)
