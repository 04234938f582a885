"""Questions about a state: what /proc/self/maps would say, what is in the page cache, how the program ended.

Each function takes rows (`webapp.kernel.journal.Rows`) and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from webapp.kernel.journal import Row, Rows

PAGE_SHIFT = 12
VM_READ, VM_WRITE, VM_EXEC, VM_MAYSHARE = 0x1, 0x2, 0x4, 0x80
VECTORS = "ffff0000-ffff1000 r-xp 00000000 [vectors]"  # shown in every process, though no VMA stands behind it
PROGRAM_NAMES = {"prog", "/prog", "[heap]"}  # text, data and heap of the program itself

Ranges = list[list[int]]


def maps(rows: Rows, whole: bool = True, task: str = "task/1") -> list[str]:
    """The lines of /proc/self/maps, ``start-end perms offset name``; the program's own ones only if ``whole``."""
    mm = rows.get(task, {}).get("mm")
    vmas = [row for ref, row in rows.items() if ref.startswith("vma/") and row.get("vm_mm", mm) == mm]
    vmas.sort(key=lambda row: int(row["vm_start"]))
    return [_maps_line(row) for row in vmas if whole or row.get("name") not in PROGRAM_NAMES] + [VECTORS]


def _maps_line(vma: Row) -> str:
    flags = vma["vm_flags"]
    perms = "".join(
        letter if flags & bit else "-" for letter, bit in zip("rwx", (VM_READ, VM_WRITE, VM_EXEC), strict=True)
    )
    perms += "s" if flags & VM_MAYSHARE else "p"
    offset = vma.get("vm_pgoff", 0) << PAGE_SHIFT if vma.get("vm_file") else 0
    return f"{vma['vm_start']:08x}-{vma['vm_end']:08x} {perms} {offset:08x} {vma.get('name', '')}".rstrip()


def resident(rows: Rows, files: Iterable[str]) -> dict[str, Ranges]:
    """For each file, the inclusive ranges of its pages that the page cache holds."""
    cached: dict[str, list[int]] = {name: [] for name in files}
    for ref, row in rows.items():
        if ref.startswith("cache/"):
            name = rows.get(row.get("inode", ""), {}).get("name")
            if name in cached:
                cached[name] = [int(field) for field in row if field.isdigit()]
    return {name: ranges(pages) for name, pages in cached.items()}


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
