"""Questions about a state: what /proc/self/maps would say, what is in the page cache, how the program ended.

Each function takes rows (`webapp.kernel.journal.Rows`) and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from webapp.kernel.fs.namei import WORKING_DIRECTORY
from webapp.kernel.fs.proc.rows import vmas
from webapp.kernel.fs.proc.task_mmu import VECTORS, path, show_vma_header_prefix
from webapp.kernel.include.linux.page_flags import PG_locked, PG_uptodate
from webapp.kernel.journal import Row, Rows

PROGRAM_NAMES = {"prog", "[heap]"}  # text, data and heap of the program itself

Ranges = list[list[int]]
PAGE_SIZE = 4096


def maps(rows: Rows, whole: bool = True, task: str = "task/1") -> list[str]:
    """The lines of /proc/self/maps, ``start-end perms offset name``; the program's own ones only if ``whole``."""
    if task not in rows:
        return []
    return [
        f"{show_vma_header_prefix(rows, vma)} {path(rows, vma).removeprefix(f'{WORKING_DIRECTORY}/')}".rstrip()
        for vma in [*vmas(rows, task), VECTORS]
        if whole or vma["name"] not in PROGRAM_NAMES
    ]


def resident(rows: Rows, files: Iterable[str]) -> dict[str, Ranges]:
    """For each file, the inclusive ranges of its pages that the page cache holds, up to the end of the file."""
    cached: dict[str, list[int]] = {name: [] for name in files}
    for ref, row in rows.items():
        if ref.startswith("cache/"):
            inode = rows.get(row.get("inode", ""), {})
            name, size = inode.get("name"), inode.get("i_size", 1 << 62)
            if name in cached:
                slots = {int(field): slot for field, slot in row.items() if field.isdigit() and is_page(slot)}
                cached[name] = [
                    at for at, page in slots.items() if at * PAGE_SIZE < size and has_content(rows.get(page, {}))
                ]
    return {name: ranges(pages) for name, pages in cached.items()}


def has_content(page: Row) -> bool:
    """Whether the page is up to date, or will be when its read is done: one that was zeroed in part may be neither."""
    flags = page.get("flags", PG_uptodate)
    return bool(flags & (PG_uptodate | PG_locked))


def is_page(slot: object) -> bool:
    """Whether a slot of the page cache holds a page: not the shadow of one that was evicted, which is a number."""
    return isinstance(slot, str)


def memcg_stat(rows: Rows) -> dict[str, int] | None:
    """The figures of memory.stat for the program's group, if it is in one: sizes in bytes, charges in pages."""
    group = rows.get("memcg/1")
    if group is None:
        return None
    sizes = ("cache", "mapped_file", "inactive_file", "active_file")
    return {name: group[name] * PAGE_SIZE for name in sizes} | {name: group[name] for name in ("pgpgin", "pgpgout")}


def ranges(pages: Iterable[int]) -> Ranges:
    """Inclusive runs of neighbouring numbers, in order."""
    runs: Ranges = []
    for page in sorted(pages):
        if runs and runs[-1][1] == page - 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return runs


def stdout(rows: Rows) -> str:
    """Everything that the program printed."""
    chunks = rows.get("stdout", {})
    return "".join(str(chunks[field]) for field in sorted((f for f in chunks if f.isdigit()), key=int))


def ending(rows: Rows) -> dict[str, int | str] | None:
    """``{"status": n}`` or ``{"signal": name}``; None while the program runs, or when it was stopped from outside."""
    how = rows.get("program", {}).get("exit")
    if not how:
        return None
    kind, _, number = how.partition(" ")
    return {"status": int(number)} if kind == "status" else {"signal": how}
