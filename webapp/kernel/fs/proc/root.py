"""The files of /proc and /sys that can be read, by path, each with a sentence about what it says.

Interface:
    * `find` says what serves a path; `text` is the file's content, from rows (`fs/proc/rows.py`).
    * ``self`` in a path is the task that reads.

Linux 5.10: fs/proc/{root,base,self}.c, kernel/sysctl.c, block/blk-sysfs.c, mm/memory.c (fault_around_bytes)
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.kernel.fs.namei import WORKING_DIRECTORY
from webapp.kernel.fs.proc.array import proc_pid_status, proc_tgid_stat
from webapp.kernel.fs.proc.meminfo import meminfo_proc_show
from webapp.kernel.fs.proc.rows import inode_of
from webapp.kernel.fs.proc.task_mmu import (
    proc_pid_statm,
    show_map,
    show_pagemap,
    show_smap,
    show_smaps_rollup,
)
from webapp.kernel.mm.vma import MAX_MAP_COUNT
from webapp.kernel.mm.vmstat import vmstat_show

if TYPE_CHECKING:
    from webapp.kernel.journal import Rows

Show = Callable[["Rows", str], str]


@dataclass(frozen=True, slots=True)
class ProcFile:
    """One file: how it is made, and what it tells, in a sentence."""

    show: Show
    about: str


def machine_wide(show: Callable[[Rows], str]) -> Show:
    """A file that says the same to every task."""
    return lambda rows, task: show(rows)


def constant(value: int) -> Show:
    """A setting of the kernel that nothing in this model changes."""
    return lambda rows, task: f"{value}\n"


def setting(name: str, default: int | None = None) -> Show:
    """A setting of the machine."""
    return lambda rows, task: f"{rows['machine'].get(name, default)}\n"


def show_fds(rows: Rows, task: str) -> str:
    """/proc/PID/fd as ls shows it: numbers, and what is open under them."""
    files = [row for ref, row in rows.items() if ref.startswith("file/") and row["fd"] >= 0]
    lines = [f"{row['fd']} -> {posixpath.join(WORKING_DIRECTORY, inode_of(rows, row)['name'])}" for row in files]
    return "".join(f"{line}\n" for line in sorted(lines, key=lambda line: int(line.split()[0])))


OF_A_TASK = {
    "maps": ProcFile(show_map, "Its mappings: addresses, permissions, and which part of which file lies behind them."),
    "smaps": ProcFile(show_smap, "Its mappings with what of each is in memory: shared or its own, clean or dirty."),
    "smaps_rollup": ProcFile(show_smaps_rollup, "The sums of smaps over all mappings."),
    "pagemap": ProcFile(show_pagemap, "For each page in memory its frame number and whose page it is, decoded."),
    "status": ProcFile(proc_pid_status, "Who it is and how much memory it has, in lines for people."),
    "stat": ProcFile(proc_tgid_stat, "The same and its counts of faults, in one line for programs."),
    "statm": ProcFile(proc_pid_statm, "Its memory in seven figures, counted in pages."),
    "fd": ProcFile(show_fds, "Its open files by descriptor."),
}
OF_THE_MACHINE = {
    "/proc/meminfo": ProcFile(machine_wide(meminfo_proc_show), "Where the machine's memory is."),
    "/proc/vmstat": ProcFile(machine_wide(vmstat_show), "The counters of memory management."),
    "/proc/sys/vm/dirty_ratio": ProcFile(
        setting("dirty_ratio", 20), "Percent of memory that may be dirty before writers are made to wait."
    ),
    "/proc/sys/vm/dirty_background_ratio": ProcFile(
        setting("dirty_background_ratio", 10), "Percent of memory that may be dirty before writing back begins."
    ),
    "/proc/sys/vm/dirty_bytes": ProcFile(
        setting("dirty_bytes", 0), "The same limit as dirty_ratio, in bytes; 0: the ratio counts."
    ),
    "/proc/sys/vm/dirty_background_bytes": ProcFile(
        setting("dirty_background_bytes", 0), "The same limit as dirty_background_ratio, in bytes; 0: the ratio counts."
    ),
    "/proc/sys/vm/dirty_expire_centisecs": ProcFile(
        setting("dirty_expire_centisecs", 3000), "Age, in hundredths of a second, at which a dirty page is written."
    ),
    "/proc/sys/vm/dirty_writeback_centisecs": ProcFile(
        setting("dirty_writeback_centisecs", 500),
        "How often, in hundredths of a second, old dirty pages are looked for.",
    ),
    "/proc/sys/vm/overcommit_memory": ProcFile(
        constant(0), "0: a promise of memory is refused only if it is larger than all of it."
    ),
    "/proc/sys/vm/overcommit_ratio": ProcFile(constant(50), "Percent of memory that counts, were promises strict."),
    "/proc/sys/vm/max_map_count": ProcFile(constant(MAX_MAP_COUNT), "How many mappings a process may have."),
    "/proc/sys/vm/mmap_min_addr": ProcFile(constant(4096), "The lowest address that an ordinary user may map."),
    "/proc/sys/vm/swappiness": ProcFile(constant(60), "How gladly reclaim takes pages that would have to be swapped."),
    "/proc/sys/vm/legacy_va_layout": ProcFile(constant(0), "0: mappings grow down from below the stack."),
    "/sys/block/vda/queue/read_ahead_kb": ProcFile(
        setting("read_ahead_kb"), "The readahead window of the disk, in KiB."
    ),
    "/sys/kernel/debug/fault_around_bytes": ProcFile(
        setting("fault_around_bytes"), "How much a read fault maps around the address, in bytes."
    ),
    "/sys/kernel/mm/ksm/run": ProcFile(constant(0), "0: nobody looks for equal pages to merge."),
}


def paths() -> dict[str, str]:
    """Every path with its sentence, those of the reading task first."""
    own = {f"/proc/self/{name}": file.about for name, file in OF_A_TASK.items()}
    return own | {path: file.about for path, file in OF_THE_MACHINE.items()}


def find(rows: Rows, path: str, reader: str) -> tuple[ProcFile, str] | None:
    """The file at a path and the ref of the task that it tells of; None if there is no such file."""
    if path in OF_THE_MACHINE:
        return OF_THE_MACHINE[path], reader
    parts = path.strip("/").split("/")
    if len(parts) != 3 or parts[0] != "proc" or parts[2] not in OF_A_TASK:
        return None
    task = reader if parts[1] == "self" else task_with_pid(rows, parts[1])
    return (OF_A_TASK[parts[2]], task) if task in rows else None


def task_with_pid(rows: Rows, pid: str) -> str:
    """The ref of the task with this pid; empty if there is none."""
    return next((ref for ref, row in rows.items() if ref.startswith("task/") and str(row["pid"]) == pid), "")
