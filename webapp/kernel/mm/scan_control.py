"""What one reclaim wants, may do, and has done.  Linux 5.10: mm/vmscan.c:struct scan_control"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.include.linux.gfp import gfp_t
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.machine import Machine

DEF_PRIORITY = 12
SHRINK_STOP = -1  # what a shrinker answers that cannot work now
SWAP_CLUSTER_MAX = 32  # pages that are isolated at once


@dataclass
class ReclaimStat:
    """struct reclaim_stat: what shrink_page_list met. ``immediate`` pages have come round while being written."""

    dirty: int = 0
    unqueued_dirty: int = 0
    congested: int = 0
    writeback: int = 0
    immediate: int = 0
    pageout: int = 0
    activate: int = 0
    ref_keep: int = 0
    unmap_fail: int = 0
    taken: int = 0
    file_taken: int = 0


@dataclass
class ScanControl:
    """struct scan_control. ``priority`` p means: look at the 2^p-th part of each list, so 12 is gentle and 0 thorough.

    ``target_mem_cgroup`` is the group that is short of memory; none: the whole machine is. ``may_deactivate_file``
    allows taking pages off the active list, ``skipped_deactivate`` says that this was wanted and not allowed.
    """

    gfp_mask: gfp_t
    nr_to_reclaim: int = SWAP_CLUSTER_MAX
    target_mem_cgroup: MemCgroup | None = None
    priority: int = DEF_PRIORITY
    may_writepage: bool = True
    may_unmap: bool = True
    may_deactivate_file: bool = False
    force_deactivate: bool = False
    skipped_deactivate: bool = False
    nr_scanned: int = 0
    nr_reclaimed: int = 0
    reclaimed_slab: int = 0  # pages that came back with inodes (reclaim_state)
    nr: ReclaimStat = field(default_factory=ReclaimStat)

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return {"priority": self.priority, "nr_reclaimed": self.nr_reclaimed, "nr_to_reclaim": self.nr_to_reclaim}


def cgroup_reclaim(sc: ScanControl) -> bool:
    """Whether a group hit its own limit, as opposed to the machine running short."""
    return sc.target_mem_cgroup is not None


def current_is_kswapd(k: Machine) -> bool:
    """Whether this is kswapd, which nobody waits for, and not somebody who needs a page now."""
    return k.current is k.kswapd
