"""How many objects of the kernel's own caches a pass asks for: the arithmetic of do_shrink_slab."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kernel.conftest import Bench
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.gfp import GFP_KERNEL
from webapp.kernel.machine import Machine
from webapp.kernel.mm.scan_control import SHRINK_STOP, ScanControl
from webapp.kernel.mm.shrinker import Shrinker, do_shrink_slab


@pytest.mark.parametrize(
    ("objects", "seeks", "priority", "deferred", "batches", "left"),
    [
        (100_000, 2, 12, 0, [], 48),  # (100000 >> 12) * 4 / 2 is less than a batch
        (100_000, 2, 8, 0, [128] * 6, 780 - 768),
        (100_000, 2, 12, 100, [128], 20),  # what was deferred counts
        (100, 2, 1, 0, [100], 0),  # all of a small cache at once
        (100, 2, 12, 1000, [], 1000),  # little is asked for: not more than half of the cache by what has gathered
        (10, 0, 12, 0, [], 5),  # costs nothing to make again: half of it
        (1000, 0, 12, 0, [128] * 3, 500 - 384),
        (1000, 2, 0, 5000, [128] * 15, 7000 - 1920),  # never more than twice as many as there are
    ],
)
def test_a_pass_asks_for_its_part(
    bench: Callable[..., Bench],
    objects: int,
    seeks: int,
    priority: int,
    deferred: int,
    batches: list[int],
    left: int,
) -> None:
    b, asked = bench(), []

    async def scan(k: Machine, sc: ScanControl, nr_to_scan: int) -> int:
        asked.append(nr_to_scan)
        return nr_to_scan

    shrinker = Shrinker("test", seeks, lambda k, sc: objects, scan, nr_deferred=deferred)

    async def program(cpu: Cpu) -> None:
        await do_shrink_slab(b.k, shrinker, ScanControl(GFP_KERNEL, priority=priority))

    b.run(program)

    assert asked == batches
    assert shrinker.nr_deferred == left
    assert b.k.vmstat.slabs_scanned == sum(batches)


def test_a_shrinker_that_cannot_work_now_is_not_asked_again(bench: Callable[..., Bench]) -> None:
    b, asked = bench(), []

    async def scan(k: Machine, sc: ScanControl, nr_to_scan: int) -> int:
        asked.append(nr_to_scan)
        return SHRINK_STOP

    shrinker = Shrinker("test", 2, lambda k, sc: 1000, scan)

    async def program(cpu: Cpu) -> None:
        await do_shrink_slab(b.k, shrinker, ScanControl(GFP_KERNEL, priority=0))

    b.run(program)

    assert asked == [128]
    assert shrinker.nr_deferred == 2000
