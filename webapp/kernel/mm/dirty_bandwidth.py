"""How fast the disk takes dirty pages, and how fast a task may dirty them: both are measured as things go on.

``write_bandwidth`` is an average over three seconds of what was written. ``dirty_ratelimit`` is the rate at which one
task may dirty pages so that no more become dirty than are written. It moves towards that in small steps, and only if
the number of dirty pages asks for it too: a control loop that would rather be slow than swing.

Linux 5.10: mm/page-writeback.c.  All rates are pages a second, all times jiffies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.jiffies import HZ, jiffies
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.dirty_limits import (
    RATELIMIT_CALC_SHIFT,
    DirtyThrottleControl,
    dirty_freerun_ceiling,
    hard_dirty_limit,
)

if TYPE_CHECKING:
    from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/page-writeback.c"
BANDWIDTH_INTERVAL = max(HZ // 5, 1)  # at most so often
PERIOD = 1 << (3 * HZ - 1).bit_length()  # of the average
BITS_PER_LONG = 32


@kernel_function
def wb_update_bandwidth(k: Machine, wb: BdiWriteback, start_time: int) -> None:
    """The flusher has written something: measure the disk, but leave the tasks' rate alone."""
    __wb_update_bandwidth(k, wb, None, start_time)


@kernel_function
def __wb_update_bandwidth(k: Machine, wb: BdiWriteback, dtc: DirtyThrottleControl | None, start_time: int) -> None:
    """Take the measures, if a fifth of a second has gone by. With ``dtc``, adjust limit and rate of the tasks too.

    After a long rest only the counters are noted: the time in which nothing was written says nothing about the disk.
    """
    now = jiffies(k)
    elapsed = now - wb._bw_time_stamp
    if elapsed < BANDWIDTH_INTERVAL:
        return
    dirtied, written = wb._dirtied.read_positive(), wb._written.read_positive()
    if not (elapsed > HZ and wb._bw_time_stamp < start_time):
        if dtc is not None:
            domain_update_bandwidth(k, wb, dtc, now)
            wb_update_dirty_ratelimit(k, wb, dtc, dirtied, elapsed)
        wb_update_write_bandwidth(k, wb, elapsed, written)
    wb._dirtied_stamp, wb._written_stamp, wb._bw_time_stamp = dirtied, written, now


@kernel_function
def wb_update_write_bandwidth(k: Machine, wb: BdiWriteback, elapsed: int, written: int) -> None:
    """What the disk has written in ``elapsed`` ticks changes the average; a second, smoother one follows behind."""
    average, old = wb.avg_write_bandwidth, wb.write_bandwidth
    bandwidth = max(written - wb._written_stamp, 0) * HZ
    if elapsed > PERIOD:
        bandwidth //= elapsed
        average = bandwidth
    else:
        bandwidth = (bandwidth + old * (PERIOD - elapsed)) >> (PERIOD.bit_length() - 1)
        if average > old >= bandwidth:
            average -= (average - old) >> 3
        if average < old <= bandwidth:
            average += (old - average) >> 3
    wb.write_bandwidth, wb.avg_write_bandwidth = bandwidth, max(average, 1)


@kernel_function
def domain_update_bandwidth(k: Machine, wb: BdiWriteback, dtc: DirtyThrottleControl, now: int) -> None:
    """Let the limit follow the threshold: up at once, down step by step, so that tasks are not stopped at a stroke."""
    if now < wb._dirty_limit_tstamp + BANDWIDTH_INTERVAL:
        return
    wb._dirty_limit_tstamp = now
    if wb.dirty_limit < dtc.thresh:
        wb.dirty_limit = dtc.thresh
    else:
        wb.dirty_limit -= max(wb.dirty_limit - max(dtc.thresh, dtc.dirty), 0) >> 5


@kernel_function
def wb_update_dirty_ratelimit(
    k: Machine, wb: BdiWriteback, dtc: DirtyThrottleControl, dirtied: int, elapsed: int
) -> None:
    """Move the tasks' rate towards the one at which as much is dirtied as is written."""
    setpoint = (dirty_freerun_ceiling(dtc.thresh, dtc.bg_thresh) + hard_dirty_limit(wb, dtc.thresh)) // 2
    rate, write_bw = wb.dirty_ratelimit, wb.avg_write_bandwidth
    dirty_rate = (dirtied - wb._dirtied_stamp) * HZ // elapsed
    task_ratelimit = (rate * dtc.pos_ratio >> RATELIMIT_CALC_SHIFT) + 1
    balanced = min(task_ratelimit * write_bw // (dirty_rate | 1), write_bw)
    seen = (wb.balanced_dirty_ratelimit, balanced, task_ratelimit)
    step = max(min(seen) - rate, 0) if dtc.dirty < setpoint else max(rate - max(seen), 0)
    shift = rate // (2 * step + 1)
    step = -(-(step >> shift) // 8) if shift < BITS_PER_LONG else 0
    wb.dirty_ratelimit = max(rate + step if rate < balanced else rate - step, 1)
    wb.balanced_dirty_ratelimit = balanced
