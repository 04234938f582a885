"""Work that a task puts off until it is about to leave the kernel.

Dropping the last reference to a file may have to wait for the disk, and is done in places that cannot wait. So it is
noted here, and done on the way back to the program. Linux 5.10: kernel/task_work.c
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/task_work.c"


def task_work_add(k: Machine, work: Callable[[], Awaitable[None]]) -> None:
    """Have the running task do this before it returns to user mode."""
    k.current._task_works.append(work)


@kernel_function
async def task_work_run(k: Machine) -> None:
    """Do what was put off; may sleep."""
    works = k.current._task_works
    while works:
        await works.pop(0)()
