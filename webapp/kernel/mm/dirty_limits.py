"""How many pages may be dirty, and how far a task that dirties more is from that.

                      bg_thresh        freerun            setpoint        limit
    dirty pages  0 ------+----------------+------------------+--------------+
                  nobody   the flusher      tasks are slowed down: at the     tasks
                  cares    writes           setpoint to the disk's speed      stop

``thresh`` is dirty_ratio percent of the memory that could be dirtied, ``bg_thresh`` dirty_background_ratio percent of
it, and ``limit`` is thresh, but falls only slowly when thresh falls.

Linux 5.10: mm/page-writeback.c.  Not modelled: realtime tasks, memory cgroups, strict limits, other disks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.include.linux.backing_dev_defs import WB_STAT_BATCH
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.node_stat import global_node_page_state

if TYPE_CHECKING:
    from webapp.kernel.include.linux.backing_dev_defs import BdiWriteback
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/page-writeback.c"
RATELIMIT_CALC_SHIFT = 10  # pos_ratio 1.0 is 1 << 10
MIN_RATELIMIT_PAGES = 16


@dataclass
class DirtyThrottleControl:
    """struct dirty_throttle_control: one look at the dirty pages. All in pages, ``pos_ratio`` in 1/1024."""

    avail: int = 0  # memory that could be dirtied
    dirty: int = 0
    thresh: int = 0
    bg_thresh: int = 0
    wb_dirty: int = 0  # of this disk
    wb_thresh: int = 0
    wb_bg_thresh: int = 0
    pos_ratio: int = 0

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return {"dirty": self.dirty, "thresh": self.thresh, "bg_thresh": self.bg_thresh, "pos_ratio": self.pos_ratio}


@kernel_function
def global_dirtyable_memory(k: Machine) -> int:
    """The pages that could be dirty: free ones, less the reserve (the high watermark), and those of the file lists."""
    return dirtyable_memory(k)


def dirtyable_memory(k: Machine) -> int:
    """The figure itself, which is also needed before anything is recorded."""
    free = k.vmstat.nr_free_pages
    return free - min(free, k.zone.high) + k.lru.inactive_file + k.lru.active_file + 1


@kernel_function
def domain_dirty_limits(k: Machine, dtc: DirtyThrottleControl) -> None:
    """The two limits, from the settings: a share of the memory that could be dirtied, or a number of bytes."""
    k.wb.thresh, k.wb.bg_thresh = dtc.thresh, dtc.bg_thresh = dirty_limits(k, dtc.avail)


def dirty_limits(k: Machine, avail: int) -> tuple[int, int]:
    """Upper and lower limit, if ``avail`` pages could be dirtied."""
    settings = k.settings
    if settings.dirty_bytes:
        thresh = -(-settings.dirty_bytes // PAGE_SIZE)
    else:
        thresh = settings.dirty_ratio * PAGE_SIZE // 100 * avail // PAGE_SIZE
    if settings.dirty_background_bytes:
        bg_thresh = -(-settings.dirty_background_bytes // PAGE_SIZE)
    else:
        bg_thresh = settings.dirty_background_ratio * PAGE_SIZE // 100 * avail // PAGE_SIZE
    return thresh, bg_thresh if bg_thresh < thresh else thresh // 2


def writeback_set_ratelimit(k: Machine) -> None:
    """When the machine has booted: the limit, and after how many dirtied pages a CPU has somebody look at it."""
    k.wb.thresh, k.wb.bg_thresh = dirty_limits(k, dirtyable_memory(k))
    k.wb.dirty_limit = k.wb.thresh
    k.wb._ratelimit_pages = max(k.wb.thresh // 32, MIN_RATELIMIT_PAGES)


def dirty_freerun_ceiling(thresh: int, bg_thresh: int) -> int:
    """Up to here nobody is slowed down: half way between the two limits."""
    return (thresh + bg_thresh) // 2


def hard_dirty_limit(wb: BdiWriteback, thresh: int) -> int:
    """The limit that must not be passed."""
    return max(thresh, wb.dirty_limit)


def wb_calc_thresh(wb: BdiWriteback, thresh: int) -> int:
    """This disk's part of a limit: in proportion to what it has written lately, compared with all disks.

    It is the only disk, so it gets all; but nothing as long as it has not shown that it can write. The kernel's
    counters are so coarse that eight pages must have been written before the first one is seen.
    """
    return thresh if wb._written.read_positive() else 0


@kernel_function(inlined=True)
def wb_dirty_limits(k: Machine, wb: BdiWriteback, dtc: DirtyThrottleControl) -> None:
    """The same for this disk: its part of the limits, its dirty pages. Near the limit they are counted exactly."""
    dtc.wb_thresh = wb_calc_thresh(wb, dtc.thresh)
    dtc.wb_bg_thresh = dtc.wb_thresh * dtc.bg_thresh // dtc.thresh if dtc.thresh else 0
    if dtc.wb_thresh < 2 * WB_STAT_BATCH:
        dtc.wb_dirty = wb._reclaimable.sum() + wb._writeback.sum()
    else:
        dtc.wb_dirty = wb._reclaimable.read_positive() + wb._writeback.read_positive()


@kernel_function
def wb_over_bg_thresh(k: Machine, wb: BdiWriteback) -> bool:
    """Whether the flusher has background work: more pages are dirty than the lower limit allows.

    Pages under writeback do not count. On a machine that has just booted this disk's part of the limit is still 0
    (see wb_calc_thresh), so the first eight dirty pages are already too many when the flusher comes to look.
    """
    dtc = DirtyThrottleControl(
        avail=global_dirtyable_memory(k), dirty=global_node_page_state(k, k.vmstat._file_dirty)
    )  # fmt: skip
    domain_dirty_limits(k, dtc)
    return dtc.dirty > dtc.bg_thresh or wb._reclaimable.read_positive() > wb_calc_thresh(wb, dtc.bg_thresh)


def pos_ratio_polynom(setpoint: int, dirty: int, limit: int) -> int:
    """1.0 at the setpoint, 2.0 at freerun, 0 at the limit; flat in the middle, steep at the ends: 1 + x^3."""
    x = _divide((setpoint - dirty) << RATELIMIT_CALC_SHIFT, (limit - setpoint) | 1)
    ratio = ((x * x >> RATELIMIT_CALC_SHIFT) * x >> RATELIMIT_CALC_SHIFT) + (1 << RATELIMIT_CALC_SHIFT)
    return min(max(ratio, 0), 2 << RATELIMIT_CALC_SHIFT)


def _divide(number: int, by: int) -> int:
    """Division as C does it: towards zero."""
    return number // by if number >= 0 else -(-number // by)


@kernel_function
def wb_position_ratio(k: Machine, wb: BdiWriteback, dtc: DirtyThrottleControl) -> None:
    """By what factor a task may dirty pages faster than the disk's share for it, judging by the place on the scale.

    First by the machine's dirty pages, then corrected by those of the disk, so that a disk has neither far too many
    nor so few that it would run idle.
    """
    dtc.pos_ratio = 0
    limit = hard_dirty_limit(wb, dtc.thresh)
    if dtc.dirty >= limit:
        return
    setpoint = (dirty_freerun_ceiling(dtc.thresh, dtc.bg_thresh) + limit) // 2
    ratio = pos_ratio_polynom(setpoint, dtc.dirty, limit)

    wb_thresh = max(min(dtc.wb_thresh, dtc.thresh), (limit - dtc.dirty) // 8)
    share = (wb_thresh << 16) // (dtc.thresh | 1)
    wb_setpoint = setpoint * share >> 16
    span = (dtc.thresh - wb_thresh + 8 * wb.avg_write_bandwidth) * share >> 16
    x_intercept = wb_setpoint + span
    if dtc.wb_dirty < x_intercept - span // 4:
        ratio = ratio * (x_intercept - dtc.wb_dirty) // ((x_intercept - wb_setpoint) | 1)
    else:
        ratio //= 4

    enough = wb_thresh // 2  # pages that keep the disk busy
    if dtc.wb_dirty < enough:
        ratio = ratio * enough // dtc.wb_dirty if dtc.wb_dirty > enough // 8 else ratio * 8
    dtc.pos_ratio = ratio
