"""What the kernel knows about writing to one disk: which inodes are dirty, and how fast the disk takes pages.

Fields only.  Linux 5.10: include/linux/backing-dev-defs.h, include/linux/writeback.h (struct wb_domain)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.linux.wait import WaitQueueHead
from webapp.kernel.include.linux.writeback import WbReason, WbWritebackWork
from webapp.kernel.journal import Tracked
from webapp.kernel.lib.percpu_counter import PercpuCounter

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.workqueue import DelayedWork

INIT_BW = 100 << (20 - PAGE_SHIFT)  # 100 MiB a second, in pages: what a disk is believed to do before it has shown it
WB_STAT_BATCH = 8  # of the counters below, on a machine with one CPU

IoList = Literal["b_dirty", "b_io", "b_more_io"]


def wb_counter() -> PercpuCounter:
    """A counter of a bdi_writeback."""
    return PercpuCounter(WB_STAT_BATCH)


@dataclass(eq=False)
class BdiWriteback(Tracked):
    """struct bdi_writeback: the writeback of one disk. ``b_dirty``, ``b_io``, ``b_more_io`` count inodes on its lists.

    An inode joins ``b_dirty`` when it becomes dirty; the flusher moves those it will write now to ``b_io``, and those
    that it could not finish to ``b_more_io``. ``thresh`` and ``bg_thresh`` are the limits on dirty pages when they were
    last computed, ``dirty_limit`` the slowly falling one that holds. The bandwidths and rates are pages a second.
    """

    KIND: ClassVar[str] = "wb"
    SINGLE: ClassVar[bool] = True
    b_dirty: int = 0
    b_io: int = 0
    b_more_io: int = 0
    running: bool = False  # WB_writeback_running
    dirty_exceeded: bool = False
    thresh: int = 0
    bg_thresh: int = 0
    dirty_limit: int = 0  # of the wb_domain, which has this disk only
    write_bandwidth: int = INIT_BW
    avg_write_bandwidth: int = INIT_BW
    dirty_ratelimit: int = INIT_BW
    balanced_dirty_ratelimit: int = INIT_BW

    _lists: dict[IoList, list[Inode]] = field(default_factory=lambda: {"b_dirty": [], "b_io": [], "b_more_io": []})
    _work_list: list[WbWritebackWork] = field(default_factory=list)
    _start_all: WbReason | None = None  # WB_start_all: somebody wants everything written
    _last_old_flush: int = 0  # jiffies, like all stamps
    _dwork: DelayedWork | None = None
    _waitq: WaitQueueHead = field(default_factory=lambda: WaitQueueHead("writeback to end"))

    _reclaimable: PercpuCounter = field(default_factory=wb_counter)  # WB_RECLAIMABLE: dirty pages
    _writeback: PercpuCounter = field(default_factory=wb_counter)  # WB_WRITEBACK
    _dirtied: PercpuCounter = field(default_factory=wb_counter)  # WB_DIRTIED, since the start
    _written: PercpuCounter = field(default_factory=wb_counter)  # WB_WRITTEN
    _dirtied_stamp: int = 0
    _written_stamp: int = 0
    _bw_time_stamp: int = 0
    _dirty_limit_tstamp: int = 0
    _bdp_ratelimits: int = 0  # pages dirtied on this CPU since a task last looked at the limits
    _ratelimit_pages: int = 32

    @property
    def has_dirty_io(self) -> bool:
        """WB_has_dirty_io: some inode is on one of the lists."""
        return bool(self.b_dirty or self.b_io or self.b_more_io)
