"""The fair scheduler: who has had least of the CPU runs next.

Every task has a clock of its own, its virtual runtime, that runs only while the task does. The task whose clock shows
least is picked. It may go on until it has had its share of 6 ms, looked at with every tick; a task that wakes up takes
the CPU from it at once if its clock is more than 1 ms behind.

A child begins as if it had just used up a share: so after fork the parent goes on, until it sleeps or a share is over.

Linux 5.10: kernel/sched/fair.c, for one CPU.  Not modelled: priorities, groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.jiffies import jiffies

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.sched.core import Scheduler

LINUX_FILE = "kernel/sched/fair.c"
SCHED_LATENCY = 6_000_000  # ns in which every runnable task shall have run once
SCHED_MIN_GRANULARITY = 750_000  # ns that a task may run at least
SCHED_WAKEUP_GRANULARITY = 1_000_000


def sched_slice(tasks: int) -> int:
    """One task's share, in ns, of the time in which all ``tasks`` runnable ones run once."""
    return max(SCHED_LATENCY // max(tasks, 1), SCHED_MIN_GRANULARITY)


def update_curr(sched: Scheduler) -> None:
    """Move the clock of the running task on."""
    task = sched.running
    if task is not None:
        task._vruntime += sched.k.now - task._exec_start
        task._exec_start = sched.k.now
    clocks = [each._vruntime for each in sched.runqueue]
    if clocks:
        sched.min_vruntime = max(sched.min_vruntime, min(clocks))


def place_entity(sched: Scheduler, task: Task, initial: bool) -> None:
    """Set the clock of a task that joins: a new one has a share behind it, a sleeper gets at most half a round."""
    update_curr(sched)
    vruntime = sched.min_vruntime
    if initial:
        vruntime += sched_slice(len(sched.runqueue) + 1)
    else:
        vruntime -= SCHED_LATENCY // 2
    task._vruntime = max(task._vruntime, vruntime)


def check_preempt_wakeup(sched: Scheduler, task: Task) -> None:
    """A task has woken up: shall it take the CPU from the running one as soon as that is back in user mode?"""
    if sched.running is not None and sched.running._vruntime - task._vruntime > SCHED_WAKEUP_GRANULARITY:
        sched.resched = True


def check_preempt_tick(sched: Scheduler) -> bool:
    """Whether the running task has to give the CPU up: it was asked to, or a tick finds that its share is over."""
    task, now = sched.running, sched.k.now
    if task is None or len(sched.runqueue) < 2:
        return False
    if sched.resched:
        return True
    if jiffies(sched.k) == sched.last_tick:
        return False
    sched.last_tick = jiffies(sched.k)
    update_curr(sched)
    ideal, ran = sched_slice(len(sched.runqueue)), now - task._turn_start
    if ran > ideal:
        return True
    others = min(each._vruntime for each in sched.runqueue if each is not task)
    return ran >= SCHED_MIN_GRANULARITY and task._vruntime - others > ideal


def pick_next_task(sched: Scheduler) -> Task:
    """The runnable task with the least virtual runtime; of equals the one that has waited longest."""
    update_curr(sched)
    return min(sched.runqueue, key=lambda task: task._vruntime)
