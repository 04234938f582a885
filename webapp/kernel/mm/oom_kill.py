"""The end: no memory, and nothing left to reclaim.  One process has to go, so that the others can live.

Interface: `out_of_memory` chooses it and kills it. Its memory comes back when it gets to run and finds the signal.

Linux 5.10: mm/oom_kill.c.  Not modelled: oom_score_adj, the thread that frees a victim's pages before it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.machine import kernel_function
from webapp.kernel.signal.signal import SI_KERNEL, do_send_sig_info

if TYPE_CHECKING:
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.sched import Task
    from webapp.kernel.machine import Machine


def task_is_dying(task: Task) -> bool:
    """Whether a fatal signal waits for the task."""
    return task.signal == "SIGKILL"


@kernel_function
def out_of_memory(k: Machine, memcg: MemCgroup | None) -> bool:
    """Kill the process that frees the most memory, of the group or of all. False if there is none."""
    if task_is_dying(k.current):
        return True
    chosen = select_bad_process(k)
    if chosen is None:
        return False
    oom_kill_process(k, chosen, memcg)
    return True


@kernel_function
def select_bad_process(k: Machine) -> Task | None:
    """The process with the most points; the first of them if several have as many."""
    alive = [task for task in k.sched.tasks if task.state != "dead" and task.mm is not None]
    return max(alive, key=lambda task: oom_badness(k, task), default=None)


@kernel_function
def oom_badness(k: Machine, task: Task) -> int:
    """A process's points: the pages that it has in memory, and its page tables."""
    mm = task.mm
    if mm is None:
        return 0
    return mm.rss_file + mm.rss_anon + mm.rss_shmem + mm.pgtables_bytes // PAGE_SIZE


@kernel_function
def oom_kill_process(k: Machine, victim: Task, memcg: MemCgroup | None) -> None:
    """Send SIGKILL, which cannot be caught. The victim dies on its way back to user mode."""
    where = "its memory group" if memcg is not None else "the machine"
    k.vmstat.oom_kill += 1
    k.stage(
        "oom",
        f"{where} is out of memory and nothing can be reclaimed: {victim.comm} ({oom_badness(k, victim)} pages) "
        "gets SIGKILL",
        task=victim.ref,
    )
    do_send_sig_info(k, "SIGKILL", SI_KERNEL, victim)
