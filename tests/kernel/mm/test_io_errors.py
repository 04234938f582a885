"""A disk that cannot read or write some pages: what a fault, fsync and msync make of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, usleep
from tests.kernel.invariants import check, check_rows
from webapp.kernel.boot import boot
from webapp.kernel.errors import TaskKilled
from webapp.kernel.hw.bad_pages import BadPages
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.page_flags import PG_dirty, PG_error, PG_uptodate
from webapp.kernel.machine import MachineSettings

Story = Callable[[Cpu, int, int], Awaitable[Any]]
EIO, MS_SYNC = -5, 4


def run(story: Story, *bad: BadPages, **settings: Any) -> Bench:
    """Map a file of a disk with bad pages shared and writable; the story gets the address and the descriptor."""
    b = Bench({"data.bin": 64}, **settings)
    b.k.disk._bad = bad

    async def program(cpu: Cpu) -> None:
        fd = await cpu.syscall("open", "data.bin", 2)
        await story(cpu, await cpu.syscall("mmap", 0, 64 * PAGE, 3, 1, fd, 0) & 0xFFFFFFFF, fd)

    b.run(program)
    check(b.k)
    check_rows(b.k, b.rows())
    return b


def unreadable(first: int, last: int) -> BadPages:
    return BadPages("read_error", "data.bin", first, last)


def unwritable(page: int) -> BadPages:
    return BadPages("write_error", "data.bin", page, page)


def test_a_page_that_cannot_be_read_ends_the_program_with_sigbus() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        with pytest.raises(TaskKilled, match="SIGBUS"):
            await cpu.load(base + 5 * PAGE, 1)
        cpu.k.current.signal = None

    b = run(story, unreadable(5, 5))

    assert b.results() == ["VM_FAULT_MAJOR|VM_FAULT_RETRY", "VM_FAULT_SIGBUS"]
    assert not b.page(5).flags & PG_uptodate


def test_the_page_is_read_with_its_neighbours_then_alone_and_once_more_on_the_last_attempt() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        with pytest.raises(TaskKilled):
            await cpu.load(base + 5 * PAGE, 1)
        cpu.k.current.signal = None

    b = run(story, unreadable(5, 5))

    rows = b.rows()
    sent = [(rows[s["args"]["bio"]]["op"], rows[s["args"]["bio"]]["pages"]) for s in b.steps("submit-bio")]
    assert sent == [("RA", [0, 31]), ("R", [5, 5]), ("R", [5, 5])]
    assert next(iter(b.k.current._files.values())).f_ra.ra_pages == 8  # a quarter of 32


def test_a_good_page_of_a_failed_readahead_is_read_alone() -> None:
    async def story(cpu: Cpu, base: int, fd: int) -> None:
        assert await cpu.load(base, 1) == content(cpu.k.fs.inodes["data.bin"], 0)[0]
        assert await cpu.load(base + 2 * PAGE, 1) == content(cpu.k.fs.inodes["data.bin"], 2)[0]

    b = run(story, unreadable(20, 20))

    assert b.results() == ["VM_FAULT_MAJOR|VM_FAULT_RETRY", "VM_FAULT_NOPAGE", "VM_FAULT_RETRY", "VM_FAULT_NOPAGE"]
    assert not b.page(1).flags & PG_uptodate


def test_fsync_reports_a_failed_write_once_to_each_open_file() -> None:
    told = []

    async def story(cpu: Cpu, base: int, fd: int) -> None:
        other = await cpu.syscall("open", "data.bin", 0)
        await cpu.store(base + 3 * PAGE, 1, 9)
        for descriptor in (fd, fd, other, other):
            told.append(await cpu.syscall("fsync", descriptor))
        later = await cpu.syscall("open", "data.bin", 0)
        told.append(await cpu.syscall("fsync", later))

    b = run(story, unwritable(3))

    assert told == [EIO, 0, EIO, 0, 0]
    assert not b.page(3).flags & (PG_error | PG_dirty)  # clean, and not on the disk: the change is lost
    assert content(b.k.fs.inodes["data.bin"], 3)[0] != 9


def test_a_write_that_failed_in_the_background_is_told_to_the_next_fsync_even_of_a_file_opened_later() -> None:
    told = []

    async def story(cpu: Cpu, base: int, fd: int) -> None:
        await cpu.store(base + 3 * PAGE, 1, 9)
        await usleep(cpu, 40_000_000)
        later = await cpu.syscall("open", "data.bin", 0)
        told.append(await cpu.syscall("fsync", later))
        told.append(await cpu.syscall("msync", base, PAGE, MS_SYNC))
        told.append(await cpu.syscall("msync", base, PAGE, MS_SYNC))

    run(story, unwritable(3))

    assert told == [EIO, EIO, 0]


def test_close_and_sync_say_nothing_and_syncfs_tells_each_open_file_once() -> None:
    told = []

    async def story(cpu: Cpu, base: int, fd: int) -> None:
        other = await cpu.syscall("open", "data.bin", 0)
        await cpu.store(base + 3 * PAGE, 1, 9)
        told.append(await cpu.syscall("sync"))
        told.append(await cpu.syscall("close", other))
        told.append(await cpu.syscall("syncfs", fd))
        told.append(await cpu.syscall("syncfs", fd))
        told.append(await cpu.syscall("fsync", fd))

    run(story, unwritable(3))

    assert told == [0, 0, EIO, 0, EIO]


def test_the_disk_shows_its_bad_pages() -> None:
    k = boot(MachineSettings(), {"data.bin": 64 * PAGE}, bad=(unreadable(5, 7), unreadable(9, 9), unwritable(3)))

    assert (k.disk.read_error, k.disk.write_error) == ("data.bin:5-7, data.bin:9", "data.bin:3")
