"""Memory groups: processes whose memory is counted together, and may be limited; and what memory.stat says of them.

Linux 5.10: include/linux/memcontrol.h, include/linux/page_counter.h
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from webapp.kernel.journal import Tracked

MEMCG_CHARGE_BATCH = 32  # pages that a CPU takes from a counter, or keeps from a statistic, at once
MEMORY_STAT = ("cache", "mapped_file", "inactive_file", "active_file", "pgpgin", "pgpgout")


@dataclass(eq=False)
class MemCgroup(Tracked):
    """struct mem_cgroup: one group below the root, of cgroup v1. All figures are pages.

    ``usage`` is what is charged against ``limit``; ``stock`` is the part of it that this CPU holds in reserve, so that
    most charges need not touch the shared counter. ``max_usage`` is the highest usage, ``failcnt`` how often the limit
    was hit.

    From ``cache`` on the figures are those of memory.stat: pages of files, those of them that are mapped, those on the
    two lists, and all pages charged and uncharged since the start. Each CPU keeps its changes to itself until they are
    more than 32, so these figures lag behind.
    """

    KIND: ClassVar[str] = "memcg"
    limit: int
    usage: int = 0
    stock: int = 0
    max_usage: int = 0
    failcnt: int = 0
    cache: int = 0
    mapped_file: int = 0
    inactive_file: int = 0
    active_file: int = 0
    pgpgin: int = 0
    pgpgout: int = 0
    _pending: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MEMORY_STAT, 0))  # not in the figures yet
    _objects: int = 0  # bytes of the last page charged for small objects of the kernel's that none of them uses yet


def mod_memcg_state(memcg: MemCgroup | None, item: str, pages: int) -> None:
    """Count in memory.stat. The root group has none here."""
    if memcg is None:
        return
    pending = memcg._pending[item] + pages
    if abs(pending) > MEMCG_CHARGE_BATCH:
        setattr(memcg, item, getattr(memcg, item) + pending)
        pending = 0
    memcg._pending[item] = pending
