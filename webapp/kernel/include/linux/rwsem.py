"""Reader-writer semaphores.  Linux 5.10: include/linux/rwsem.h"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.include.linux.sched import Task


@dataclass
class RwSemaphore:
    """Many readers or one writer. For an mm's own lock, ``mm`` shows the state in its row."""

    mm: Mm | None = None
    readers: int = 0
    writer: bool = False
    waiters: deque[tuple[Task, bool]] = field(default_factory=deque)  # (task, wants to write), oldest first
