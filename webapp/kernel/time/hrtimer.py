"""Sleeping for a time.  Linux 5.10: kernel/time/hrtimer.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/time/hrtimer.c"


@kernel_function
async def hrtimer_nanosleep(k: Machine, microseconds: int) -> int:
    """Sleep until a timer interrupt wakes the task; disk interrupts go on arriving meanwhile."""
    task = k.current
    task.state, task.waiting = "sleeping", "timer"
    k.at(k.now + microseconds * 1000, lambda: hrtimer_wakeup(k, task))
    k.stage("wait", f"{task.comm} sleeps for {microseconds} us", microseconds=microseconds)
    await schedule(k)
    return 0


@kernel_function
def hrtimer_wakeup(k: Machine, task: Task) -> None:
    """The timer interrupt: the task that slept on it may go on."""
    wake_up_process(k, task)
