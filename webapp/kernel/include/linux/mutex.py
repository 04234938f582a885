"""Mutexes.  Linux 5.10: include/linux/mutex.h"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task


@dataclass
class Mutex:
    """One task holds it; the others sleep. ``name`` is what a task that waits is shown to wait for."""

    name: str
    owner: Task | None = None
    waiters: deque[Task] = field(default_factory=deque)  # oldest first
