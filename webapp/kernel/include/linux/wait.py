"""Wait queues: tasks that sleep until something happens.  Fields only; kernel/sched/wait.c has the functions.

Linux 5.10: include/linux/wait.h
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task


@dataclass
class WaitQueueHead:
    """struct wait_queue_head: who waits, first come first. ``name`` is what the sleepers wait for."""

    name: str
    head: list[Task] = field(default_factory=list)

    def brief(self) -> str:
        """What a stage shows of it."""
        return self.name
