"""The readable account of a run: its system calls, its faults, the address space and the page cache at the end."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.session import outcome
from webapp.session.digest import MAX_ERRNO, PAGE_SIZE, Follower, Json, Recorded

MASK = 0xFFFFFFFF
FAULT_COLUMNS = ("time us", "mapping", "page", "fsr", "attempts", "PTEs", "read", "kind")
PROT = ((1, "PROT_READ"), (2, "PROT_WRITE"), (4, "PROT_EXEC"))
MAP_TYPES = {1: "MAP_SHARED", 2: "MAP_PRIVATE", 3: "MAP_SHARED_VALIDATE"}
MAP_FLAGS = (
    (0x10, "MAP_FIXED"), (0x20, "MAP_ANONYMOUS"), (0x100, "MAP_GROWSDOWN"), (0x2000, "MAP_LOCKED"),
    (0x4000, "MAP_NORESERVE"), (0x8000, "MAP_POPULATE"), (0x10000, "MAP_NONBLOCK"), (0x100000, "MAP_FIXED_NOREPLACE"),
)  # fmt: skip
ADVICE = {0: "MADV_NORMAL", 1: "MADV_RANDOM", 2: "MADV_SEQUENTIAL", 3: "MADV_WILLNEED", 4: "MADV_DONTNEED"}
MSYNC = ((1, "MS_ASYNC"), (2, "MS_INVALIDATE"), (4, "MS_SYNC"))
ERRNO = {
    1: "EPERM", 2: "ENOENT", 4: "EINTR", 5: "EIO", 9: "EBADF", 11: "EAGAIN", 12: "ENOMEM", 13: "EACCES", 14: "EFAULT",
    16: "EBUSY", 17: "EEXIST", 19: "ENODEV", 20: "ENOTDIR", 21: "EISDIR", 22: "EINVAL", 24: "EMFILE", 38: "ENOSYS",
    75: "EOVERFLOW", 95: "EOPNOTSUPP",
}  # fmt: skip


def report(run: Recorded) -> Iterator[str]:
    """Run to the end and tell what happened, line by line."""
    follower = Follower(run.files)
    calls: list[tuple[int, str]] = []
    began, shown = 0, ""
    for stage in run:
        follower.feed(stage)
        if stage.get("kind") == "user-call":
            began, shown = stage["t"], call_text(stage["args"]["name"], stage["args"]["args"])
        elif stage.get("kind") == "syscall-return":
            name, ret = stage["args"]["name"], stage["args"]["ret"]
            calls.append((began, f"{shown} = {result_text(name, ret)}"))
    follower.finish()
    yield f"{run.recipe.name}: {ending_text(run, follower)}"
    printed = outcome.stdout(follower.rows).rstrip("\n")
    if printed:
        yield from ("", "It printed")
        yield from (f"  {line}" for line in printed.split("\n"))
    if calls:
        yield from ("", "System calls")
        yield from (f"  {moment(when)}  {text}" for when, text in calls)
    yield from fault_table(follower)
    yield from ("", "/proc/self/maps at the end")
    yield from (f"  {line}" for line in follower.address_space)
    yield from ("", "Page cache")
    for name, found in outcome.resident(follower.rows, run.files).items():
        pages = sum(last - first + 1 for first, last in found)
        of = -(-run.files[name] // PAGE_SIZE)
        yield f"  {name}: {pages} of {of} pages" + (f", {ranges_text(found)}" if found else "")
    yield from ("", totals_text(follower))


def moment(ns: int) -> str:
    """A virtual time, in microseconds."""
    return f"{ns / 1000:11.3f}"


def ending_text(run: Recorded, follower: Follower) -> str:
    """How the program ended, in words."""
    how = outcome.ending(follower.rows)
    if how is None:
        return f"stopped. {run.why}" if run.why else "stopped"
    return f"killed by {how['signal']}" if "signal" in how else f"exit status {how['status']}"


def totals_text(follower: Follower) -> str:
    """Faults and disk traffic in one line."""
    totals = follower.totals()
    events = [next(iter(event.values())) for event in follower.events]
    bios = [pages for event in events for pages in event.get("read_bios", [])]
    fatal = totals["faults"] - totals["major"] - totals["minor"]
    words = [f"{totals['faults']} faults: {totals['major']} major, {totals['minor']} minor"]
    if fatal:
        words.append(f"{fatal} fatal")
    return f"{', '.join(words)}; {len(bios)} read requests, {sum(bios)} pages"


# Faults.


def fault_table(follower: Follower) -> Iterator[str]:
    """One row for each fault on the program's mappings."""
    moments = zip(follower.moments, follower.events, strict=False)
    rows = [fault_row(when, event["fault"]) for when, event in moments if "fault" in event]
    if not rows:
        return
    widths = [max(len(row[i]) for row in [FAULT_COLUMNS, *rows]) for i in range(len(FAULT_COLUMNS))]
    yield from ("", "Faults")
    for row in [FAULT_COLUMNS, *rows]:
        cells = [
            cell.rjust(width) if i < 3 else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def fault_row(when: int, fault: Json) -> tuple[str, ...]:
    """The cells of one fault: where, why, what handle_mm_fault returned, what it mapped and read."""
    if "mapping" in fault:
        where = (str(fault["mapping"]), str(fault["page"]))
    else:
        where = ("none", fault["addr"])
    kind = fault.get("signal") or ("major" if fault["major"] else "minor")
    ptes = ", ".join(ranges_text([run["pages"]]) for run in fault.get("ptes", []))
    added = ", ".join(f"{name} {ranges_text(found)}" for name, found in fault.get("cache_add", {}).items())
    fsr = fault["fsr"] + (" write" if fault["write"] else "")
    return (f"{when / 1000:.3f}", *where, fsr, ", ".join(fault["results"]), ptes, added, kind)


def ranges_text(found: outcome.Ranges) -> str:
    """``0-15, 24``"""
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in found)


# System calls.


def call_text(name: str, args: list[int | str]) -> str:
    """The call as a C programmer would write it."""
    words = [
        f'"{value}"' if isinstance(value, str) else _argument(name, place, value & MASK)
        for place, value in enumerate(args)
    ]
    return f"{name}({', '.join(words)})"


def result_text(name: str, ret: int) -> str:
    """The result: an address, a number, or the name of an errno."""
    if -MAX_ERRNO <= ret < 0:
        return f"-{ERRNO.get(-ret, -ret)}"
    return hex(ret & MASK) if name == "mmap" else str(ret)


def _argument(name: str, place: int, value: int) -> str:
    if name in ("mmap", "munmap", "madvise", "mprotect", "msync") and place == 0:
        return hex(value) if value else "NULL"
    if place == 2:
        if name in ("mmap", "mprotect"):
            return _flags(value, PROT, "PROT_NONE")
        if name == "madvise":
            return ADVICE.get(value, str(_signed(value)))
        if name == "msync":
            return _flags(value, MSYNC, "0")
    if name == "mmap" and place == 3:
        return "|".join(filter(None, [MAP_TYPES.get(value & 0xF, ""), _flags(value & ~0xF, MAP_FLAGS, "")])) or "0"
    if (name == "mmap" and place == 5) or (place == 1 and value > 9):
        return hex(value)
    return str(_signed(value))


def _flags(value: int, names: tuple[tuple[int, str], ...], nothing: str) -> str:
    """Flag names joined by ``|``; bits without a name in hex."""
    words = [word for bit, word in names if value & bit]
    rest = value & ~sum(bit for bit, _ in names)
    return "|".join(words + ([hex(rest)] if rest else [])) or nothing


def _signed(value: int) -> int:
    return value - (1 << 32) if value > 0x7FFFFFFF else value
