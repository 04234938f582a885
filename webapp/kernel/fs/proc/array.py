"""/proc/PID/status and stat: a process in figures.

Interface: each function takes rows (`fs/proc/rows.py`) and the ref of a task, and returns the whole file.

Left out of status: SigQ, whose limit depends on how much memory was free while booting, and the two counts of context
switches. In stat, times are 0, since virtual time is not charged to tasks, and so are signals.

Linux 5.10: fs/proc/array.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.fs.exec import LAYOUT, START_STACK
from webapp.kernel.fs.proc.rows import mm_of
from webapp.kernel.fs.proc.task_mmu import task_mem

if TYPE_CHECKING:
    from webapp.kernel.journal import Rows

STATES = {
    "running": "R (running)",
    "runnable": "R (running)",
    "sleeping": "D (disk sleep)",
    "dead": "Z (zombie)",
}
ALL_CAPABILITIES = (1 << 41) - 1  # the program runs as root
RLIM_INFINITY = 0xFFFFFFFF
SIGCHLD = 17
INIT = 1


def parent(rows: Rows, task: str) -> int:
    """The pid of the parent; that of the first program is init."""
    return int(rows.get(rows[task].get("parent", ""), {}).get("pid", INIT))


def proc_pid_status(rows: Rows, task: str) -> str:
    """/proc/PID/status: a line for each figure, for people to read."""
    row = rows[task]
    pid = row["pid"]
    lines = [f"Name:\t{row['comm']}", "Umask:\t0022", f"State:\t{STATES[row['state']]}", f"Tgid:\t{pid}", "Ngid:\t0"]
    lines += [f"Pid:\t{pid}", f"PPid:\t{parent(rows, task)}", "TracerPid:\t0", "Uid:\t0\t0\t0\t0", "Gid:\t0\t0\t0\t0"]
    lines += ["FDSize:\t256", "Groups:\t ", f"NStgid:\t{pid}", f"NSpid:\t{pid}", "NSpgid:\t0", "NSsid:\t0"]
    memory = task_mem(rows, task)
    if memory:
        lines += [*memory.splitlines(), "CoreDumping:\t0", "THP_enabled:\t0"]
    lines += ["Threads:\t1"]
    caps = {
        "CapInh": 0,
        "CapPrm": ALL_CAPABILITIES,
        "CapEff": ALL_CAPABILITIES,
        "CapBnd": ALL_CAPABILITIES,
        "CapAmb": 0,
    }
    lines += [f"{name}:\t{bits:016x}" for name, bits in caps.items()]
    lines += ["NoNewPrivs:\t0", "Seccomp:\t0", "Seccomp_filters:\t0", "Speculation_Store_Bypass:\tunknown"]
    lines += ["Cpus_allowed:\t1", "Cpus_allowed_list:\t0", "Mems_allowed:\t1", "Mems_allowed_list:\t0"]
    return "".join(f"{line}\n" for line in lines)


def proc_tgid_stat(rows: Rows, task: str) -> str:
    """/proc/PID/stat: 52 figures in one line, for programs to read; proc(5) numbers them.

    Faults are fields 10 (minor) and 12 (major), counted from the first instruction of main on; the size of the address
    space is field 23, in bytes, the resident set field 24, in pages.
    """
    row, mm = rows[task], mm_of(rows, task)
    code = [LAYOUT[0].start, LAYOUT[0].end] if mm else [0, 0]
    fields: list[int | str] = [
        row["pid"],
        f"({row['comm']})",
        STATES[row["state"]][0],
        parent(rows, task),
        0,
        0,
        0,
        -1,
        0,
    ]
    fields += [row["min_flt"], 0, row["maj_flt"], 0, *[0] * 4, 20, 0, 1, 0, 0]
    if mm is not None:
        fields += [mm["total_vm"] << PAGE_SHIFT, mm["rss_anon"] + mm["rss_file"] + mm["rss_shmem"]]
    else:
        fields += [0, 0]
    fields += [RLIM_INFINITY, *code, START_STACK if mm else 0, *[0] * 9, SIGCHLD, *[0] * 6]
    fields += [LAYOUT[2].start, LAYOUT[2].end, LAYOUT[3].start] if mm else [0] * 3
    return " ".join(str(field) for field in [*fields, *[0] * 5]) + "\n"
