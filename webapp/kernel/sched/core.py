"""Who runs. One CPU; tasks are coroutines; the one that runs goes on until it sleeps, ends or its slice is over.

Rules for callers:
    * To sleep: set ``state`` and ``waiting``, make sure that somebody will call wake_up_process, then await
      `schedule`.
    * After waking, test the condition again: another task may have been faster.
    * `pause` hands control back to whoever drives the model, between two user instructions or by `cond_resched`; the
      next to run may be another task, if `sched/fair.py` says so.

Linux 5.10: kernel/sched/core.c.  Not modelled: priorities, several CPUs, preemption of the kernel.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from types import coroutine
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.mm.context import check_and_switch_context
from webapp.kernel.include.linux.sched import KernelThread
from webapp.kernel.machine import kernel_function
from webapp.kernel.sched.fair import check_preempt_tick, check_preempt_wakeup, pick_next_task, place_entity, update_curr

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
    """End the slice: the driver gets control and may resume this task at once or much later, and others before it."""
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
    task.waiting, task._wakes_on = None, ""
    place_entity(k.sched, task, initial=False)
    k.sched.runqueue.append(task)
    check_preempt_wakeup(k.sched, task)
    k.stage("wake", f"{task.comm} can run again", task=task.ref)
    return True


@kernel_function
def wake_up_new_task(k: Machine, task: Task) -> None:
    """Put a new task on the run queue for the first time; the one that made it goes on."""
    place_entity(k.sched, task, initial=True)
    k.sched.add(task)
    k.stage("wake", f"{task.ref} can run; {k.current.ref} goes on for now", task=task.ref)


class Scheduler:
    """The run queue and the loop that feeds it. The task that runs, if any, is the first of the queue."""

    def __init__(self, k: Machine) -> None:
        self.k = k
        self.runqueue: deque[Task] = deque()
        self.tasks: list[Task] = []  # of programs
        self.kthreads: list[KernelThread] = []
        self.made = 0  # programs, so far
        self.running: Task | None = None
        self.resched = False  # somebody who woke up shall run soon
        self.min_vruntime = 0
        self.last_tick = 0

    def add(self, task: Task) -> None:
        """A new task: runnable from now on."""
        self.made += 1
        self.tasks.append(task)
        self.runqueue.append(task)

    @property
    def finished(self) -> bool:
        """Whether every program has ended; the kernel's own threads never do."""
        return all(ended(task) for task in self.tasks)

    def run_slice(self) -> bool:
        """Run tasks until one pauses, or all sleep and time has passed (false), or all programs have ended (true)."""
        while not self.finished:
            if not self.runqueue:
                self.k.idle()
                return False  # so that a machine on which only timers still tick can be stopped
            if self._resume(self.running or self._pick()) == PAUSE:
                return False
        return True

    def _pick(self) -> Task:
        """Choose the next task; its turn begins."""
        task = pick_next_task(self)
        self.runqueue.remove(task)
        self.runqueue.appendleft(task)
        self.running, self.resched = task, False
        task._exec_start = task._turn_start = self.k.now
        return task

    def _resume(self, task: Task) -> str:
        """Run a task until it gives up the CPU; says why it did."""
        k = self.k
        if task._coroutine is None and isinstance(task, KernelThread) and task._threadfn is not None:
            task._coroutine = task._threadfn()
        assert task._coroutine is not None
        k.current, k.depth, k.ctx, k.task_id = task, task._depth, task._ctx, task._number
        task.state = "running"
        context_switch(k, task)
        try:
            why = str(task._coroutine.send(None))
        except StopIteration:
            why = SWITCH
            if task in self.tasks and not ended(task):
                task.state = "dead"
        task._depth, task._ctx = k.depth, k.ctx
        if why == SWITCH:
            update_curr(self)
            self.running = None
            self.runqueue.remove(task)
        elif check_preempt_tick(self):
            update_curr(self)
            self.running, task.state = None, "runnable"
        return why


def ended(task: Task) -> bool:
    """Whether the task will never run again; a zombie only waits for its parent to ask."""
    return task.state in ("dead", "zombie")


def context_switch(k: Machine, task: Task) -> None:
    """Before a program goes on: make the CPU use its address space, unless it does already.

    A kernel thread has none and borrows the one in use. What the page shows of the running program changes with it.
    """
    if task.mm is None or task.mm.context_id == k.regs.CONTEXTIDR:
        return
    before = k.in_user_space
    if before is not None:
        before._place = (k.place.fn, k.place.line, k.place.vars)
    k.in_user_space = task
    k.place.fn, k.place.line, k.place.vars = task._place
    check_and_switch_context(k, task.mm)
