"""/proc/meminfo: where the memory is.

Interface: `meminfo_proc_show` takes rows (`fs/proc/rows.py`) and returns the file, less what this model does not count:
MemAvailable, Buffers, slabs, kernel stacks, the vmalloc area, per-CPU and CMA memory.

Linux 5.10: fs/proc/meminfo.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.include.linux.fs import TMPFS
from webapp.kernel.include.linux.mm import VM_ACCOUNT

if TYPE_CHECKING:
    from webapp.kernel.journal import Row, Rows

OVERCOMMIT_RATIO = 50  # percent of RAM that may be promised, should promises ever be counted strictly


def meminfo_proc_show(rows: Rows) -> str:
    """/proc/meminfo. Active and Inactive are the LRU lists; Cached counts the pages of all files and of shared memory.

    Committed_AS is what programs were promised: private memory that can be written to, and shared anonymous memory.
    """
    total, stat, lru = rows["zone"]["managed"], rows["vmstat"], rows["lru"]
    anon, file = (lru["active_anon"], lru["inactive_anon"]), (lru["active_file"], lru["inactive_file"])
    shmem = sum(row["nrpages"] for row in shared_memory(rows))
    free = stat["nr_free_pages"]
    pages = {
        "MemTotal": total,
        "MemFree": free,
        "Cached": stat["nr_file_pages"],
        "SwapCached": 0,
        "Active": anon[0] + file[0],
        "Inactive": anon[1] + file[1],
        "Active(anon)": anon[0],
        "Inactive(anon)": anon[1],
        "Active(file)": file[0],
        "Inactive(file)": file[1],
        "Unevictable": lru["unevictable"],
        "Mlocked": stat["nr_mlock"],
        "HighTotal": 0,
        "HighFree": 0,
        "LowTotal": total,
        "LowFree": free,
        "SwapTotal": 0,
        "SwapFree": 0,
        "Dirty": stat["nr_dirty"],
        "Writeback": stat["nr_writeback"],
        "AnonPages": stat["nr_anon_pages"],
        "Mapped": stat["nr_mapped"],
        "Shmem": shmem,
        "PageTables": stat["nr_page_table_pages"],
        "NFS_Unstable": 0,
        "Bounce": 0,
        "WritebackTmp": 0,
        "CommitLimit": total * OVERCOMMIT_RATIO // 100,
        "Committed_AS": vm_committed_as(rows),
    }
    return "".join(f"{name + ':':<16}{count << PAGE_SHIFT >> 10:8} kB\n" for name, count in pages.items())


def shared_memory(rows: Rows) -> list[Row]:
    """The page caches of the hidden files behind shared anonymous memory."""
    return [row for ref, row in rows.items() if ref.startswith("cache/") and rows[row["inode"]]["s_dev"] == TMPFS]


def vm_committed_as(rows: Rows) -> int:
    """Pages that were promised."""
    private = sum(
        (row["vm_end"] - row["vm_start"]) >> PAGE_SHIFT
        for ref, row in rows.items()
        if ref.startswith("vma/") and row["linked"] and row["vm_flags"] & VM_ACCOUNT
    )
    shared = sum(-(-rows[row["inode"]]["i_size"] // PAGE_SIZE) for row in shared_memory(rows))
    return int(private + shared)
