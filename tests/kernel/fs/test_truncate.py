"""Files that become shorter or longer, and files that end, under mappings and open numbers."""

from __future__ import annotations

from typing import Any

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.fs.test_read_write import CREAT, RDWR, Story, fill, memory, original, peek, with_file
from tests.kernel.invariants import check_rows
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.page_flags import PG_dirty
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EFBIG, EINVAL, EISDIR, ENOENT

TRUNC, EXCL = 0o1000, 0o200


def test_shortening_drops_pages_and_blocks_and_unmaps_what_lies_behind() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        base = await map_file(cpu, 16, flags=1, writable=True)
        await cpu.load(base, 1)
        await cpu.store(base + 9 * PAGE, 1, 1)
        ret = await cpu.syscall("ftruncate", fd, 4 * PAGE)
        return ret, sorted(cpu.k.fs.inodes["data.bin"].mapping._pages), base

    b, (ret, pages, base) = with_file(story)

    assert (ret, pages) == (0, [0, 1, 2, 3])
    assert [b.pte(base + page * PAGE) != 0 for page in range(6)] == [True] * 4 + [False] * 2
    assert [(e.first, e.last) for e in b.k.fs.inodes["data.bin"]._extents] == [(0, 3)]
    assert b.k.vmstat.nr_dirty == 0


def test_a_touch_behind_the_new_end_is_a_bus_error() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        base = await map_file(cpu, 16, flags=1)
        await cpu.load(base + 8 * PAGE, 1)
        await cpu.syscall("ftruncate", fd, PAGE)
        await cpu.load(base, 1)
        await cpu.load(base + 8 * PAGE, 1)

    b = killed(story)

    assert b.k.place.exit == "SIGBUS"


def killed(story: Story) -> Bench:
    """Run a story that a signal ends."""
    b = Bench({"data.bin": 16})

    async def program(cpu: Cpu) -> None:
        await story(cpu, await cpu.syscall("open", "data.bin", RDWR), await memory(cpu))

    b.run(program)
    return b


def test_private_copies_behind_the_new_end_go_and_those_before_it_stay() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        base = await map_file(cpu, 16, flags=2, writable=True)
        await cpu.store(base, 1, 77)
        await cpu.store(base + 9 * PAGE, 1, 78)
        await cpu.syscall("ftruncate", fd, 4 * PAGE)
        await cpu.syscall("ftruncate", fd, 16 * PAGE)
        return await cpu.load(base, 1), await cpu.load(base + 9 * PAGE, 1)

    assert with_file(story)[1] == (77, 0)


def test_what_was_cut_off_within_a_page_reads_as_zeros_when_the_file_grows_again() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await cpu.syscall("ftruncate", fd, 3 * PAGE + 10)
        dirty = cpu.k.fs.inodes["data.bin"].mapping._pages[3].flags & PG_dirty
        await cpu.syscall("fsync", fd)
        await cpu.syscall("arm_fadvise64_64", fd, 4, 0, 0)
        await cpu.syscall("ftruncate", fd, 6 * PAGE)
        await cpu.syscall("pread64", fd, buf, 12, 3 * PAGE)
        await cpu.syscall("pread64", fd, buf + 12, 2, 5 * PAGE)
        return bool(dirty), await peek(cpu, buf, 14)

    assert with_file(story)[1] == (True, original(3, 10) + bytes(4))


def test_opening_with_o_trunc_empties_the_file_and_o_creat_makes_one() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        await cpu.syscall("open", "data.bin", RDWR | TRUNC)
        new = await cpu.syscall("open", "new.bin", RDWR | CREAT | EXCL, 0o600)
        await fill(cpu, buf, b"new")
        await cpu.syscall("write", new, buf, 3)
        await cpu.syscall("fsync", new)
        inodes = cpu.k.fs.inodes
        return inodes["data.bin"].i_size, inodes["new.bin"].i_size, inodes["new.bin"]._written[0][:4]

    assert with_file(story)[1] == (0, 3, b"new\0")


def test_a_file_without_a_name_lives_until_it_is_neither_open_nor_mapped() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        base = await map_file(cpu, 4, flags=1)
        inode = cpu.k.fs.inodes["data.bin"]
        found = [await cpu.syscall("unlink", "data.bin"), await cpu.syscall("open", "data.bin", RDWR)]
        for number in (3, 4):
            await cpu.syscall("close", number)
        found.append(await cpu.load(base, 1))
        await cpu.syscall("munmap", base, 4 * PAGE)
        return found, inode.i_count, len(inode.mapping._pages), inode._extents

    b, result = with_file(story)

    assert result == ([0, -ENOENT, 7], 0, 0, [])
    check_rows(b.k, b.rows())


def test_what_truncation_refuses() -> None:
    async def story(cpu: Cpu, fd: int, buf: int) -> Any:
        reading = await cpu.syscall("open", "data.bin", 0)
        return [
            await cpu.syscall("ftruncate", fd, -1),
            await cpu.syscall("ftruncate", 99, 0),
            await cpu.syscall("ftruncate", reading, 0),
            await cpu.syscall("ftruncate", fd, 1 << 31),
            await cpu.syscall("ftruncate64", fd, 1 << 45),
            await cpu.syscall("truncate64", ".", 0),
            await cpu.syscall("truncate64", "none.bin", 0),
        ]

    assert with_file(story)[1] == [-EINVAL, -EBADF, -EINVAL, -EINVAL, -EFBIG, -EISDIR, -ENOENT]
