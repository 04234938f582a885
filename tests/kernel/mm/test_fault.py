"""A read fault from the abort to the PTE, as the program and the counters see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_locked, PG_readahead, PG_referenced, PG_uptodate

MakeBench = Callable[..., Bench]


def touch(*pages: int, pages_mapped: int = 64, pgoff: int = 0) -> Callable[[Cpu], Any]:
    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, pages_mapped, pgoff)
        for page in pages:
            if (base + page * PAGE) >> 12 not in cpu.readable:
                await cpu.load(base + page * PAGE, 1)

    return program


def test_a_cold_read_is_major_and_is_tried_twice(bench: MakeBench) -> None:
    b = bench()

    b.run(touch(0))

    assert (b.k.current.maj_flt, b.k.current.min_flt) == (1, 0)
    assert (b.k.vmstat.pgfault, b.k.vmstat.pgmajfault) == (2, 1)
    assert [s.get("ret") for s in b.stages if s["op"] == "return" and s["fn"] == "handle_mm_fault"] == [
        "VM_FAULT_MAJOR|VM_FAULT_RETRY",
        "VM_FAULT_NOPAGE",
    ]


def test_a_cold_read_reads_thirty_two_pages_and_marks_the_twenty_fifth(bench: MakeBench) -> None:
    b = bench()

    b.run(touch(0))

    cache = b.k.fs.inodes["data.bin"].mapping
    assert sorted(cache._pages) == list(range(32))
    assert [i for i, page in cache._pages.items() if page.flags & PG_readahead] == [24]
    assert all(page.flags & PG_uptodate and not page.flags & PG_locked for page in cache._pages.values())


def test_the_first_frame_and_pte_are_the_recorded_ones(bench: MakeBench) -> None:
    b = bench()

    b.run(touch(0))

    table = b.k.mm._tables[0xB6FBD000 >> 21]
    assert (table.linux(445), table.hardware(445)) == (0x413ED79F, 0x413EDE7F)


def test_fault_around_follows_the_address_and_readahead_the_file(bench: MakeBench) -> None:
    b = bench()

    b.run(touch(0, 16, 19))

    assert [s["args"]["start_pgoff"] for s in b.steps("map_pages")] == [0, 0, 3, 19]
    assert [s["args"]["start"] for s in b.steps("ra-window")] == [0]


def test_touching_the_marker_reads_on_and_counts_as_major_without_a_disk_wait_of_its_own(bench: MakeBench) -> None:
    b = bench()

    b.run(touch(0, 16, 19, 24))

    assert (b.k.current.maj_flt, b.k.vmstat.pgmajfault) == (2, 1)
    assert b.steps("ra-window")[-1]["args"] == {"start": 32, "size": 32, "async_size": 32}


def test_mapping_neighbours_does_not_mark_pages_as_referenced(bench: MakeBench) -> None:
    b = bench()

    b.run(touch(0))

    assert not any(page.flags & PG_referenced for page in b.k.fs.inodes["data.bin"].mapping._pages.values())


def test_a_page_past_the_end_of_the_file_is_sigbus(bench: MakeBench) -> None:
    b = bench({"data.bin": 3})

    b.run(touch(3, pages_mapped=16))

    assert b.k.place.exit == "SIGBUS"
    assert b.calls("force_sig_fault")[0]["args"]["code"] == 2


@pytest.mark.parametrize(
    ("address", "fsr"),
    [(0xC0000000, 0x00D), (0xBF000000, 0x00F), (0xFFFF1000, 0x03F), (0x50000000, 0x005), (0x0, 0x017)],
)
def test_addresses_of_nobody_are_segv_maperr_with_the_recorded_status(bench: MakeBench, address: int, fsr: int) -> None:
    b = bench()

    b.run(lambda cpu: cpu.load(address, 1))

    assert b.k.place.exit == "SIGSEGV"
    assert b.calls("do_DataAbort")[0]["args"] == {"addr": address, "fsr": fsr}
    assert b.calls("force_sig_fault")[0]["args"]["code"] == 1


def test_an_anonymous_read_maps_the_zero_page(bench: MakeBench) -> None:
    b = bench()
    values = []
    before = []

    async def program(cpu: Cpu) -> None:
        base = await cpu.syscall("mmap", 0, PAGE, 3, 0x22, -1, 0) & 0xFFFFFFFF
        before.append(b.k.mm.rss_anon)
        values.append(await cpu.load(base + 100, 4))

    b.run(program)

    assert values == [0]
    assert (b.k.current.min_flt, b.k.mm.rss_anon) == (1, before[0])


def test_recording_off_gives_the_same_time_and_counters(bench: MakeBench) -> None:
    loud, quiet = bench(), bench()
    quiet.k.journal.recording = False

    loud.run(touch(*range(64)))
    quiet.run(touch(*range(64)))

    assert loud.k.now == quiet.k.now
    assert (loud.k.current.maj_flt, loud.k.current.min_flt) == (quiet.k.current.maj_flt, quiet.k.current.min_flt)
    assert quiet.stages == []
