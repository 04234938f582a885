"""A hand-written run: stages as a machine would record them, for tests that need no machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from webapp.session.run import Recipe

Stage = dict[str, Any]

BASE = 0xB6FF0000
RA = {"index": 0, "ra": {"start": 0, "size": 0, "async_size": 0, "mmap_miss": 0}}
VMA = {
    "vm_mm": "mm/1", "vm_start": BASE, "vm_end": BASE + 0x4000, "vm_flags": 0x71, "vm_pgoff": 1,
    "vm_file": "file/1", "name": "data.bin", "linked": True,
}  # fmt: skip
BOOT: dict[str, dict[str, Any]] = {
    "task/1": {"pid": 7, "mm": "mm/1"},
    "mm/1": {"map_count": 1},
    "vma/1": {
        "vm_mm": "mm/1",
        "vm_start": 0x10000,
        "vm_end": 0x66000,
        "vm_flags": 0x75,
        "vm_pgoff": 0,
        "name": "prog",
        "linked": True,
    },
    "file/1": {"inode": "inode/1", "fd": 3},
    "inode/1": {"name": "data.bin", "i_size": 16384, "i_ino": 12, "s_dev": "fe:00"},
    "cache/1": {"inode": "inode/1", "nrpages": 0},
    "stdout": {},
    "program": {"running": True},
}


class Story:
    """Builds stages; depth follows from calls and returns, time from their number."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self.open: list[str] = []
        self.ctx = "user"
        self.step("boot", "the machine starts", changes=[[ref, "*", None, dict(row)] for ref, row in BOOT.items()])

    def _add(self, op: str, fn: str, depth: int, **rest: Any) -> None:
        kept = {key: value for key, value in rest.items() if value is not None}
        number = len(self.stages)
        ctx = rest.get("ctx", self.ctx)
        self.stages.append(
            {"n": number, "t": number * 1000, "task": 1, "ctx": ctx, "op": op, "fn": fn, "depth": depth} | kept
        )

    def call(self, fn: str, **rest: Any) -> None:
        self.ctx = "kernel"
        self._add("call", fn, len(self.open), **rest)
        self.open.append(fn)

    def leave(self, ret: Any = None, **rest: Any) -> None:
        fn = self.open.pop()
        self._add("return", fn, len(self.open), ret=ret, **rest)
        self.ctx = "kernel" if self.open else "user"

    def leaf(self, fn: str, ret: Any = None, **rest: Any) -> None:
        self.call(fn, **rest)
        self.leave(ret)

    def step(self, kind: str, text: str = "something happens", **rest: Any) -> None:
        fn = self.open[-1] if self.open else "main"
        self._add("step", fn, max(len(self.open) - 1, 0), kind=kind, text=text, **rest)


def a_read_of_a_mapped_file() -> list[Stage]:
    """mmap, one cold fault that reads and maps four pages, an interrupt in between, munmap, exit status 3."""
    s = Story()
    s.step("user-call", args={"name": "mmap", "args": [0, 0x3001, 1, 2, 3, 0x1000]})
    s.call("sys_mmap_pgoff", args={"len": 0x3001})
    s.leaf("inlined_helper")
    s.leaf("do_mmap", changes=[["vma/2", "*", None, VMA]])
    s.leave(BASE)
    s.step("syscall-return", args={"name": "mmap", "ret": BASE})
    s.call("do_DataAbort", args={"addr": BASE + 0x2010, "fsr": 0x17})
    s.leaf("find_vma")
    s.call("handle_mm_fault", args={"vma": "vma/2", "address": BASE + 0x2000, "flags": 0x254})
    s.leaf("filemap_map_pages", args={"vmf": {}, "start_pgoff": 1, "end_pgoff": 4})
    s.call("filemap_fault")
    s.call("do_page_cache_ra", args={"ractl": RA, "nr_to_read": 4, "lookahead_size": 1})
    for page in range(4):
        s.leaf("add_to_page_cache_lru", changes=[["cache/1", page, None, f"page/{page}"]])
    bio = {"op": "RA", "nr_sectors": 32, "inode": "inode/1"}
    s.leaf("submit_bio", args={"bio": "bio/1"}, changes=[["bio/1", "*", None, bio]])
    s.leave()
    s._add("call", "bio_endio", 4, ctx="irq")
    s._add("return", "bio_endio", 4, ctx="irq")
    s.leave("VM_FAULT_MAJOR|VM_FAULT_RETRY")
    s.leave("VM_FAULT_MAJOR|VM_FAULT_RETRY")
    s.leaf("find_vma")
    s.call("handle_mm_fault", args={"vma": "vma/2", "address": BASE + 0x2000, "flags": 0x274})
    s.call("filemap_map_pages", args={"vmf": {}, "start_pgoff": 1, "end_pgoff": 4})
    for page in range(3):
        s.leaf("set_pte_at", args={"mm": "mm/1", "addr": BASE + page * 4096, "pte": 0x4100079F + page * 4096})
    s.leave("VM_FAULT_NOPAGE")
    s.leave("VM_FAULT_NOPAGE")
    s.leave()
    s.step("user-print", changes=[["stdout", 0, None, "7\n"]])
    s.step("user-call", args={"name": "munmap", "args": [BASE, 0]})
    s.step("syscall-return", args={"name": "munmap", "ret": -22})
    s.step("user-call", args={"name": "close", "args": [3]})
    s.step("syscall-return", args={"name": "close", "ret": 0})
    s.step("exit", args={"how": "status 3"}, changes=[["program", "exit", None, "status 3"], ["vma/2", "*", VMA, None]])
    return s.stages


def a_fatal_read() -> list[Stage]:
    """One read of an address without a mapping; the kernel's functions never return to the program."""
    s = Story()
    s.call("do_DataAbort", args={"addr": 0x50000000, "fsr": 0x5})
    s.call("do_page_fault")
    s.leaf("find_vma")
    s.leaf("force_sig_fault", args={"sig": "SIGSEGV", "code": 1, "addr": 0x50000000})
    s.open.clear()
    s.step("exit", args={"how": "SIGSEGV"}, changes=[["program", "exit", None, "SIGSEGV"]])
    return s.stages


class ToldRun:
    """Stands in for a run: its stages are the story's."""

    def __init__(self, stages: list[Stage], why: str = "exit status 3") -> None:
        self.recipe = Recipe("int main(void) { return 3; }", "story.c")
        self.files = {"data.bin": 16384}
        self.machine = {"read_ahead_kb": 128}
        self.why = why
        self._stages = stages

    def __iter__(self) -> Iterator[Stage]:
        return iter(self._stages)
