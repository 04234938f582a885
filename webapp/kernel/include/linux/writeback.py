"""How writeback is told what to write.

Linux 5.10: include/linux/writeback.h, fs/fs-writeback.c (struct wb_writeback_work)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SyncMode = Literal["WB_SYNC_NONE", "WB_SYNC_ALL"]
WbReason = Literal["background", "vmscan", "sync", "periodic"]
LONG_MAX = 0x7FFFFFFF
LLONG_MAX = (1 << 63) - 1


@dataclass
class WritebackControl:
    """struct writeback_control: bytes ``range_start``..``range_end`` (inclusive), at most ``nr_to_write`` pages.

    WB_SYNC_ALL is for those who wait (fsync): every page that is dirty now gets written, and so does with
    ``tagged_writepages``. With ``range_cyclic`` writing goes on where it ended the last time, round and round.
    """

    sync_mode: SyncMode
    range_start: int
    range_end: int
    nr_to_write: int
    tagged_writepages: bool = False
    for_kupdate: bool = False
    for_background: bool = False
    for_sync: bool = False
    range_cyclic: bool = False

    @property
    def tagged(self) -> bool:
        """Whether the pages to be written are marked before the first is."""
        return self.sync_mode == "WB_SYNC_ALL" or self.tagged_writepages

    def brief(self) -> dict[str, int | str]:
        """What a stage shows of it."""
        return {
            "sync_mode": self.sync_mode, "range_start": self.range_start, "range_end": self.range_end,
            "nr_to_write": self.nr_to_write,
        }  # fmt: skip


@dataclass(eq=False)
class WbWritebackWork:
    """struct wb_writeback_work: something for the flusher to do. ``done`` turns true when it has done it.

    ``for_kupdate`` is the periodic work on old inodes, ``for_background`` the work that ends when few enough pages are
    dirty, ``for_sync`` that of sync(2).
    """

    nr_pages: int
    sync_mode: SyncMode
    reason: WbReason
    tagged_writepages: bool = False
    for_kupdate: bool = False
    range_cyclic: bool = False
    for_background: bool = False
    for_sync: bool = False
    done: bool = False

    def brief(self) -> dict[str, int | str]:
        """What a stage shows of it."""
        return {"reason": self.reason, "nr_pages": self.nr_pages, "sync_mode": self.sync_mode}
