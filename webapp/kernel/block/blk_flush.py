"""Flushing: making the disk write what it only keeps in its own cache.  Linux 5.10: block/blk-flush.c, block/bio.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.block.blk_core import submit_bio
from webapp.kernel.include.linux.bio import Bio
from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import io_schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "block/blk-flush.c"


@kernel_function
async def blkdev_issue_flush(k: Machine, inode: Inode) -> int:
    """Send a request without data that asks for a flush, on behalf of ``inode``, and wait for it."""
    bio = Bio(k.journal, op="FWS", inode=inode, sector=0, nr_sectors=0, pages=[0, -1], submitted=k.now)
    await submit_bio_wait(k, bio)
    return 0


@kernel_function(file="block/bio.c")
async def submit_bio_wait(k: Machine, bio: Bio) -> None:
    """Submit a request and sleep until it is done."""
    task = k.current
    submit_bio(k, bio, lambda k, bio: submit_bio_wait_endio(k, bio, task))
    while bio.state != "done":
        task.state, task.waiting, task._until = "sleeping", bio.ref, "done"
        await io_schedule(k)


@kernel_function(file="block/bio.c")
def submit_bio_wait_endio(k: Machine, bio: Bio, task: Task) -> None:
    """The request is done: wake who waits for it."""
    k.stage("io-done", f"{bio.op} is done: what the disk had in its cache is on the medium", bio=bio.ref)
    wake_up_process(k, task)
