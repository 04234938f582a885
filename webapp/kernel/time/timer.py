"""Timers that count ticks, and sleeping for a number of ticks at most.

Timers live in a wheel of levels. In the first, for less than 63 ticks, every tick has its own slot; in each further
level a slot covers eight times as many, and holds timers up to eight times as far away. A timer comes at the end of its
slot, never early: so a timer of five seconds may be a quarter of a second late.

Linux 5.10: kernel/time/timer.c
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from webapp.kernel.include.linux.jiffies import TICK_NS, jiffies
from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/time/timer.c"
LVL_SIZE = 64  # slots of a level
LVL_CLK_SHIFT = 3  # each level's slots cover eight times as much as those of the level before
LVL_DEPTH = 9


def calc_wheel_index(expires: int, clk: int) -> int:
    """The tick at which a timer that is set at tick ``clk`` really comes: the end of its slot in the wheel."""
    level = 0
    while level < LVL_DEPTH - 1 and expires - clk >= (LVL_SIZE - 1) << (level * LVL_CLK_SHIFT):
        level += 1
    shift = level * LVL_CLK_SHIFT
    return ((expires + (1 << shift)) >> shift) << shift


def add_timer(k: Machine, expires: int, function: Callable[[], None]) -> int:
    """Start a timer for tick ``expires``; ``function`` runs in the interrupt. The number is for `Machine.cancel`."""
    return k.at(calc_wheel_index(expires, jiffies(k)) * TICK_NS, function)


@kernel_function
async def schedule_timeout(k: Machine, timeout: int) -> int:
    """Sleep for ``timeout`` ticks, or until somebody wakes us; the ticks that were left, 0 if none.

    The caller has set its state to sleeping; otherwise this only lets others run.
    """
    expire = jiffies(k) + timeout
    task = k.current
    timer = add_timer(k, expire, lambda: process_timeout(k, task))
    await schedule(k)
    k.cancel(timer)
    return max(expire - jiffies(k), 0)


@kernel_function
async def schedule_timeout_uninterruptible(k: Machine, timeout: int) -> int:
    """Sleep for ``timeout`` ticks."""
    k.current.state, k.current.waiting = "sleeping", "timer"
    return await schedule_timeout(k, timeout)


@kernel_function
def process_timeout(k: Machine, task: Task) -> None:
    """The timer interrupt: the task has slept long enough."""
    wake_up_process(k, task)
