"""Dirty pages on their way to the disk: msync, fsync and fdatasync."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_writeback

SHARED, MS_ASYNC, MS_SYNC = 1, 1, 4
Story = Callable[[Cpu, int, int], Awaitable[Any]]


def run(story: Story, **settings: Any) -> tuple[Bench, int]:
    """Map a file shared and writable; the story gets the address and the descriptor."""
    b, base = Bench(**settings), 0

    async def program(cpu: Cpu) -> None:
        nonlocal base
        fd = await cpu.syscall("open", "data.bin", 2)
        base = await cpu.syscall("mmap", 0, 32 * PAGE, 3, SHARED, fd, 0) & 0xFFFFFFFF
        await story(cpu, base, fd)

    b.run(program)
    return b, base


def bios(b: Bench) -> list[tuple[str, list[int]]]:
    """The write requests: operation, first and last page."""
    rows = b.rows()
    found = [rows[stage["args"]["bio"]] for stage in b.steps("submit-bio")]
    return [(row["op"], row["pages"]) for row in found if "W" in row["op"]]


async def write(cpu: Cpu, base: int, *pages: int, value: int = 1) -> None:
    for page in pages:
        await cpu.store(base + page * PAGE, 1, value)


def test_msync_writes_what_is_dirty_and_waits_until_the_disk_has_it() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, 3, value=42)
        assert await cpu.syscall("msync", base, 32 * PAGE, MS_SYNC) == 0
        assert content(cpu.k.fs.inodes["data.bin"], 3)[0] == 42

    b, _ = run(story)

    assert not b.page(3).flags & (PG_dirty | PG_writeback)
    assert (b.k.vmstat.nr_dirty, b.k.vmstat.nr_writeback, b.k.vmstat.nr_written) == (0, 0, 1)
    assert b.k.disk.sectors_written == 8


def test_neighbours_go_in_one_request_and_a_flush_follows() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, 7, 2, 3, 4, 9)
        await cpu.syscall("msync", base, 32 * PAGE, MS_SYNC)

    b, _ = run(story)

    assert bios(b) == [("WS", [2, 4]), ("WS", [7, 7]), ("WS", [9, 9]), ("FWS", [0, -1])]


def test_a_written_page_is_write_protected_so_that_the_next_store_is_noticed() -> None:
    words = []

    async def story(cpu: Cpu, base: int, fd: int) -> None:
        table = cpu.k.mm._tables
        await write(cpu, base, 0)
        words.append(hex(table[base >> 21].linux(base >> 12 & 511) & 0xFFF))
        await cpu.syscall("msync", base, PAGE, MS_SYNC)
        words.append(hex(table[base >> 21].linux(base >> 12 & 511) & 0xFFF))
        assert base >> 12 not in cpu.writable
        faults = cpu.k.fault.n
        await write(cpu, base, 0)
        assert cpu.k.fault.n == faults + 1

    b, _ = run(story)

    assert words == ["0x75f", "0x79f"]
    assert b.page(0).flags & PG_dirty


def test_every_shared_mapping_of_the_page_is_write_protected() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        other = await map_file(cpu, 4, flags=SHARED, writable=True)
        await write(cpu, base, 0)
        await write(cpu, other, 0)
        await cpu.syscall("fsync", fd)

    b, _ = run(story)

    assert len(b.calls("ptep_clear_flush")) == 2
    assert b.page(0).mapcount == 2


def test_msync_of_a_part_leaves_the_rest_dirty() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, 1, 2, 3)
        await cpu.syscall("msync", base + 2 * PAGE, PAGE, MS_SYNC)

    b, _ = run(story)

    assert b.k.fs.inodes["data.bin"].mapping._dirty == {1, 3}


def test_ms_async_writes_nothing() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, 1)
        assert await cpu.syscall("msync", base, 32 * PAGE, MS_ASYNC) == 0

    b, _ = run(story)

    assert bios(b) == []
    assert b.page(1).flags & PG_dirty


def test_bytes_behind_the_end_of_the_file_are_zeroed_when_its_last_page_is_written() -> None:
    seen = []

    async def story(cpu: Cpu, base: int, fd: int) -> None:
        cpu.k.fs.inodes["data.bin"].i_size -= 100
        await cpu.store(base + 31 * PAGE, 1, 8)
        await cpu.store(base + 32 * PAGE - 1, 1, 9)
        seen.append(await cpu.load(base + 32 * PAGE - 1, 1))
        await cpu.syscall("fsync", fd)
        seen.append(await cpu.load(base + 32 * PAGE - 1, 1))
        seen.append(await cpu.load(base + 31 * PAGE, 1))

    b = Bench({"data.bin": 32})

    async def program(cpu: Cpu) -> None:
        fd = await cpu.syscall("open", "data.bin", 2)
        await story(cpu, await cpu.syscall("mmap", 0, 32 * PAGE, 3, SHARED, fd, 0) & 0xFFFFFFFF, fd)

    b.run(program)

    assert seen == [9, 0, 8]


def test_fdatasync_flushes_the_disk_itself_and_fsync_leaves_that_to_the_journal() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, 1)
        await cpu.syscall("fsync", fd)
        await cpu.syscall("fsync", fd)  # nothing is left to commit
        await cpu.syscall("fdatasync", fd)

    b, _ = run(story)

    assert [op for op, _ in bios(b)] == ["WS", "FWS", "FWS"]


@pytest.mark.parametrize("call", ["fsync", "fdatasync"])
def test_a_descriptor_that_is_not_open_is_refused(call: str) -> None:
    results = []

    async def story(cpu: Cpu, base: int, fd: int) -> None:
        results.append(await cpu.syscall(call, 77))

    run(story)

    assert results == [-9]


def test_the_writer_sleeps_until_a_slow_disk_is_done() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, 1)
        before = cpu.k.now
        await cpu.syscall("fdatasync", fd)
        assert cpu.k.now - before > 2 * 5_000_000

    b, _ = run(story, disk_request_us=5000)

    assert [stage["text"] for stage in b.steps("wait")][-2:] == [
        f"prog sleeps until {b.page(1).ref} is written",
        "prog sleeps until bio/3 is done",
    ]


def test_the_time_of_a_file_is_that_of_the_write_fault() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        inode = cpu.k.fs.inodes["data.bin"]
        assert inode.i_mtime is None
        await cpu.syscall("clock_nanosleep", 0, 9_000_000)
        await write(cpu, base, 1)
        assert inode.i_mtime == 8_000_000  # the last tick of a clock of 250 Hz
        await cpu.syscall("clock_nanosleep", 0, 9_000_000)
        await write(cpu, base, 1)  # no fault: nobody knows
        assert inode.i_mtime == 8_000_000

    run(story)


def test_a_task_that_dirties_pages_looks_at_the_limits_now_and_then() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await write(cpu, base, *range(32))

    b, _ = run(story)

    assert len(b.calls("balance_dirty_pages_ratelimited")) == 32
    assert len(b.calls("balance_dirty_pages")) == 1
