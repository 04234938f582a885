"""Who am I?  Linux 5.10: kernel/sys.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/sys.c"
INIT_PID = 1


@kernel_function
def sys_getpid(k: Machine) -> int:
    """The number of the calling process."""
    return k.current.pid


@kernel_function
def sys_getppid(k: Machine) -> int:
    """The number of its parent: the shell's for the first process, init's once the parent has ended."""
    task = k.current
    if task.parent is not None:
        return task.parent.pid
    return task.pid - 1 if task._number == 1 else INIT_PID
