"""mmap_lock and its like: many readers or one writer; a task that cannot have it sleeps.

Rules for callers: a fault holds mmap_lock for reading, mmap and munmap for writing. Waiters are served in
order, so a waiting writer holds off later readers.

Linux 5.10: kernel/locking/rwsem.c.  Not modelled: spinning, hand-off, reader bias.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.core import schedule, wake_up_process

if TYPE_CHECKING:
    from webapp.kernel.include.linux.rwsem import RwSemaphore
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/locking/rwsem.c"


def _show(sem: RwSemaphore) -> None:
    if sem.mm is not None:
        sem.mm.mmap_lock = "write" if sem.writer else "read" if sem.readers else "free"


@kernel_function
def down_read_trylock(k: Machine, sem: RwSemaphore) -> bool:
    """Take the lock for reading if that needs no waiting."""
    if sem.writer or sem.waiters:
        return False
    sem.readers += 1
    _show(sem)
    return True


@kernel_function
async def down_read(k: Machine, sem: RwSemaphore) -> None:
    """Take the lock for reading; may sleep."""
    while sem.writer or (sem.waiters and sem.waiters[0][0] is not k.current):
        await _wait(k, sem, for_write=False)
    _leave_queue(k, sem)
    sem.readers += 1
    _show(sem)


@kernel_function
async def down_write_killable(k: Machine, sem: RwSemaphore) -> int:
    """Take the lock for writing; may sleep. 0, or -EINTR when a fatal signal came first (never, so far)."""
    while sem.writer or sem.readers or (sem.waiters and sem.waiters[0][0] is not k.current):
        await _wait(k, sem, for_write=True)
    _leave_queue(k, sem)
    sem.writer = True
    _show(sem)
    return 0


@kernel_function
async def down_write(k: Machine, sem: RwSemaphore) -> None:
    """Take the lock for writing; may sleep."""
    while sem.writer or sem.readers or (sem.waiters and sem.waiters[0][0] is not k.current):
        await _wait(k, sem, for_write=True)
    _leave_queue(k, sem)
    sem.writer = True
    _show(sem)


@kernel_function
def up_read(k: Machine, sem: RwSemaphore) -> None:
    """Give the lock back after reading."""
    sem.readers -= 1
    _show(sem)
    _wake_first(k, sem)


@kernel_function
def up_write(k: Machine, sem: RwSemaphore) -> None:
    """Give the lock back after writing."""
    sem.writer = False
    _show(sem)
    _wake_first(k, sem)


@kernel_function
def downgrade_write(k: Machine, sem: RwSemaphore) -> None:
    """Turn a write hold into a read hold without letting go, so that faults may run during a long unmap."""
    sem.writer = False
    sem.readers += 1
    _show(sem)
    _wake_first(k, sem)


async def _wait(k: Machine, sem: RwSemaphore, for_write: bool) -> None:
    if all(task is not k.current for task, _ in sem.waiters):
        sem.waiters.append((k.current, for_write))
    k.current.state = "sleeping"
    k.current.waiting = sem.mm.ref if sem.mm else "rwsem"
    await schedule(k)


def _leave_queue(k: Machine, sem: RwSemaphore) -> None:
    if sem.waiters and sem.waiters[0][0] is k.current:
        sem.waiters.popleft()
        if sem.waiters and not sem.waiters[0][1]:
            wake_up_process(k, sem.waiters[0][0])


def _wake_first(k: Machine, sem: RwSemaphore) -> None:
    if sem.waiters:
        wake_up_process(k, sem.waiters[0][0])
