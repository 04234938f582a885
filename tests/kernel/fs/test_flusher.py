"""The flusher: dirty pages reach the disk although nobody asks for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, usleep
from tests.kernel.invariants import check, check_rows
from webapp.kernel.errors import SettingsError
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.medium import content
from webapp.kernel.machine import MachineSettings

Story = Callable[[Cpu, int], Awaitable[Any]]
SECOND = 1_000_000
FLUSHER = -2  # its number in the stages: the second kernel thread, after kswapd


def run(story: Story, pages: int = 64, **settings: Any) -> Bench:
    """Map a file shared and writable, tell the story, and check the machine afterwards."""
    b = Bench({"data.bin": pages, "other.bin": 8}, **settings)

    async def program(cpu: Cpu) -> None:
        fd = await cpu.syscall("open", "data.bin", 2)
        await story(cpu, await cpu.syscall("mmap", 0, pages * PAGE, 3, 1, fd, 0) & 0xFFFFFFFF)

    b.run(program)
    check(b.k)
    check_rows(b.k, b.rows())
    return b


async def write(cpu: Cpu, base: int, *pages: int) -> None:
    for page in pages:
        await cpu.store(base + page * PAGE, 1, 1)


def dirty(cpu: Cpu) -> set[int]:
    return set(cpu.k.fs.inodes["data.bin"].mapping._dirty)


def writes(b: Bench) -> list[tuple[int, str, list[int]]]:
    """Which task sent which write request."""
    rows = b.rows()
    sent = [(stage["task"], rows[stage["args"]["bio"]]) for stage in b.steps("submit-bio")]
    return [(task, row["op"], row["pages"]) for task, row in sent if "W" in row["op"]]


def test_a_page_is_written_when_it_has_been_dirty_for_half_a_minute() -> None:
    seen = []

    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, 3, 4, 7)
        for _ in range(8):
            await usleep(cpu, 5 * SECOND)
            seen.append(len(dirty(cpu)))
        assert content(cpu.k.fs.inodes["data.bin"], 3)[0] == 1

    b = run(story)

    assert seen == [3, 3, 3, 3, 3, 3, 0, 0]
    assert writes(b) == [(FLUSHER, "W", [3, 4]), (FLUSHER, "W", [7, 7])]


def test_an_inode_that_is_dirtied_again_does_not_become_younger() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, 0)
        await usleep(cpu, 25 * SECOND)
        await write(cpu, base, 1)
        await usleep(cpu, 10 * SECOND)
        assert dirty(cpu) == set()

    run(story)


def test_the_flusher_sleeps_when_nothing_is_dirty() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, 0)
        await usleep(cpu, 60 * SECOND)

    b = run(story)

    assert len(b.calls("wb_workfn")) == 6  # every 5.12 s, the last time to write
    assert not b.k.wb.has_dirty_io


def test_the_settings_say_how_often_it_looks_and_what_is_old() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, 0)
        await usleep(cpu, SECOND)
        assert dirty(cpu) == {0}
        await usleep(cpu, 2 * SECOND)
        assert dirty(cpu) == set()

    run(story, dirty_writeback_centisecs=50, dirty_expire_centisecs=200)


def test_a_disk_that_has_not_written_yet_has_no_share_of_the_limit() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, *range(20))
        await usleep(cpu, 6 * SECOND)
        assert dirty(cpu) == set()  # more than eight pages were too many
        await write(cpu, base, *range(20))
        await usleep(cpu, 6 * SECOND)
        assert dirty(cpu) == set(range(20))  # now it has shown that it can write

    run(story)


def test_more_dirty_pages_than_the_lower_limit_wake_the_flusher_at_once() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, *range(60))

    b = run(story, dirty_background_bytes=16 * PAGE, dirty_bytes=4096 * PAGE)

    assert {task for task, _, _ in writes(b)} == {FLUSHER}
    assert b.calls("wb_start_background_writeback")


def test_the_flusher_goes_on_where_it_stopped_and_then_does_what_lies_before() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, 20)
        await cpu.syscall("sync")
        await write(cpu, base, 20)
        await usleep(cpu, 3 * SECOND)
        mapping = cpu.k.fs.inodes["data.bin"].mapping
        assert mapping.writeback_index == 21
        await write(cpu, base, 10, 40)
        await usleep(cpu, 3 * SECOND)

    b = run(story, dirty_writeback_centisecs=100, dirty_expire_centisecs=100)

    assert [pages for _, op, pages in writes(b) if op == "W"] == [[20, 20], [40, 40], [10, 10]]


def test_a_writer_at_the_limit_sleeps_until_the_disk_has_made_room() -> None:
    slow = {"disk_request_us": 20_000, "disk_page_us": 2_000}

    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, *range(120))

    b = run(story, pages=128, dirty_background_bytes=8 * PAGE, dirty_bytes=16 * PAGE, **slow)

    pauses = [stage["args"]["pause"] for stage in b.steps("throttle")]
    assert pauses
    assert all(0 < pause <= 50 for pause in pauses)  # a fifth of a second at most
    assert max(stage["args"]["dirty"] for stage in b.steps("throttle")) < 48  # the first look comes after 32 pages


def test_sync_writes_all_files_and_waits_for_the_disk() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        fd = await cpu.syscall("open", "other.bin", 2)
        other = await cpu.syscall("mmap", 0, 8 * PAGE, 3, 1, fd, 0) & 0xFFFFFFFF
        await write(cpu, base, 1)
        await write(cpu, other, 2)
        assert await cpu.syscall("sync") == 0
        assert not cpu.k.vmstat.nr_dirty
        assert not cpu.k.vmstat.nr_writeback
        assert content(cpu.k.fs.inodes["other.bin"], 2)[0] == 1
        await write(cpu, other, 3)
        assert await cpu.syscall("syncfs", fd) == 0
        assert not cpu.k.vmstat.nr_dirty
        assert await cpu.syscall("syncfs", 99) == -9

    run(story, disk_request_us=5000)


def test_the_pages_of_a_sync_are_submitted_by_the_flusher() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await write(cpu, base, 1, 5)
        await cpu.syscall("sync")

    b = run(story)

    assert [(task, pages) for task, op, pages in writes(b) if op != "FWS"] == [(FLUSHER, [1, 1]), (FLUSHER, [5, 5])]


def test_the_flusher_leaves_shared_anonymous_memory_alone() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        memory = await cpu.syscall("mmap", 0, 4 * PAGE, 3, 0x21, -1, 0) & 0xFFFFFFFF
        await cpu.store(memory, 1, 1)
        assert await cpu.syscall("sync") == 0

    assert writes(run(story)) == [(1, "FWS", [0, -1])]


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"dirty_bytes": 4096}, "two pages"),
        ({"dirty_ratio": 101}, "outside 0..100"),
        ({"dirty_expire_centisecs": 0}, "outside 1..360000"),
    ],
)
def test_settings_that_no_machine_can_have_are_refused(settings: dict[str, int], word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        MachineSettings(**settings)
