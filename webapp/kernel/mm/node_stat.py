"""Counters of pages: what the kernel reads when it has to decide something.

The figures of /proc/vmstat are exact here. The kernel itself reads them with an error: each CPU keeps a difference to
itself, adds it once it has reached STAT_BATCH, and once a second in any case. With limits of a few dozen pages the
error shows: the flusher is woken some pages later than the limit says.

Linux 5.10: mm/vmstat.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.jiffies import HZ, jiffies

if TYPE_CHECKING:
    from webapp.kernel.lib.percpu_counter import PercpuCounter
    from webapp.kernel.machine import Machine


def global_node_page_state(k: Machine, counter: PercpuCounter) -> int:
    """The counter as the kernel sees it; vmstat_update has added this CPU's difference if a second has gone by."""
    second = jiffies(k) // HZ
    if second != k.vmstat._updated:
        k.vmstat._updated = second
        for each in (k.vmstat._file_dirty, k.vmstat._under_writeback):
            each.count, each.pending = each.sum(), 0
    return counter.read_positive()


def count_dirty(k: Machine, pages: int) -> None:
    """So many pages more (fewer, if negative) are dirty: NR_FILE_DIRTY of the node, WB_RECLAIMABLE of the disk."""
    k.vmstat.nr_dirty += pages
    k.vmstat._file_dirty.add(pages)
    k.wb._reclaimable.add(pages)


def count_writeback(k: Machine, pages: int) -> None:
    """So many pages more (or fewer) are under writeback."""
    k.vmstat.nr_writeback += pages
    k.vmstat._under_writeback.add(pages)
    k.wb._writeback.add(pages)
