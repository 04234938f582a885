"""Slowing down those who dirty pages faster than the disk can take them.

Interface: `balance_dirty_pages_ratelimited` after each page that a task has dirtied. Now and then it has a look, and
where too many pages are dirty the task sleeps there, for a time that makes it as fast as the disk.

Linux 5.10: mm/page-writeback.c.  Not modelled: memory cgroups, the pages of tasks that have ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.fs_writeback import wb_start_background_writeback
from webapp.kernel.include.linux.backing_dev_defs import WB_STAT_BATCH
from webapp.kernel.include.linux.jiffies import HZ, jiffies
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.dirty_bandwidth import BANDWIDTH_INTERVAL, __wb_update_bandwidth
from webapp.kernel.mm.dirty_limits import (
    RATELIMIT_CALC_SHIFT,
    DirtyThrottleControl,
    dirty_freerun_ceiling,
    domain_dirty_limits,
    global_dirtyable_memory,
    wb_dirty_limits,
    wb_position_ratio,
)
from webapp.kernel.mm.node_stat import global_node_page_state
from webapp.kernel.time.timer import schedule_timeout

if TYPE_CHECKING:
    from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/page-writeback.c"
EXCEEDED_PAUSE = 32 >> (12 - 10)  # pages between two looks, while the limit is exceeded: 32 KiB
DIRTY_POLL_THRESH = 128 >> (12 - 10)
MAX_PAUSE = max(HZ // 5, 1)
HZ_POW2 = 1 << (HZ - 1).bit_length()


@kernel_function
async def balance_dirty_pages_ratelimited(k: Machine, mapping: AddressSpace) -> None:
    """Every now and then, make a task that dirties pages look whether there are too many; may sleep.

    The question is not asked for every page: only after as many as the task was allowed the last time, or when all
    tasks of this CPU together have dirtied very many.
    """
    task, wb = k.current, k.wb
    if mapping._a_ops is None or mapping._a_ops.writepages is None:
        return
    ratelimit = task.nr_dirtied_pause
    if wb.dirty_exceeded:
        ratelimit = min(ratelimit, EXCEEDED_PAUSE)
    if task.nr_dirtied >= ratelimit:
        wb._bdp_ratelimits = 0
    elif wb._bdp_ratelimits >= wb._ratelimit_pages:
        wb._bdp_ratelimits = 0
        ratelimit = 0
    if task.nr_dirtied >= ratelimit:
        await balance_dirty_pages(k, wb, task.nr_dirtied)


@kernel_function
async def balance_dirty_pages(k: Machine, wb: BdiWriteback, pages_dirtied: int) -> None:
    """Look how many pages are dirty, wake the flusher if need be, and sleep if this task dirties them too fast.

    Below freerun nothing happens but that the next look is fixed: the further from the limit, the later. Above it the
    pause is pages_dirtied / task_ratelimit, less the time that has passed since the last one anyway. At the limit the
    rate is 0: the task sleeps, looks again, and so on until the disk has made room.
    """
    task, start_time, exceeded = k.current, jiffies(k), False
    dtc = DirtyThrottleControl()
    while True:
        now, reclaimable = jiffies(k), global_node_page_state(k, k.vmstat._file_dirty)
        dtc.avail = global_dirtyable_memory(k)
        dtc.dirty = reclaimable + global_node_page_state(k, k.vmstat._under_writeback)
        domain_dirty_limits(k, dtc)
        if dtc.dirty <= dirty_freerun_ceiling(dtc.thresh, dtc.bg_thresh):
            task.dirty_paused_when, task.nr_dirtied = now, 0
            task.nr_dirtied_pause = dirty_poll_interval(dtc.dirty, dtc.thresh)
            k.stage("note", f"{dtc.dirty} pages are dirty or being written, {dtc.thresh} may be: go on")
            break
        if not wb.running:
            wb_start_background_writeback(k, wb)
        wb_dirty_limits(k, wb, dtc)
        exceeded = dtc.wb_dirty > dtc.wb_thresh and dtc.dirty > dtc.thresh
        wb_position_ratio(k, wb, dtc)
        if exceeded and not wb.dirty_exceeded:
            wb.dirty_exceeded = True
        if now > wb._bw_time_stamp + BANDWIDTH_INTERVAL:
            __wb_update_bandwidth(k, wb, dtc, start_time)

        rate = wb.dirty_ratelimit * dtc.pos_ratio >> RATELIMIT_CALC_SHIFT
        max_pause = wb_max_pause(wb, dtc.wb_dirty)
        min_pause, nr_dirtied_pause = wb_min_pause(wb, max_pause, rate)
        period = HZ * pages_dirtied // rate if rate else max_pause
        pause = period
        if rate and task.dirty_paused_when is not None:
            pause -= now - task.dirty_paused_when
        if rate and pause < min_pause:
            go_on_without_pause(task, now, pause, period, pages_dirtied)
            break
        if pause > max_pause:
            now += min(pause - max_pause, max_pause)
            pause = max_pause
        k.stage(
            "throttle",
            f"{dtc.dirty} pages are dirty or being written, {dtc.thresh} may be: "
            f"{task.comm} may dirty {rate} pages a second and sleeps for {pause * 1000 // HZ} ms",
            dirty=dtc.dirty, thresh=dtc.thresh, task_ratelimit=rate, pause=pause,
        )  # fmt: skip
        task.state, task.waiting, task._until = "sleeping", "dirty pages", "fewer"
        await schedule_timeout(k, pause)
        task.dirty_paused_when, task.nr_dirtied, task.nr_dirtied_pause = now + pause, 0, nr_dirtied_pause
        if rate or dtc.wb_dirty <= WB_STAT_BATCH:
            break
    if not exceeded and wb.dirty_exceeded:
        wb.dirty_exceeded = False
    if not wb.running and reclaimable > dtc.bg_thresh:
        wb_start_background_writeback(k, wb)


def go_on_without_pause(task: Task, now: int, pause: int, period: int, pages_dirtied: int) -> None:
    """The pause would be too short to be worth it: it is added to the next one. A slow dirtier is owed none."""
    if pause < -HZ:
        task.dirty_paused_when, task.nr_dirtied = now, 0
    elif period:
        task.dirty_paused_when, task.nr_dirtied = (task.dirty_paused_when or now) + period, 0
    elif task.nr_dirtied_pause <= pages_dirtied:
        task.nr_dirtied_pause += pages_dirtied


def dirty_poll_interval(dirty: int, thresh: int) -> int:
    """After how many pages to look again: about the square root of what may still be dirtied."""
    return 1 << ((thresh - dirty).bit_length() - 1 >> 1) if thresh > dirty else 1


def wb_max_pause(wb: BdiWriteback, wb_dirty: int) -> int:
    """The longest pause: the disk must not run out of work meanwhile."""
    per_tick = wb.avg_write_bandwidth // (1 << (HZ // 8).bit_length())
    return min(wb_dirty // (1 + per_tick) + 1, MAX_PAUSE)


def wb_min_pause(wb: BdiWriteback, max_pause: int, task_ratelimit: int) -> tuple[int, int]:
    """The shortest pause worth taking, and the number of pages to dirty before the next look.

    The aim is a pause of 10 ms, more if many tasks share the disk, and no fewer than 32 pages between two looks.
    """
    ratelimit = wb.dirty_ratelimit
    target = max(1, HZ // 100)
    high, low = wb.avg_write_bandwidth.bit_length(), ratelimit.bit_length()
    if high > low:
        target += (high - low) * (10 * HZ) // 1024
    target = min(target, 1 + max_pause // 2)
    pages = ratelimit * target // HZ_POW2
    if pages < DIRTY_POLL_THRESH:
        target = max_pause
        pages = ratelimit * target // HZ_POW2
        if pages > DIRTY_POLL_THRESH:
            pages = DIRTY_POLL_THRESH
            target = HZ * DIRTY_POLL_THRESH // ratelimit
    if HZ * pages // (task_ratelimit + 1) > max_pause:
        target = max_pause
        pages = task_ratelimit * target // HZ_POW2
    return (1 + target // 2 if pages >= DIRTY_POLL_THRESH else target), pages
