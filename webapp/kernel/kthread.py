"""Kernel threads: tasks without an address space of their own, which do the kernel's own work.

kswapd is one. They are scheduled like other tasks, sleep like other tasks, and never end here. A run is over when the
programs have ended, whatever the kernel's threads are doing.

Linux 5.10: kernel/kthread.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.sched import KernelThread, ThreadFn
from webapp.kernel.sched.fair import SCHED_LATENCY

if TYPE_CHECKING:
    from webapp.kernel.include.linux.wait import WaitQueueHead
    from webapp.kernel.machine import Machine


def kthread_run(
    k: Machine, threadfn: ThreadFn, namefmt: str, pid: int, asleep_on: WaitQueueHead | None = None
) -> KernelThread:
    """A new kernel thread that executes ``threadfn``: at once, or when the queue is woken that it is ``asleep_on``.

    Not a stage: it happens while booting.

    Stages tell kernel threads from programs by their number: -1, -2 and so on.
    """
    thread = KernelThread(k.journal, pid=pid, comm=namefmt, mm=None, _ctx="kernel", _threadfn=threadfn)
    thread._vruntime = -SCHED_LATENCY  # it has slept since the machine was booted
    k.sched.kthreads.append(thread)
    thread._number = -len(k.sched.kthreads)
    if asleep_on is None:
        k.sched.runqueue.append(thread)
    else:
        thread.state, thread.waiting = "sleeping", asleep_on.name
        asleep_on.head.append(thread)
    return thread
