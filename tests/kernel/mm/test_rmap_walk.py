"""The way back from a page to its PTEs, when two processes map it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.kernel.conftest import PAGE, Bench
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.gfp import GFP_KERNEL
from webapp.kernel.include.linux.mm_types import Mm
from webapp.kernel.mm.rmap_walk import page_referenced, rmap_walk
from webapp.kernel.mm.scan_control import ScanControl
from webapp.kernel.mm.vmscan_pages import PageReferences, page_check_references

ANON = 0x22


def pte_in(mm: Mm | None, address: int) -> int:
    assert mm is not None
    table = mm._tables.get(address >> 21)
    return table.linux(address >> 12 & 511) if table else 0


def forked(look: Callable[[Bench, int], Any]) -> Any:
    """A page of the parent's own, read by the child too; what ``look`` saw while both had it."""
    b, seen = Bench(), []

    async def program(cpu: Cpu) -> None:
        at = await cpu.syscall("mmap", 0, PAGE, 3, ANON, -1, 0) & 0xFFFFFFFF
        await cpu.store(at, 1, 7)

        async def child(cpu: Cpu) -> int:
            await cpu.load(at, 1)
            seen.append(look(b, at))
            return 0

        await cpu.fork(child)
        await cpu.load(at, 1)
        await cpu.syscall("wait4", -1, 0)

    b.run(program)
    return seen[0]


def test_a_page_shared_since_a_fork_is_found_in_both_address_spaces() -> None:
    def look(b: Bench, at: int) -> tuple[int, int, list[bool]]:
        parent, child = b.k.sched.tasks
        page = b.k.mem_map[pte_in(parent.mm, at) >> 12]
        owners = [vma.vm_mm for vma in rmap_walk(page) if vma.vm_start <= at < vma.vm_end]
        return page.mapcount, len(owners), [task.mm in owners for task in (parent, child)]

    assert forked(look) == (2, 2, [True, True])


def test_use_by_both_counts_twice_and_makes_both_ptes_old() -> None:
    def look(b: Bench, at: int) -> tuple[int, list[int], int]:
        parent, child = b.k.sched.tasks
        page = b.k.mem_map[pte_in(parent.mm, at) >> 12]
        referenced, _ = page_referenced(b.k, page, True, None)
        young = [pte_in(task.mm, at) & 2 for task in (parent, child)]
        return referenced, young, page_referenced(b.k, page, True, None)[0]

    assert forked(look) == (2, [0, 0], 0)


def test_a_page_that_both_used_is_active_at_once() -> None:
    def look(b: Bench, at: int) -> PageReferences:
        page = b.k.mem_map[pte_in(b.k.sched.tasks[0].mm, at) >> 12]
        return page_check_references(b.k, page, ScanControl(GFP_KERNEL))

    assert forked(look) is PageReferences.ACTIVATE
