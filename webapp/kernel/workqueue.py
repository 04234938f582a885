"""Workqueues: functions that shall be called later, and by a kernel thread, since they may sleep.

Rules for callers:
    * `queue_delayed_work` sets work on its way unless it already is: an earlier time stands.
    * `mod_delayed_work` sets the time anew, also to now (0).
    * The function may queue its own work again. It never runs twice at once.

Linux 5.10: kernel/workqueue.c.  Not modelled: several workers and queues, priorities, rescuers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.jiffies import jiffies
from webapp.kernel.include.linux.workqueue import DelayedWork
from webapp.kernel.kthread import kthread_run
from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process
from webapp.kernel.time.timer import add_timer

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

WORKER_NAME, WORKER_PID = "kworker/u2:0", 7


@kernel_function
def queue_delayed_work(k: Machine, dwork: DelayedWork, delay: int) -> bool:
    """Have the work done in ``delay`` ticks. False, and nothing changes, if it is pending already."""
    if dwork.pending:
        return False
    dwork.pending = True
    __queue_delayed_work(k, dwork, delay)
    return True


@kernel_function
def mod_delayed_work(k: Machine, dwork: DelayedWork, delay: int) -> bool:
    """Have the work done in ``delay`` ticks, whatever was planned; says whether something was."""
    was_pending, dwork.pending = dwork.pending, True
    if dwork.timer is not None:
        k.cancel(dwork.timer)
        dwork.timer = None
    elif dwork in k.workers.worklist:
        k.workers.worklist.remove(dwork)
    __queue_delayed_work(k, dwork, delay)
    return was_pending


@kernel_function
def __queue_delayed_work(k: Machine, dwork: DelayedWork, delay: int) -> None:
    """Start the timer, or with no delay give the work to the worker at once."""
    if not delay:
        __queue_work(k, dwork)
        return
    dwork.timer = add_timer(k, jiffies(k) + delay, lambda: delayed_work_timer_fn(k, dwork))


@kernel_function
def delayed_work_timer_fn(k: Machine, dwork: DelayedWork) -> None:
    """The timer interrupt: the work is due."""
    dwork.timer = None
    __queue_work(k, dwork)


@kernel_function
def __queue_work(k: Machine, dwork: DelayedWork) -> None:
    """Put the work on the list and wake the worker; the first time, make one."""
    pool = k.workers
    pool.worklist.append(dwork)
    if pool.worker is None:
        pool.worker = kthread_run(k, lambda: worker_thread(k), WORKER_NAME, WORKER_PID)
    else:
        wake_up_process(k, pool.worker)


@kernel_function
async def worker_thread(k: Machine) -> None:
    """The life of a worker: do what is on the list, sleep until there is more."""
    pool = k.workers
    while True:
        while pool.worklist:
            await process_one_work(k, pool.worklist.pop(0))
        k.current.state, k.current.waiting = "sleeping", "work"
        await schedule(k)


@kernel_function
async def process_one_work(k: Machine, dwork: DelayedWork) -> None:
    """Call the function; may sleep. From here on the work may be queued again."""
    dwork.pending = False
    k.stage("note", f"{k.current.comm} does the work {dwork.name}")
    await dwork.func(k, dwork)
