"""What /proc is written from: rows of state, one for each object, as the journal keeps them.

A file in /proc has no content. It is a function that looks at the kernel's objects when somebody reads. Here it looks
at their rows instead, and rows exist for every stage of a run: so the same function tells what the file says now, to
the program that reads it, and what it said at any stage of the past, to whoever watches.

Interface:
    * `rows_of` makes the rows of a machine as it is now; a run keeps those of its past.
    * `mm_of`, `vmas` and `Mapped` find what belongs to one process.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PGDIR_SHIFT, PTRS_PER_PTE
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_PRESENT, pte_pfn

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.journal import Row, Rows, Tracked
    from webapp.kernel.machine import Machine


# The rows of a machine.


def rows_of(k: Machine) -> Rows:
    """Rows for everything that /proc tells of: tasks, address spaces, page tables, pages, files and counters."""
    rows: Rows = {"machine": asdict(k.settings)}
    for task in k.sched.tasks:
        _put(rows, task)
        _put_all(rows, task._files.values())
        if task.mm is not None:
            _put_mm(rows, task.mm)
    _put_all(rows, k.mem_map.values())
    for inode in [*k.fs.inodes.values(), *_inodes_mapped(rows, k)]:
        _put_all(rows, (inode, inode.mapping))
    for single in k.vmstat, k.zone, k.lru, k.disk:
        _put(rows, single)
    return rows


def _put(rows: Rows, thing: Tracked) -> None:
    rows[thing.ref] = thing.row()


def _put_all(rows: Rows, things: Iterable[Tracked]) -> None:
    for thing in things:
        _put(rows, thing)


def _put_mm(rows: Rows, mm: Mm) -> None:
    _put(rows, mm)
    for vma in mm._mmap:
        _put(rows, vma)
        if vma.vm_file is not None:
            _put(rows, vma.vm_file)
    for table in mm._tables.values():
        words = ((index, table.linux(index), table.hardware(index)) for index in range(PTRS_PER_PTE))
        entries = {str(index): [linux, hardware] for index, linux, hardware in words if linux or hardware}
        rows[table.ref] = table.row() | entries


def _inodes_mapped(rows: Rows, k: Machine) -> Iterator[Inode]:
    """Inodes that only a mapping can reach: those of shared anonymous memory, and of files that were removed."""
    for task in k.sched.tasks:
        if task.mm is not None:
            yield from (vma.vm_file.inode for vma in task.mm._mmap if vma.vm_file is not None)
        yield from (file.inode for file in task._files.values())


# Questions to rows.


def mm_of(rows: Rows, task: str) -> Row | None:
    """The address space of a task; None when it has ended and given it back."""
    return rows.get(rows[task].get("mm", ""))


def vmas(rows: Rows, task: str) -> list[Row]:
    """The VMAs of a task in address order."""
    mm = rows[task].get("mm")
    found = [row for ref, row in rows.items() if ref.startswith("vma/") and row["vm_mm"] == mm and row["linked"]]
    return sorted(found, key=lambda row: int(row["vm_start"]))


class Mapped:
    """What a task has mapped: every Linux PTE that is not empty, and the pages that are in use, by frame number."""

    def __init__(self, rows: Rows, task: str) -> None:
        self.frames: dict[int, Row] = {row["pfn"]: row for ref, row in rows.items() if ref.startswith("page/")}
        mm = rows[task].get("mm")
        found: dict[int, int] = {}
        for ref, row in rows.items():
            if ref.startswith("pt/") and row["mm"] == mm:
                base = row["slot"] << PGDIR_SHIFT
                found.update({base + (int(key) << PAGE_SHIFT): words[0] for key, words in row.items() if key.isdigit()})
        self.ptes = found
        self.addresses = sorted(found)

    def within(self, start: int, end: int) -> Iterator[int]:
        """The addresses in [start, end) that have a PTE, in order."""
        first, last = bisect_left(self.addresses, start), bisect_left(self.addresses, end)
        return islice(self.addresses, first, last)

    def page(self, pte: int) -> Row | None:
        """The page behind a present PTE, if somebody counts who maps it: the zero page is nobody's."""
        page = self.frames.get(pte_pfn(pte)) if pte & L_PTE_PRESENT else None
        return page if page is not None and page["mapcount"] else None


def inode_of(rows: Rows, file: Row) -> Row:
    """The inode of an open file."""
    return rows[file["inode"]]
