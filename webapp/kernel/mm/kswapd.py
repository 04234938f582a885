"""kswapd: the kernel thread that keeps some memory free.

It is woken when an allocation finds no more than the low watermark free, works until more than the high watermark is,
and sleeps again: so that those who need a page find one and seldom have to reclaim by themselves.

Linux 5.10: mm/vmscan.c.  Not modelled: watermark boosting, compaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.gfp import GFP_KERNEL
from webapp.kernel.include.linux.jiffies import HZ
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.scan_control import SWAP_CLUSTER_MAX, ScanControl
from webapp.kernel.mm.vmscan import MAX_RECLAIM_RETRIES, allow_direct_reclaim, shrink_node, snapshot_refaults
from webapp.kernel.sched.core import schedule
from webapp.kernel.sched.wait import finish_wait, prepare_to_wait, wake_up
from webapp.kernel.time.timer import schedule_timeout

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/vmscan.c"


@kernel_function
async def kswapd(k: Machine) -> None:
    """Work, sleep, work, for as long as the machine runs. When a program starts here, it has long been asleep."""
    k.current._memalloc = True
    finish_wait(k, k.node._kswapd_wait)
    while True:
        await balance_pgdat(k)
        await kswapd_try_to_sleep(k)


@kernel_function(inlined=True)
async def balance_pgdat(k: Machine) -> None:
    """Reclaim, more and more thoroughly, until more than the high watermark is free; may sleep."""
    k.vmstat.pageoutrun += 1
    sc = ScanControl(GFP_KERNEL)
    while not pgdat_balanced(k):
        nr_reclaimed, sc.nr_scanned = sc.nr_reclaimed, 0
        raise_priority = not await kswapd_shrink_node(k, sc)
        if k.node._pfmemalloc_wait.head and allow_direct_reclaim(k):
            wake_up(k, k.node._pfmemalloc_wait)
        if raise_priority or sc.nr_reclaimed == nr_reclaimed:
            sc.priority -= 1
        if sc.priority < 1:
            if not sc.nr_reclaimed:
                k.node.kswapd_failures += 1
            break
    snapshot_refaults(k)


@kernel_function(inlined=True)
async def kswapd_shrink_node(k: Machine, sc: ScanControl) -> bool:
    """One pass that aims at as many pages as the high watermark has; whether it has looked at that many."""
    sc.nr_to_reclaim = max(k.zone.high, SWAP_CLUSTER_MAX)
    await shrink_node(k, sc)
    return sc.nr_scanned >= sc.nr_to_reclaim


@kernel_function
def pgdat_balanced(k: Machine) -> bool:
    """Whether more than the high watermark is free."""
    return k.vmstat.nr_free_pages > k.zone.high


@kernel_function
def prepare_kswapd_sleep(k: Machine) -> bool:
    """Whether kswapd may sleep: all is well, or it has failed so often that others have to see to it."""
    wake_up(k, k.node._pfmemalloc_wait)
    if k.node.kswapd_failures >= MAX_RECLAIM_RETRIES:
        return True
    if not pgdat_balanced(k):
        return False
    k.node.dirty = k.node.writeback = False
    return True


@kernel_function(inlined=True)
async def kswapd_try_to_sleep(k: Machine) -> None:
    """First a nap of 100 ms. To be woken from it means to have stopped too early; then sleep until memory is short."""
    queue, remaining = k.node._kswapd_wait, 0
    prepare_to_wait(k, queue)
    if prepare_kswapd_sleep(k):
        remaining = await schedule_timeout(k, HZ // 10)
        finish_wait(k, queue)
        prepare_to_wait(k, queue)
    if not remaining and prepare_kswapd_sleep(k):
        k.stage("wait", f"kswapd sleeps: {k.vmstat.nr_free_pages} pages are free, {k.zone.high} is the high watermark")
        await schedule(k)
    elif remaining:
        k.vmstat.kswapd_low_wmark_hit_quickly += 1
    else:
        k.vmstat.kswapd_high_wmark_hit_quickly += 1
    finish_wait(k, queue)


@kernel_function
def wakeup_kswapd(k: Machine) -> None:
    """Memory is below the low watermark: kswapd shall work, if it sleeps and has not given up."""
    queue = k.node._kswapd_wait
    if not queue.head or k.node.kswapd_failures >= MAX_RECLAIM_RETRIES or pgdat_balanced(k):
        return
    k.stage("wake", f"{k.vmstat.nr_free_pages} pages are free, {k.zone.low} is the low watermark: kswapd is woken")
    wake_up(k, queue)
