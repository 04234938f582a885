"""Timers that count ticks, and sleeping for a number of ticks at most.

Linux 5.10: kernel/time/timer.c.  Not modelled: the timer wheel, which makes long timers less exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.jiffies import TICK_NS, jiffies
from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/time/timer.c"


@kernel_function
async def schedule_timeout(k: Machine, timeout: int) -> int:
    """Sleep for ``timeout`` ticks, or until somebody wakes us; the ticks that were left, 0 if none.

    The caller has set its state to sleeping; otherwise this only lets others run.
    """
    expire = jiffies(k) + timeout
    task = k.current
    timer = k.at(expire * TICK_NS, lambda: process_timeout(k, task))
    await schedule(k)
    k.cancel(timer)
    return max(expire - jiffies(k), 0)


@kernel_function
def process_timeout(k: Machine, task: Task) -> None:
    """The timer interrupt: the task has slept long enough."""
    wake_up_process(k, task)
