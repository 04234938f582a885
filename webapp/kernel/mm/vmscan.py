"""Reclaim: freeing pages when memory runs short.

Who reclaims, and for whom:

    kswapd                          the whole machine, in the background, once less than the low watermark is free
    try_to_free_pages               the whole machine, by whoever needs a page and finds less than the min watermark
    try_to_free_mem_cgroup_pages    one group, by whoever wants to charge a page and has hit the group's limit

Each goes over the node with growing thoroughness: at priority 12 it looks at the 4096th part of the lists, at 11 at
twice as much, at 0 at everything. It stops as soon as it has freed enough.

Linux 5.10: mm/vmscan.c.  Not modelled: swap, so anonymous pages are never looked at; memory.low and memory.min.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from webapp.kernel.include.linux.gfp import __GFP_FS, __GFP_HIGHMEM, __GFP_MOVABLE, GFP_KERNEL
from webapp.kernel.include.linux.jiffies import HZ
from webapp.kernel.include.linux.mm_inline import lruvec_page_state
from webapp.kernel.include.linux.mmzone import EVICTABLE, LruList
from webapp.kernel.include.linux.page_flags import PG_active
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.oom_kill import task_is_dying
from webapp.kernel.mm.scan_control import (
    DEF_PRIORITY,
    SWAP_CLUSTER_MAX,
    ReclaimStat,
    ScanControl,
    cgroup_reclaim,
    current_is_kswapd,
)
from webapp.kernel.mm.shrinker import shrink_slab
from webapp.kernel.mm.swap import putback_lru_page
from webapp.kernel.mm.vmscan_lists import shrink_active_list, shrink_inactive_list
from webapp.kernel.mm.vmscan_pages import shrink_page_list
from webapp.kernel.sched.core import cond_resched
from webapp.kernel.sched.wait import finish_wait, prepare_to_wait, wake_up
from webapp.kernel.time.timer import schedule_timeout

if TYPE_CHECKING:
    from webapp.kernel.include.linux.gfp import gfp_t
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

PAGES_PER_GIB_SHIFT = 18
MAX_RECLAIM_RETRIES = 16


# One pass over the node.


@kernel_function
async def shrink_node(k: Machine, sc: ScanControl) -> None:
    """Look at a part of every list, and at the kernel's own caches; may sleep.

    Active pages may be moved to the inactive list if that has become the shorter one, or if pages came back so soon
    that they were activated: then the active list holds what is not needed any more.
    """
    nr_reclaimed, sc.nr = sc.nr_reclaimed, ReclaimStat()
    refaulted = lruvec_page_state(k.lru, "workingset_activate") != k.lru._refaults
    sc.may_deactivate_file = sc.force_deactivate or refaulted or inactive_is_low(k, "file")
    await shrink_node_memcgs(k, sc)
    sc.nr_reclaimed += sc.reclaimed_slab
    sc.reclaimed_slab = 0
    if current_is_kswapd(k):
        await throttle_kswapd(k, sc)
    if sc.nr_reclaimed > nr_reclaimed:
        k.node.kswapd_failures = 0


async def throttle_kswapd(k: Machine, sc: ScanControl) -> None:
    """What kswapd learns from the pages that it met: are all under writeback, are all dirty, is it too fast?"""
    node, met = k.node, sc.nr
    if met.writeback and met.writeback == met.taken:
        node.writeback = True
    if met.unqueued_dirty == met.file_taken:
        node.dirty = True
    if met.immediate:
        await congestion_wait(k, HZ // 10)


@kernel_function(file="mm/backing-dev.c")
async def congestion_wait(k: Machine, timeout: int) -> None:
    """Sleep for ``timeout`` ticks: the disk has more to write than it can."""
    k.current.state, k.current.waiting = "sleeping", "the disk"
    await schedule_timeout(k, timeout)


@kernel_function
def inactive_is_low(k: Machine, kind: str) -> bool:
    """Whether the inactive list is too short beside the active one. Up to 1 GiB of pages: if it is the shorter one."""
    inactive, active = lruvec_page_state(k.lru, f"inactive_{kind}"), lruvec_page_state(k.lru, f"active_{kind}")
    gib = (inactive + active) >> PAGES_PER_GIB_SHIFT
    ratio = isqrt(10 * gib) if gib else 1
    return bool(inactive * ratio < active)


@kernel_function(inlined=True)
async def shrink_node_memcgs(k: Machine, sc: ScanControl) -> None:
    """One group after the other, in Linux. Here all pages belong to one."""
    await cond_resched()
    await shrink_lruvec(k, sc)
    await shrink_slab(k, sc)


@kernel_function(inlined=True)
def get_scan_count(k: Machine, sc: ScanControl) -> dict[LruList, int]:
    """How many pages of each list to look at: its length, divided by 2 as often as the priority says.

    Without a swap area looking at anonymous pages would be in vain.
    """
    lru = k.lru
    return {
        "inactive_anon": 0,
        "active_anon": 0,
        "inactive_file": lru.inactive_file >> sc.priority,
        "active_file": lru.active_file >> sc.priority,
    }


@kernel_function
async def shrink_lruvec(k: Machine, sc: ScanControl) -> None:
    """Take 32 pages at a time from each list in turn, until all that should be looked at have been; may sleep.

    It may stop before, when enough is freed. Only the gentlest pass of direct reclaim always goes to the end.
    """
    nr = get_scan_count(k, sc)
    nr_reclaimed = 0
    proportional = not cgroup_reclaim(sc) and not current_is_kswapd(k) and sc.priority == DEF_PRIORITY
    while nr["inactive_file"] or nr["active_file"]:
        for lru in EVICTABLE:
            if nr[lru]:
                nr_to_scan = min(nr[lru], SWAP_CLUSTER_MAX)
                nr[lru] -= nr_to_scan
                nr_reclaimed += await shrink_list(k, lru, nr_to_scan, sc)
        await cond_resched()
        if nr_reclaimed >= sc.nr_to_reclaim and not proportional:
            break  # of the anonymous lists, against which this would be weighed, there is nothing to scan
    sc.nr_reclaimed += nr_reclaimed


@kernel_function(inlined=True)
async def shrink_list(k: Machine, lru: LruList, nr_to_scan: int, sc: ScanControl) -> int:
    """Reclaim from an inactive list; refill it from an active one, if that may be touched. The number freed."""
    if lru in ("inactive_file", "inactive_anon"):
        return await shrink_inactive_list(k, nr_to_scan, sc, lru)
    if sc.may_deactivate_file:
        await shrink_active_list(k, nr_to_scan, sc, lru)
    else:
        sc.skipped_deactivate = True
    return 0


# From gentle to thorough.


@kernel_function
async def do_try_to_free_pages(k: Machine, sc: ScanControl) -> int:
    """One pass after the other, each twice as thorough as the last, until enough is freed; may sleep.

    If nothing at all was freed and active pages were spared, everything is done again without sparing them.
    """
    while True:
        count_allocstall(k, sc)
        while sc.priority >= 0:
            sc.nr_scanned = 0
            await shrink_node(k, sc)
            if sc.nr_reclaimed >= sc.nr_to_reclaim:
                break
            sc.priority -= 1
        snapshot_refaults(k)
        if sc.nr_reclaimed or not sc.skipped_deactivate:
            return sc.nr_reclaimed
        sc.priority, sc.force_deactivate, sc.skipped_deactivate = DEF_PRIORITY, True, False


def count_allocstall(k: Machine, sc: ScanControl) -> None:
    """Somebody has to wait for a page because memory is short: count it for the zone that it could have come from."""
    if cgroup_reclaim(sc):
        return
    if not sc.gfp_mask & __GFP_HIGHMEM:
        k.vmstat.allocstall_normal += 1
    elif sc.gfp_mask & __GFP_MOVABLE:
        k.vmstat.allocstall_movable += 1
    else:
        k.vmstat.allocstall_high += 1


def snapshot_refaults(k: Machine) -> None:
    """Remember how many pages had to be activated on their return, to see next time whether there were more."""
    k.lru._refaults = lruvec_page_state(k.lru, "workingset_activate")


@kernel_function
async def try_to_free_pages(k: Machine, gfp_mask: gfp_t) -> int:
    """Direct reclaim: somebody needs a page, and kswapd did not keep up; may sleep. The number of pages freed."""
    if await throttle_direct_reclaim(k, gfp_mask):
        return 1
    return await do_try_to_free_pages(k, ScanControl(gfp_mask=gfp_mask))


@kernel_function
async def try_to_free_mem_cgroup_pages(k: Machine, memcg: MemCgroup, nr_pages: int, gfp_mask: gfp_t) -> int:
    """Reclaim within a group that has hit its limit; may sleep. The number of pages freed, usually 32 or more.

    Whoever does this is let through where memory is short meanwhile: it is about to give more back.
    """
    sc = ScanControl(gfp_mask, max(nr_pages, SWAP_CLUSTER_MAX), memcg)
    task = k.current
    before, task._memalloc = task._memalloc, True
    freed = await do_try_to_free_pages(k, sc)
    task._memalloc = before
    return freed


@kernel_function
async def reclaim_pages(k: Machine, page_list: list[Page]) -> int:
    """Reclaim these pages now, whatever their place on the lists was (MADV_PAGEOUT); may sleep. How many went.

    The caller has isolated each of them by isolate_lru_page.
    """
    sc = ScanControl(GFP_KERNEL)
    for page in page_list:
        page.flags &= ~PG_active
    nr_reclaimed = await shrink_page_list(k, page_list, sc, sc.nr, False)
    for page in page_list:
        putback_lru_page(k, page)
    return nr_reclaimed


# When not even the reserves are left.


@kernel_function
def allow_direct_reclaim(k: Machine) -> bool:
    """Whether half of the min watermark is free: memory that reclaim itself may need. If not, kswapd must be awake."""
    if k.node.kswapd_failures >= MAX_RECLAIM_RETRIES or not k.lru.inactive_file + k.lru.active_file:
        return True
    allowed = k.vmstat.nr_free_pages > k.zone.min // 2
    if not allowed:
        wake_up(k, k.node._kswapd_wait)
    return allowed


@kernel_function
async def throttle_direct_reclaim(k: Machine, gfp_mask: gfp_t) -> bool:
    """Wait for kswapd while memory is next to gone; may sleep. True if a fatal signal ended the wait."""
    task, queue = k.current, k.node._pfmemalloc_wait
    if task.mm is None or task_is_dying(task) or allow_direct_reclaim(k):
        return False
    k.vmstat.pgscan_direct_throttle += 1
    while True:
        prepare_to_wait(k, queue)
        if allow_direct_reclaim(k) or task_is_dying(task):
            break
        left = await schedule_timeout(k, HZ)
        if not gfp_mask & __GFP_FS and not left:
            break
    finish_wait(k, queue)
    return task_is_dying(task)
