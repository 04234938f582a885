"""Shadows and refaults, with the numbers of a 32-bit build."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.boot import boot
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.machine import MachineSettings
from webapp.kernel.mm.workingset import (
    EVICTION_MASK,
    EVICTION_SHIFT,
    Shadow,
    bucket_order,
    pack_shadow,
    unpack_shadow,
)


def test_fourteen_bits_are_left_for_the_age() -> None:
    assert (EVICTION_SHIFT, EVICTION_MASK) == (18, 0x3FFF)


@pytest.mark.parametrize(("memory_mib", "order"), [(512, 3), (96, 1), (64, 0)])
def test_ages_are_rounded_so_that_all_of_memory_can_be_told_apart(memory_mib: int, order: int) -> None:
    assert bucket_order(boot(MachineSettings(memory_mib=memory_mib), {})) == order


def test_a_shadow_keeps_group_rounded_age_and_whether_the_page_was_active() -> None:
    k = boot(MachineSettings(), {})

    shadow = pack_shadow(k, 2, 1003, True)

    assert shadow & 1  # a value of the index, not a pointer
    assert shadow == ((((1003 >> 3) << 16 | 2) << 1 | 1) << 1) | 1
    assert unpack_shadow(k, shadow) == Shadow(2, 1000, True)


def test_what_is_evicted_leaves_a_shadow_until_it_comes_back(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 512}, memcg_pages=200)

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 512)
        for page in range(0, 512, 4):
            await cpu.load(base + page * PAGE, 1)

    b.run(program)
    mapping = b.k.fs.inodes["data.bin"].mapping

    assert mapping._shadows
    assert not set(mapping._shadows) & set(mapping._pages)
    assert mapping.nrexceptional == len(mapping._shadows)
    assert len(b.calls("workingset_eviction")) == b.k.vmstat.pgsteal_file


def test_a_stream_that_fits_nowhere_refaults_and_activates_nothing(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 512}, memcg_pages=200, read_ahead_kb=64)

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 512)
        await cpu.syscall("madvise", base, 512 * PAGE, 2)  # MADV_SEQUENTIAL: no reference counts
        for _ in range(2):
            for page in range(512):
                await cpu.load(base + page * PAGE, 1)

    b.run(program)

    assert b.k.vmstat.workingset_refault_file > 300
    assert b.k.vmstat.workingset_activate_file == 0
