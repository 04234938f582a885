"""Kernel threads: tasks without an address space of their own, which do the kernel's own work.

kswapd is one. They are scheduled like other tasks, sleep like other tasks, and never end here. A run is over when the
programs have ended, whatever the kernel's threads are doing.

Linux 5.10: kernel/kthread.c
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from webapp.kernel.include.linux.sched import KernelThread

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine


def kthread_run(k: Machine, threadfn: Coroutine[Any, Any, None], namefmt: str, pid: int) -> KernelThread:
    """A new kernel thread that executes ``threadfn``, runnable at once. Not a stage: it happens while booting.

    Stages tell kernel threads from programs by their number: -1, -2 and so on.
    """
    thread = KernelThread(k.journal, pid=pid, comm=namefmt, mm=None, _coroutine=threadfn, _ctx="kernel")
    k.sched.kthreads.append(thread)
    thread._number = -len(k.sched.kthreads)
    k.sched.runqueue.append(thread)
    return thread
