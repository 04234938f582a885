"""Who runs. One CPU; tasks are coroutines; the one that runs goes on until it sleeps, ends or its slice is over.

Rules for callers:
    * To sleep: set ``state`` and ``waiting``, make sure that somebody will call wake_up_process, then await
      `schedule`.
    * After waking, test the condition again: another task may have been faster.
    * `pause` hands control back to whoever drives the model, between two user instructions; nothing else changes.

Linux 5.10: kernel/sched/core.c.  Not modelled: priorities, time slices between tasks, several CPUs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from types import coroutine
from typing import TYPE_CHECKING

from webapp.kernel.include.linux.sched import KernelThread
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/sched/core.c"
SWITCH = "switch"
PAUSE = "pause"


@coroutine
def _give_up(why: str) -> Generator[str, None, None]:
    yield why


async def pause() -> None:
    """End the slice: the driver gets control and may resume this task at once or much later."""
    await _give_up(PAUSE)


async def cond_resched() -> None:
    """A long loop in the kernel offers the CPU to others: here, to whoever drives the model."""
    await pause()


@kernel_function
async def schedule(k: Machine) -> None:
    """Let another task run; returns when this one is woken and picked again."""
    await _give_up(SWITCH)


@kernel_function
async def io_schedule(k: Machine) -> None:
    """Sleep until I/O wakes us: the CPU is free for others meanwhile, or idles."""
    k.stage("wait", f"{k.current.comm} sleeps until {k.current.waiting} is {k.current._until}")
    await schedule(k)


@kernel_function
def wake_up_process(k: Machine, task: Task) -> bool:
    """Make a sleeping task runnable; false if it was not asleep."""
    return try_to_wake_up(k, task)


@kernel_function
def try_to_wake_up(k: Machine, task: Task) -> bool:
    """Put a sleeping task on the run queue; false if it was not asleep."""
    if task.state != "sleeping":
        return False
    task.state = "runnable"
    task.waiting = None
    k.sched.runqueue.append(task)
    k.stage("wake", f"{task.comm} can run again", task=task.ref)
    return True


class Scheduler:
    """The run queue and the loop that feeds it."""

    def __init__(self, k: Machine) -> None:
        self.k = k
        self.runqueue: deque[Task] = deque()
        self.tasks: list[Task] = []  # of programs
        self.kthreads: list[KernelThread] = []

    def add(self, task: Task) -> None:
        """A new task: runnable from now on."""
        self.tasks.append(task)
        self.runqueue.append(task)

    @property
    def finished(self) -> bool:
        """Whether every program has ended; the kernel's own threads never do."""
        return all(task.state == "dead" for task in self.tasks)

    def run_slice(self) -> bool:
        """Run tasks until one pauses, or all sleep and time has passed (false), or all programs have ended (true)."""
        while not self.finished:
            if not self.runqueue:
                self.k.idle()
                return False  # so that a machine on which only timers still tick can be stopped
            if self._resume(self.runqueue[0]) == PAUSE:
                self._prefer_kernel_threads()
                return False
        return True

    def _prefer_kernel_threads(self) -> None:
        """A kernel thread that has been woken goes before a program: it has slept long and used the CPU least."""
        woken = next((task for task in self.runqueue if task.mm is None), None)
        if woken is not None and self.runqueue[0].mm is not None:
            self.runqueue.remove(woken)
            self.runqueue.appendleft(woken)

    def _resume(self, task: Task) -> str:
        """Run the task at the head of the queue until it gives up the CPU; says why it did."""
        k = self.k
        if task._coroutine is None and isinstance(task, KernelThread) and task._threadfn is not None:
            task._coroutine = task._threadfn()
        assert task._coroutine is not None
        k.current, k.depth, k.ctx, k.task_id = task, task._depth, task._ctx, task._number
        task.state = "running"
        try:
            why = str(task._coroutine.send(None))
        except StopIteration:
            why = SWITCH
            task.state = "dead"
        task._depth, task._ctx = k.depth, k.ctx
        if why != PAUSE:
            self.runqueue.popleft()
        return why
