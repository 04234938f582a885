"""Mutexes: one task holds it, the others sleep until it is theirs.

Interface: `mutex_lock` and `mutex_unlock`; only the task that took a mutex gives it back.

Linux 5.10: kernel/locking/mutex.c.  Not modelled: spinning, hand-off, interruptible waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mutex import Mutex
    from webapp.kernel.machine import Machine


async def mutex_lock(k: Machine, lock: Mutex) -> None:
    """Take it; may sleep. Usually nobody holds it, and that is not worth a stage."""
    if lock.owner is not None or lock.waiters:
        await __mutex_lock_slowpath(k, lock)
    lock.owner = k.current


@kernel_function
async def __mutex_lock_slowpath(k: Machine, lock: Mutex) -> None:
    """Somebody holds it: join the queue, and sleep until it is free and this task is the first."""
    task = k.current
    lock.waiters.append(task)
    while lock.owner is not None or lock.waiters[0] is not task:
        task.state, task.waiting = "sleeping", lock.name
        k.stage("wait", f"{task.comm} sleeps until nobody else uses {lock.name}")
        await schedule(k)
    task.waiting = None
    lock.waiters.popleft()


def mutex_unlock(k: Machine, lock: Mutex) -> None:
    """Give it back, and wake the first who waits for it."""
    lock.owner = None
    if lock.waiters:
        wake_up_process(k, lock.waiters[0])
