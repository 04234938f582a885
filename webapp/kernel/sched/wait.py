"""Sleeping on a wait queue until somebody says that it may be worth looking again.

Rules for callers:
    * Loop: `prepare_to_wait`, test the condition, `schedule` (or schedule_timeout), until it holds; `finish_wait`.
    * Being on the queue before the test is what makes it safe: a wake-up between test and sleep is not lost.
    * Whoever changes the condition calls `wake_up` afterwards, also from an interrupt.

Linux 5.10: kernel/sched/wait.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import try_to_wake_up

if TYPE_CHECKING:
    from webapp.kernel.include.linux.wait import WaitQueueHead
    from webapp.kernel.machine import Machine


@kernel_function
def prepare_to_wait(k: Machine, wq_head: WaitQueueHead) -> None:
    """Join the queue, if not there yet; the next schedule() sleeps."""
    task = k.current
    if task not in wq_head.head:
        wq_head.head.append(task)
    task.state, task.waiting = "sleeping", wq_head.name


@kernel_function
def finish_wait(k: Machine, wq_head: WaitQueueHead) -> None:
    """Leave the queue; the task runs on."""
    task = k.current
    task.state, task.waiting = "running", None
    if task in wq_head.head:
        wq_head.head.remove(task)


@kernel_function(file="include/linux/wait.h", inlined=True)
def wake_up(k: Machine, wq_head: WaitQueueHead) -> None:
    """Make all who wait here runnable. They leave the queue themselves, by finish_wait."""
    for task in wq_head.head:
        try_to_wake_up(k, task)
