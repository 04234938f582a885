"""Dirty pages at the end of the list: who writes them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.invariants import check
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.gfp import GFP_KERNEL
from webapp.kernel.include.linux.mm_types import Page
from webapp.kernel.include.linux.page_flags import PG_active, PG_dirty, PG_reclaim, PG_writeback
from webapp.kernel.machine import Machine
from webapp.kernel.mm.page_cache import trylock_page, unlock_page
from webapp.kernel.mm.scan_control import ReclaimStat, ScanControl
from webapp.kernel.mm.swap import lru_add_drain
from webapp.kernel.mm.vmscan_pages import Fate, fate_of, pageout

FILES = {"data.bin": 8}


async def dirty_page(cpu: Cpu, index: int = 0) -> Page:
    """A dirty page of the file that nobody maps, isolated as reclaim does it: one reference more."""
    base = await map_file(cpu, 8, flags=1, writable=True)
    await cpu.store(base + index * PAGE, 1, 42)
    await cpu.syscall("munmap", base, 8 * PAGE)
    lru_add_drain(cpu.k)
    page = cpu.k.fs.inodes["data.bin"].mapping._pages[index]
    page.refcount += 1
    return page


def looked_at(k: Machine, page: Page) -> tuple[Fate, str]:
    assert trylock_page(page)
    verdict = fate_of(k, page, ScanControl(GFP_KERNEL), ReclaimStat(), True)
    unlock_page(k, page)
    return verdict


def test_who_needs_memory_now_leaves_a_dirty_page_to_the_flusher(bench: Callable[..., Bench]) -> None:
    b = bench(FILES)
    fates: list[Any] = []

    async def program(cpu: Cpu) -> None:
        page = await dirty_page(cpu)
        fates.append(looked_at(b.k, page)[0])
        fates.append(bool(page.flags & PG_reclaim and page.flags & PG_dirty))
        page.refcount -= 1

    b.run(program)

    assert fates == [Fate.ACTIVATE, True]
    assert b.k.vmstat.nr_vmscan_immediate_reclaim == 1
    assert b.k.vmstat.nr_vmscan_write == 0


def test_kswapd_that_met_nothing_but_dirty_pages_writes_one_that_comes_round_again(bench: Callable[..., Bench]) -> None:
    b = bench(FILES)
    fates: list[Any] = []

    async def program(cpu: Cpu) -> None:
        page = await dirty_page(cpu)
        task, b.k.current, b.k.node.dirty = b.k.current, b.k.kswapd, True
        fates.extend(looked_at(b.k, page)[0] for _ in range(2))
        b.k.current = task
        fates.append((bool(page.flags & PG_writeback), bool(page.flags & PG_dirty)))
        page.refcount -= 1
        page.flags &= ~PG_active
        await cpu.syscall("sync")
        lru_add_drain(b.k)
        fates.append((content(b.k.fs.inodes["data.bin"], 0)[0], bool(page.flags & PG_writeback)))

    b.run(program)
    check(b.k)

    assert fates == [Fate.ACTIVATE, Fate.KEEP, (True, False), (42, False)]
    assert b.k.vmstat.nr_vmscan_write == 1
    assert len(b.calls("ext4_writepage")) == 1
    assert b.k.vmstat.pgrotated == 1  # when it was written it became first in line


def test_a_page_whose_block_is_only_promised_becomes_dirty_again(bench: Callable[..., Bench]) -> None:
    b = bench(FILES)
    told: list[Any] = []

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("ftruncate64", await cpu.syscall("open", "data.bin", 2), 0)
        await cpu.syscall("ftruncate64", 3, 8 * PAGE)  # a hole now
        page = await dirty_page(cpu, 2)
        dirtied = b.k.vmstat.nr_dirtied
        assert trylock_page(page)
        verdict = pageout(b.k, page, ReclaimStat())
        unlock_page(b.k, page)
        told.append((verdict and verdict[0], bool(page.flags & PG_dirty), bool(page.flags & PG_writeback)))
        told.append(b.k.vmstat.nr_dirtied - dirtied)
        page.refcount -= 1

    b.run(program)
    check(b.k)

    assert told == [(Fate.KEEP, True, False), 0]
    assert b.k.disk.writes == 0
