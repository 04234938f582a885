"""Work that a kernel thread shall do later.  Fields only; kernel/workqueue.c has the functions.

Linux 5.10: include/linux/workqueue.h
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import KernelThread
    from webapp.kernel.machine import Machine


@dataclass(eq=False)
class DelayedWork:
    """struct delayed_work: a function to be called by a worker, after a timer. ``timer`` is its number while it runs.

    ``pending``: it waits for the timer or for the worker. That ends before the function is called, so that the function
    itself may queue it again.
    """

    name: str
    func: Callable[[Machine, DelayedWork], Awaitable[None]]
    pending: bool = False
    timer: int | None = None

    def brief(self) -> str:
        """What a stage shows of it."""
        return self.name


@dataclass
class WorkerPool:
    """struct worker_pool: work that is due, and the thread that does it."""

    worklist: list[DelayedWork] = field(default_factory=list)
    worker: KernelThread | None = None
