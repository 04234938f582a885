"""Sleeping for a time.  Linux 5.10: kernel/time/hrtimer.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.uapi.asm_generic.errno import EINTR, EINVAL
from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/time/hrtimer.c"
NSEC_PER_SEC = 1_000_000_000


@kernel_function(file="kernel/time/posix-timers.c")
async def sys_clock_nanosleep_time64(k: Machine, seconds: int, nanoseconds: int) -> int:
    """What sleep(), usleep() and nanosleep() of the C library call; may sleep. 0, -EINVAL or -EINTR."""
    if seconds < 0 or not 0 <= nanoseconds < NSEC_PER_SEC:
        return -EINVAL
    return await common_nsleep(k, seconds * NSEC_PER_SEC + nanoseconds)


@kernel_function(file="kernel/time/posix-timers.c")
async def common_nsleep(k: Machine, rqtp: int) -> int:
    """The ordinary clocks all sleep the same way."""
    return await hrtimer_nanosleep(k, rqtp)


@kernel_function
async def hrtimer_nanosleep(k: Machine, rqtp: int) -> int:
    """Sleep for ``rqtp`` nanoseconds. -EINTR after a signal; the program gets what was left of the time."""
    due = k.now + rqtp
    if await do_nanosleep(k, due):
        return 0
    k.current._answer = divmod(max(due - k.now, 0), NSEC_PER_SEC)
    return -EINTR


@kernel_function
async def do_nanosleep(k: Machine, due: int) -> bool:
    """Sleep until a timer interrupt wakes the task; true if it did, false if a signal came first.

    Disk interrupts go on arriving meanwhile.
    """
    task = k.current
    if due > k.now:
        task.state, task.waiting, task._wakes_on = "sleeping", "timer", "signal"
        timer = k.at(due, lambda: hrtimer_wakeup(k, task))
        k.stage("wait", f"{task.comm} sleeps for {(due - k.now) // 1000:,} us", due=due)
        await schedule(k)
        k.cancel(timer)
    return k.now >= due


@kernel_function
def hrtimer_wakeup(k: Machine, task: Task) -> None:
    """The timer interrupt: the task that slept on it may go on."""
    wake_up_process(k, task)
