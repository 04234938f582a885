"""How writeback is told what to write.  Linux 5.10: include/linux/writeback.h"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SyncMode = Literal["WB_SYNC_NONE", "WB_SYNC_ALL"]


@dataclass
class WritebackControl:
    """struct writeback_control: bytes ``range_start``..``range_end`` (inclusive), at most ``nr_to_write`` pages.

    WB_SYNC_ALL is for those who wait (fsync): every page that is dirty now gets written.
    """

    sync_mode: SyncMode
    range_start: int
    range_end: int
    nr_to_write: int

    def brief(self) -> dict[str, int | str]:
        """What a stage shows of it."""
        return {"sync_mode": self.sync_mode, "range_start": self.range_start, "range_end": self.range_end}
