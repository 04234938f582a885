"""read(2), write(2) and lseek(2): bytes, positions, and what reaches the disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.invariants import check
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.page_flags import PG_active, PG_dirty, PG_referenced
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EFAULT, EFBIG, EINVAL, EISDIR, ENXIO

RDONLY, WRONLY, RDWR, CREAT, APPEND, DSYNC = 0, 1, 2, 0o100, 0o2000, 0o10000
SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE = range(5)
ANON = 0x22
Story = Callable[[Cpu, int, int], Awaitable[Any]]


async def memory(cpu: Cpu, pages: int = 4) -> int:
    """Private memory for a buffer, not touched yet."""
    return await cpu.syscall("mmap", 0, pages * PAGE, 3, ANON, -1, 0) & 0xFFFFFFFF


async def fill(cpu: Cpu, address: int, data: bytes) -> None:
    for at, byte in enumerate(data):
        await cpu.store(address + at, 1, byte)


async def peek(cpu: Cpu, address: int, size: int) -> bytes:
    return bytes([await cpu.load(address + at, 1) for at in range(size)])


def with_file(story: Story, flags: int = RDWR, pages: int = 16, **settings: Any) -> tuple[Bench, Any]:
    """Open data.bin, make a buffer, and do as the story says; what it returned."""
    b = Bench({"data.bin": pages}, **settings)
    results: list[Any] = []

    async def program(cpu: Cpu) -> None:
        fd = await cpu.syscall("open", "data.bin", flags)
        results.append(await story(cpu, fd, await memory(cpu)))

    b.run(program)
    check(b.k)
    return b, results[0]


def original(page: int, size: int = PAGE) -> bytes:
    return bytes((131 * (PAGE * page + j) + 17 * page + 7) & 255 for j in range(size))


def test_a_read_copies_the_files_bytes_and_moves_the_position() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        first = await cpu.syscall("read", fd, buf, 10)
        second = await cpu.syscall("read", fd, buf + 10, 20)
        return first, second, await peek(cpu, buf, 30), await cpu.syscall("_llseek", fd, 0, SEEK_CUR)

    assert with_file(story)[1] == (10, 20, original(0, 30), 30)


def test_a_read_ends_at_the_end_of_the_file() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await cpu.syscall("_llseek", fd, -5, SEEK_END)
        return await cpu.syscall("read", fd, buf, 100), await cpu.syscall("read", fd, buf, 100)

    assert with_file(story)[1] == (5, 0)


def test_small_reads_of_one_page_mark_it_once_and_a_new_read_marks_it_again() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        page = []
        for _ in range(3):
            await cpu.syscall("read", fd, buf, 10)
            page.append(bench_page(cpu).flags & (PG_referenced | PG_active))
        await cpu.syscall("pread64", fd, buf, 10, 0)
        page.append(bench_page(cpu).flags & (PG_referenced | PG_active))
        return page

    assert with_file(story)[1] == [PG_referenced, PG_referenced, PG_referenced, PG_active]


def bench_page(cpu: Cpu, index: int = 0) -> Any:
    return cpu.k.fs.inodes["data.bin"].mapping._pages[index]


def test_a_buffer_that_is_not_mapped_makes_the_kernel_fault() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        return await cpu.syscall("read", fd, buf + PAGE, 2 * PAGE)

    b, result = with_file(story)

    assert result == 2 * PAGE
    assert [s["args"]["flags"] for s in b.calls("handle_mm_fault")] == [0x215, 0x215]


def test_a_bad_buffer_ends_the_read_where_it_begins() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        nowhere = await cpu.syscall("read", fd, 0x20000000, 10)
        kernel = await cpu.syscall("read", fd, 0xC0000000, 10)
        await cpu.syscall("munmap", buf + PAGE, PAGE)
        partly = await cpu.syscall("read", fd, buf + PAGE - 100, 200)
        return nowhere, kernel, partly, await cpu.syscall("_llseek", fd, 0, SEEK_CUR)

    assert with_file(story)[1] == (-EFAULT, -EFAULT, 96, 96)


def test_a_partial_write_of_a_page_that_is_not_cached_reads_it_first() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await fill(cpu, buf, b"hello")
        partial = await cpu.syscall("pwrite64", fd, buf, 5, 3 * PAGE + 10)
        whole = await cpu.syscall("pwrite64", fd, buf, PAGE, 5 * PAGE)
        return partial, whole, cpu.k.disk.reads, await cpu.syscall("pread64", fd, buf, 20, 3 * PAGE), buf

    b, (partial, whole, reads, _, _) = with_file(story)

    assert (partial, whole, reads) == (5, PAGE, 1)
    assert bytes(b.k.ram.frame(b.page(3).pfn)) == original(3, 10) + b"hello" + original(3)[15:]
    assert b.page(5).flags & PG_dirty


def test_what_was_written_is_on_the_disk_after_fsync_and_read_back_after_dropping() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await fill(cpu, buf, b"abc")
        await cpu.syscall("pwrite64", fd, buf, 3, PAGE + 1)
        await cpu.syscall("fsync", fd)
        await cpu.syscall("arm_fadvise64_64", fd, 4, 0, 0)
        cached = dict(cpu.k.fs.inodes["data.bin"].mapping._pages)
        await cpu.syscall("pread64", fd, buf + 100, 5, PAGE)
        return cached, await peek(cpu, buf + 100, 5)

    assert with_file(story)[1] == ({}, original(1)[:1] + b"abc" + original(1)[4:5])


def test_writing_behind_the_end_leaves_a_hole_that_reads_as_zeros_without_the_disk() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await cpu.syscall("pwrite64", fd, buf, 10, 30 * PAGE)
        await cpu.store(buf, 4, 0xFFFFFFFF)
        before = cpu.k.disk.reads
        await cpu.syscall("pread64", fd, buf, 8, 20 * PAGE)
        seeks = [await cpu.syscall("_llseek", fd, *where) for where in ((0, SEEK_HOLE), (16 * PAGE, SEEK_DATA))]
        return await peek(cpu, buf, 4), cpu.k.disk.reads - before, seeks

    b, (read, disk, seeks) = with_file(story)

    assert (read, disk, seeks) == (bytes(4), 0, [16 * PAGE, 30 * PAGE])
    assert b.k.fs.inodes["data.bin"].i_size == 30 * PAGE + 10


def test_delayed_blocks_are_chosen_together_when_the_pages_are_written_back() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        for page in (20, 21, 22, 30):
            await cpu.syscall("pwrite64", fd, buf, PAGE, page * PAGE)
        inode = cpu.k.fs.inodes["data.bin"]
        delayed, extents = set(inode._delayed), len(inode._extents)
        await cpu.syscall("fsync", fd)
        return delayed, extents, inode._delayed, [(e.first, e.last) for e in inode._extents]

    b, result = with_file(story)

    assert result == ({20, 21, 22, 30}, 1, set(), [(0, 15), (20, 22), (30, 30)])
    assert [(s["args"]["first"], s["args"]["length"]) for s in b.steps("allocate")] == [(20, 3), (30, 1)]


def test_append_writes_at_the_end_wherever_the_position_is() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await cpu.syscall("write", fd, buf, 10)
        await cpu.syscall("pwrite64", fd, buf, 5, 0)
        return await cpu.syscall("_llseek", fd, 0, SEEK_CUR), cpu.k.fs.inodes["data.bin"].i_size

    assert with_file(story, RDWR | APPEND)[1] == (16 * PAGE + 10, 16 * PAGE + 15)


def test_a_synchronous_write_is_on_the_disk_when_it_returns() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await fill(cpu, buf, b"now")
        await cpu.syscall("write", fd, buf, 3)
        return content(cpu.k.fs.inodes["data.bin"], 0)[:3]

    assert with_file(story, RDWR | DSYNC)[1] == b"now"


def test_writing_a_page_to_itself_through_a_mapping_does_not_deadlock() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        base = await map_file(cpu, 4, flags=1, writable=True)
        return await cpu.syscall("pwrite64", fd, base, PAGE, 0)

    b, result = with_file(story)

    assert result == PAGE
    assert bytes(b.k.ram.frame(b.page(0).pfn)) == original(0)


def test_a_mapping_and_a_write_share_the_page() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        base = await map_file(cpu, 4, flags=1)
        before = await cpu.load(base, 1)
        await fill(cpu, buf, b"!")
        await cpu.syscall("pwrite64", fd, buf, 1, 0)
        return before, await cpu.load(base, 1)

    assert with_file(story)[1] == (7, ord("!"))


def test_several_buffers_are_filled_one_after_the_other() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        for at, word in enumerate((buf + 100, 3, buf + PAGE - 2, 4)):
            await cpu.store(buf + 4 * at, 4, word)
        done = await cpu.syscall("readv", fd, buf, 2)
        return done, await peek(cpu, buf + 100, 3) + await peek(cpu, buf + PAGE - 2, 4)

    assert with_file(story)[1] == (7, original(0, 7))


@pytest.mark.parametrize(
    ("call", "args", "expected"),
    [
        ("read", (99, 0x100, 1), -EBADF),
        ("pread64", (3, 0, 1, -1), -EINVAL),
        ("read", (3, 0, 0xFFFFFFFF), -EFAULT),
        ("read", (3, 0x10000, 0x80000000), -EINVAL),
        ("read", (3, 0, 0), 0),
        ("write", (3, 0x10000, 1), -EBADF),
        ("readv", (3, 0, 1025), -EINVAL),
        ("_llseek", (3, -1, SEEK_SET), -EINVAL),
        ("_llseek", (3, 0, 9), -EINVAL),
        ("_llseek", (3, 16 * PAGE, SEEK_DATA), -ENXIO),
        ("_llseek", (3, 0, SEEK_HOLE), 16 * PAGE),
        ("readahead", (99, 0, PAGE), -EBADF),
        ("arm_fadvise64_64", (3, 6, 0, 0), -EINVAL),
        ("arm_fadvise64_64", (3, 0, 0, -1), -EINVAL),
        ("sync_file_range", (3, 0, 0, 8), -EINVAL),
        ("fstat64", (3, 8), -EFAULT),
        ("read", (0, 0x10000, 1), 0),
    ],
)
def test_what_is_refused_and_how(call: str, args: tuple[int, ...], expected: int) -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        return await cpu.syscall(call, *args)

    assert with_file(story, RDONLY)[1] == expected


def test_a_directory_cannot_be_read_and_small_offsets_end_at_two_gibibytes() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        directory = await cpu.syscall("open", ".", RDONLY)
        await cpu.syscall("_llseek", fd, 0x7FFFFFFF, SEEK_SET)
        return await cpu.syscall("read", directory, buf, 1), await cpu.syscall("write", fd, buf, 1)

    assert with_file(story)[1] == (-EISDIR, -EFBIG)


def test_two_numbers_of_one_open_file_share_its_position() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        other = await cpu.syscall("dup", fd)
        await cpu.syscall("read", fd, buf, 100)
        await cpu.syscall("close", fd)
        return await cpu.syscall("_llseek", other, 0, SEEK_CUR)

    assert with_file(story)[1] == 100


def test_what_goes_to_the_standard_output_is_printed() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await fill(cpu, buf, b"hi\n")
        return await cpu.syscall("write", 1, buf, 3)

    b, result = with_file(story)

    assert (result, b.k.stdout.text) == (3, "hi\n")
