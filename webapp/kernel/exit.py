"""The end of a task, and waiting for it.

A task that ends gives back what it has, its memory first, but stays as a *zombie* until its parent has asked how it
ended. Then it is gone.

Linux 5.10: kernel/exit.c, and mmput() of kernel/fork.c.  Not modelled: threads, process groups, stopped children.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.mm.pgd import pgd_free
from webapp.kernel.errors import NotModelled, RunLimit, TaskKilled
from webapp.kernel.fs.file_table import fput
from webapp.kernel.include.linux.signal import SigInfo
from webapp.kernel.include.uapi.asm_generic.errno import ECHILD, EINTR, EINVAL
from webapp.kernel.include.uapi.asm_generic.signal import CLD_EXITED, CLD_KILLED, SIGCHLD, SIGNALS
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.munmap import exit_mmap
from webapp.kernel.sched.core import schedule, wake_up_process
from webapp.kernel.signal.signal import send_signal, signal_pending

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from webapp.kernel.hw.cpu import Cpu
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/exit.c"
WNOHANG, WUNTRACED, WCONTINUED = 1, 2, 8
WAITS_FOR_CHILD = "child"


async def run_program(k: Machine, main: Callable[[Cpu], Awaitable[int]]) -> None:
    """Execute the program of the running task; however it ends, the task ends with it."""
    task = k.current
    try:
        how = f"status {await main(k.cpu)}"
    except TaskKilled as killed:
        how = killed.signal
    except RunLimit:
        if k.ctx == "user":
            k.user_stage("note", "the run is stopped here", k.place.fn, k.place.line)
        raise
    first = task._number == 1
    if first:
        k.place.exit, k.place.running = how, False
        if k.memcg is None:
            task.state = "dead"
    k.user_stage("exit", f"{'the program' if first else task.ref} ends: {how}", k.place.fn, k.place.line, how=how)
    if first:
        forget_original_parent(k, task)
        if k.memcg is not None:  # what it leaves in its group is of interest
            await exit_mmap(k, k.mm)
            task.state = "dead"
            k.user_stage("note", "its own memory is free again; the pages of files stay, charged to the group", "", 0)
        return
    k.ctx = k.regs.mode = "kernel"
    k.depth = 0
    await do_exit(k, exit_code(how))


def exit_code(how: str) -> int:
    """What wait4 will say of ``status 3`` or ``SIGSEGV``."""
    return int(how.removeprefix("status ")) << 8 if how.startswith("status ") else SIGNALS[how]


@kernel_function
async def do_exit(k: Machine, code: int) -> None:
    """Give back memory and files, tell the parent, and never run again; may sleep on the way."""
    task = k.current
    await exit_mm(k)
    exit_files(k)
    exit_notify(k, task, code)


@kernel_function(inlined=True)
async def exit_mm(k: Machine) -> None:
    """The task has no address space any more. Until the next switch the CPU goes on using the old page directory."""
    task = k.current
    mm, task.mm = k.mm, None
    await mmput(k, mm)


@kernel_function(file="kernel/fork.c")
async def mmput(k: Machine, mm: Mm) -> None:
    """One user less of an address space; with the last one all of it goes: mappings, pages, page tables."""
    mm.mm_users -= 1
    if mm.mm_users == 0:
        await exit_mmap(k, mm)
        pgd_free(k, mm)
        mm.forget()


@kernel_function(file="fs/file.c")
def exit_files(k: Machine) -> None:
    """Close what is open. A file that the parent has open too stays open."""
    files, k.current._files = k.current._files, {}
    for file in files.values():
        fput(k, file)


@kernel_function(inlined=True)
def exit_notify(k: Machine, task: Task, code: int) -> None:
    """Become a zombie, send the parent SIGCHLD, and wake it if it waits."""
    forget_original_parent(k, task)
    task.exit_code, task.state = code, "zombie"
    parent = task.parent
    k.stage("task", f"{task.ref} is a zombie now: nothing is left of it but its exit code {code:#06x}", code=code)
    if parent is None:
        release_task(k, task)
    else:
        do_notify_parent(k, task, parent)


@kernel_function(file="kernel/signal.c")
def do_notify_parent(k: Machine, task: Task, parent: Task) -> None:
    """SIGCHLD for the parent, which ignores it unless it has a handler; and the end of its wait."""
    assert task.exit_code is not None
    reason = CLD_KILLED if task.exit_code & 0x7F else CLD_EXITED
    send_signal(k, SigInfo(SIGCHLD, reason, pid=task.pid), parent)
    if parent.waiting == WAITS_FOR_CHILD:
        wake_up_process(k, parent)


def forget_original_parent(k: Machine, task: Task) -> None:
    """The children get init for a parent, which is not modelled: it asks for every zombie at once."""
    children, task._children = task._children, []
    for child in children:
        child.parent = None
        if child.state == "zombie":
            release_task(k, child)


@kernel_function
def release_task(k: Machine, task: Task) -> None:
    """Nobody will ask any more: the last of the task goes."""
    if task.parent is not None:
        task.parent._children.remove(task)
    task.state = "dead"
    k.sched.tasks.remove(task)
    task.forget()


@kernel_function
async def sys_wait4(k: Machine, pid: int, options: int) -> int:
    """wait4(2): the pid of a child that has ended, whose status the program gets; may sleep.

    ``pid`` -1 means any child. 0 with WNOHANG if none has ended yet; -ECHILD if there is none; -EINTR after a signal.
    """
    if options & ~(WNOHANG | WUNTRACED | WCONTINUED):
        return -EINVAL
    if pid == 0 or pid < -1:
        raise NotModelled(f"waitpid({pid}, ...): process groups are not modelled; wait for one child, or for any (-1).")
    return await do_wait(k, pid, options)


@kernel_function
async def do_wait(k: Machine, pid: int, options: int) -> int:
    """Look at the children, and sleep until one of them ends."""
    task = k.current
    while True:
        mine = [child for child in task._children if pid in (-1, child.pid)]
        if not mine:
            return -ECHILD
        ended = next((child for child in mine if child.state == "zombie"), None)
        if ended is not None:
            return wait_task_zombie(k, ended)
        if options & WNOHANG:
            return 0
        if signal_pending(task):
            return -EINTR
        task.state, task.waiting, task._wakes_on = "sleeping", WAITS_FOR_CHILD, "signal"
        k.stage("wait", f"{task.comm} sleeps until a child has ended")
        await schedule(k)


@kernel_function
def wait_task_zombie(k: Machine, child: Task) -> int:
    """Take the exit code; then nothing is left of the child."""
    assert child.exit_code is not None
    pid, k.current._answer = child.pid, (child.exit_code,)
    release_task(k, child)
    return pid
