"""Reclaim: who scans how much, what becomes of pages, and who is killed in the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.boot import boot
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.gfp import GFP_KERNEL
from webapp.kernel.include.linux.page_flags import PG_active, PG_referenced
from webapp.kernel.machine import MachineSettings
from webapp.kernel.mm.page_alloc import frames_left, zone_of
from webapp.kernel.mm.scan_control import ScanControl
from webapp.kernel.mm.swap import lru_add_drain
from webapp.kernel.mm.vmscan import get_scan_count, inactive_is_low
from webapp.kernel.mm.vmscan_lists import shrink_active_list
from webapp.kernel.mm.vmscan_pages import PageReferences, page_check_references

SC = ScanControl(GFP_KERNEL)


async def touch(cpu: Cpu, base: int, pages: range) -> None:
    for page in pages:
        await cpu.load(base + page * PAGE, 1)


# Watermarks.


@pytest.mark.parametrize(("memory_mib", "marks"), [(96, (273, 341, 409)), (512, (704, 880, 1056))])
def test_watermarks_grow_with_the_root_of_memory(memory_mib: int, marks: tuple[int, int, int]) -> None:
    zone = boot(MachineSettings(memory_mib=memory_mib), {}).zone

    assert (zone.min, zone.low, zone.high) == marks


@pytest.mark.parametrize(
    ("memory_mib", "total", "free"),
    [
        (60, 10562, 3978),
        (64, 11586, 5007),
        (96, 19694, 13109),
        (128, 27814, 4543),
        (256, 60270, 36968),
        (512, 125182, 101854),
    ],
)
def test_a_booted_machine_has_as_much_memory_left_as_the_recorded_one(memory_mib: int, total: int, free: int) -> None:
    present, managed = zone_of(memory_mib)

    assert present == memory_mib * 256
    assert abs(managed - total) <= 12
    assert abs(frames_left(managed) - free) < 60


def test_the_part_of_a_list_that_is_scanned_doubles_with_each_priority(bench: Callable[..., Bench]) -> None:
    k = bench().k
    k.lru.inactive_file = 10_000

    counts = [get_scan_count(k, ScanControl(GFP_KERNEL, priority=p))["inactive_file"] for p in (12, 11, 6, 0)]

    assert counts == [2, 4, 156, 10_000]


@pytest.mark.parametrize(
    ("inactive", "active", "low"),
    [(100, 100, False), (100, 101, True), (200_000, 300_000, False), (60_000, 700_000, True)],
)
def test_the_inactive_list_is_low_when_it_is_the_shorter_one(
    bench: Callable[..., Bench], inactive: int, active: int, low: bool
) -> None:
    k = bench().k
    k.lru._state |= {"inactive_file": inactive, "active_file": active}

    assert inactive_is_low(k, "file") is low


# Verdicts.


@pytest.mark.parametrize(
    ("young", "referenced", "verdict", "after"),
    [
        (False, False, PageReferences.RECLAIM, False),
        (False, True, PageReferences.RECLAIM_CLEAN, False),
        (True, False, PageReferences.KEEP, True),
        (True, True, PageReferences.ACTIVATE, True),
    ],
)
def test_use_and_earlier_use_decide(
    bench: Callable[..., Bench], young: bool, referenced: bool, verdict: PageReferences, after: bool
) -> None:
    b = bench({"data.bin": 4})
    found: list[object] = []

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 4)
        await cpu.load(base, 1)
        page = b.page(0)
        if not young:
            page_check_references(b.k, page, SC)  # makes it old
        page.flags = page.flags & ~PG_referenced | (PG_referenced if referenced else 0)
        found.append(page_check_references(b.k, page, SC))
        found.append(bool(page.flags & PG_referenced))
        found.append(b.pte(base) & 2)

    b.run(program)

    assert found == [verdict, after, 0]


def test_a_page_that_two_mappings_used_is_active_at_once(bench: Callable[..., Bench]) -> None:
    b, found = bench({"data.bin": 4}), []

    async def program(cpu: Cpu) -> None:
        for _ in range(2):
            await cpu.load(await map_file(cpu, 4), 1)
        found.append(page_check_references(b.k, b.page(0), SC))

    b.run(program)

    assert found == [PageReferences.ACTIVATE]


def test_use_through_a_sequential_mapping_does_not_count(bench: Callable[..., Bench]) -> None:
    b, found = bench({"data.bin": 4}), []

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 4)
        await cpu.syscall("madvise", base, 4 * PAGE, 2)
        await cpu.load(base, 1)
        found.append(page_check_references(b.k, b.page(0), SC))

    b.run(program)

    assert found == [PageReferences.RECLAIM]


def test_an_old_pte_is_touched_for_one_minor_fault(bench: Callable[..., Bench]) -> None:
    b, faults = bench({"data.bin": 4}), []

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 4)
        await cpu.load(base, 1)
        page_check_references(b.k, b.page(0), SC)
        before = b.k.current.min_flt
        await cpu.load(base, 1)
        faults.append(b.k.current.min_flt - before)

    b.run(program)

    assert faults == [1]


def test_deactivated_pages_lie_at_the_head_of_the_inactive_list_and_remember(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 64})

    async def program(cpu: Cpu) -> None:
        for _ in range(2):  # the second munmap of a young PTE activates
            base = await map_file(cpu, 64)
            await touch(cpu, base, range(64))
            await cpu.syscall("munmap", base, 64 * PAGE)
        lru_add_drain(b.k)
        assert b.k.lru.active_file == 64
        await shrink_active_list(b.k, 32, SC, "active_file")

    b.run(program)

    assert (b.k.lru.active_file, b.k.lru.inactive_file) == (32, 32)
    assert b.k.vmstat.pgdeactivate == 32
    assert sum(bool(page.flags & 1 << 6) for page in b.k.mem_map.values()) == 32  # PG_workingset


# Whole runs.


def test_a_group_never_uses_more_than_its_limit_and_the_run_goes_on(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 512}, memcg_pages=150)

    async def program(cpu: Cpu) -> None:
        await touch(cpu, await map_file(cpu, 512), range(512))

    b.run(program)

    assert b.k.place.exit == "status 0"
    assert b.k.memcg is not None
    assert b.k.memcg.max_usage <= 150
    assert b.k.memcg.failcnt > 0


def test_private_memory_beyond_the_limit_ends_in_sigkill(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 4}, memcg_pages=100)

    async def program(cpu: Cpu) -> None:
        base = await cpu.syscall("mmap", 0, 200 * PAGE, 3, 0x22, -1, 0) & 0xFFFFFFFF
        for page in range(200):
            await cpu.store(base + page * PAGE, 1, 1)

    b.run(program)

    assert b.k.place.exit == "SIGKILL"
    assert [step["fn"] for step in b.steps("oom")] == ["oom_kill_process"]
    assert b.k.vmstat.oom_kill == 1


def test_a_small_machine_reclaims_instead_of_giving_up(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 8192}, memory_mib=64)
    b.k.journal.recording = False

    async def program(cpu: Cpu) -> None:
        await touch(cpu, await map_file(cpu, 8192), range(0, 8192, 8))

    b.run(program)

    assert b.k.place.exit == "status 0"
    assert b.k.vmstat.pgsteal_kswapd + b.k.vmstat.pgsteal_direct > 3000
    assert b.k.vmstat.pageoutrun > 0
    assert b.k.vmstat.nr_free_pages > b.k.zone.min // 2


def test_a_machine_full_of_private_memory_kills_the_program(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 4}, memory_mib=64)
    b.k.journal.recording = False

    async def program(cpu: Cpu) -> None:
        base = await cpu.syscall("mmap", 0, 5000 * PAGE, 3, 0x4022, -1, 0) & 0xFFFFFFFF
        for page in range(5000):
            await cpu.store(base + page * PAGE, 1, 1)

    b.run(program)

    assert b.k.place.exit == "SIGKILL"
    assert b.k.vmstat.oom_kill == 1


def test_activated_pages_are_put_on_the_active_list(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 512}, memcg_pages=200)

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 512)
        for start in range(0, 512, 16):
            await touch(cpu, base, range(start, start + 16))
            await touch(cpu, base, range(32))

    b.run(program)
    active = [page for page in b.k.mem_map.values() if page.lru == "active_file"]

    assert active
    assert all(page.flags & PG_active for page in active)
