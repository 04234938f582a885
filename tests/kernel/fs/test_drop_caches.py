"""Names and inodes that stay in memory, and go: by drop_caches, by the shrinker, by unlink. And /proc as files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.invariants import check
from webapp.kernel.fs.super import super_cache_count, super_cache_scan
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.dcache import DCACHE_LRU_LIST, DCACHE_REFERENCED
from webapp.kernel.include.linux.gfp import GFP_KERNEL, GFP_NOFS
from webapp.kernel.include.uapi.asm_generic.errno import EACCES, EEXIST, EINVAL, EIO, ENODEV, ENOENT
from webapp.kernel.mm.scan_control import SHRINK_STOP, ScanControl

ANON, WRONLY, RDWR = 0x22, 1, 2
VM = "/proc/sys/vm/"


def story(
    tell: Callable[[Cpu], Awaitable[Any]], files: dict[str, int] | None = None, **settings: Any
) -> tuple[Bench, Any]:
    """Run a program; what it returned."""
    b, told = Bench(files, **settings), []

    async def program(cpu: Cpu) -> None:
        told.append(await tell(cpu))

    b.run(program)
    check(b.k)
    return b, told[0]


async def put(cpu: Cpu, text: str) -> int:
    """A text in memory of the program."""
    at = await cpu.syscall("mmap", 0, PAGE, 3, ANON, -1, 0) & 0xFFFFFFFF
    for i, char in enumerate(text):
        await cpu.store(at + i, 1, ord(char))
    return at


async def write(cpu: Cpu, path: str, text: str) -> int:
    fd = await cpu.syscall("open", path, WRONLY)
    if fd < 0:
        return fd
    done = await cpu.syscall("write", fd, await put(cpu, text), len(text))
    await cpu.syscall("close", fd)
    return done


async def read(cpu: Cpu, path: str, size: int = 4000) -> str:
    fd = await cpu.syscall("open", path, 0)
    at = await put(cpu, "")
    done = await cpu.syscall("read", fd, at, size)
    await cpu.syscall("close", fd)
    return bytes([await cpu.load(at + i, 1) for i in range(done)]).decode()


async def use(cpu: Cpu, name: str) -> None:
    """Open a file, read its first page through a mapping, let go of both."""
    fd = await cpu.syscall("open", name, 0)
    at = await cpu.syscall("mmap", 0, PAGE, 1, 1, fd, 0) & 0xFFFFFFFF
    await cpu.load(at, 1)
    await cpu.syscall("munmap", at, PAGE)
    await cpu.syscall("close", fd)


# Names.


def test_a_name_is_looked_up_on_the_disk_once() -> None:
    async def tell(cpu: Cpu) -> None:
        for _ in range(2):
            await cpu.syscall("close", await cpu.syscall("open", "data.bin", 0))

    b, _ = story(tell)

    assert len(b.calls("__d_lookup_rcu")) == 2
    assert len(b.calls("ext4_lookup")) == 1
    dentry = b.k.fs.dentries["data.bin"]
    assert (dentry.d_count, dentry.d_flags) == (0, DCACHE_LRU_LIST | DCACHE_REFERENCED)


def test_that_there_is_no_such_file_is_remembered_too() -> None:
    async def tell(cpu: Cpu) -> list[int]:
        return [await cpu.syscall("open", "none.bin", 0) for _ in range(2)]

    b, results = story(tell)

    assert results == [-ENOENT, -ENOENT]
    assert len(b.calls("ext4_lookup")) == 1
    assert b.k.fs.dentries["none.bin"].d_inode is None


def test_an_open_file_holds_its_name_and_the_name_its_inode() -> None:
    async def tell(cpu: Cpu) -> tuple[int, int, bool]:
        for _ in range(2):
            await cpu.syscall("open", "data.bin", 0)
        dentry = cpu.k.fs.dentries["data.bin"]
        assert dentry.d_inode is not None
        return dentry.d_count, dentry.d_inode.i_count, dentry.d_inode.i_lru

    assert story(tell)[1] == (2, 1, False)


def test_the_name_of_a_removed_file_goes_on_as_that_of_none() -> None:
    async def tell(cpu: Cpu) -> tuple[int, int]:
        await use(cpu, "data.bin")
        return await cpu.syscall("unlink", "data.bin"), await cpu.syscall("open", "data.bin", 0)

    b, results = story(tell)

    assert results == (0, -ENOENT)
    assert b.k.fs.dentries["data.bin"].d_inode is None
    assert not b.k.fs.s_inode_lru


# Dropping, as recorded: lessons/recordings/more/drop_caches.c


def test_one_drops_clean_unmapped_pages_and_no_names() -> None:
    async def tell(cpu: Cpu) -> tuple[int, list[int]]:
        base = await map_file(cpu, 40)
        await cpu.load(base, 1)
        await use(cpu, "b.bin")
        done = await write(cpu, VM + "drop_caches", "1")
        return done, sorted(cpu.k.fs.inodes["data.bin"].mapping._pages)

    b, (done, left) = story(tell, {"data.bin": 40, "b.bin": 24})

    assert done == 1
    assert left == list(range(16))  # those that fault-around mapped
    assert not b.k.fs.inodes["b.bin"].mapping._pages
    assert "b.bin" in b.k.fs.dentries
    assert (b.k.vmstat.drop_pagecache, b.k.vmstat.drop_slab) == (1, 0)


def test_two_spares_a_name_that_was_used_again_once_and_then_takes_it_with_the_pages() -> None:
    async def tell(cpu: Cpu) -> list[tuple[bool, bool, int, bool]]:
        await use(cpu, "data.bin")
        await use(cpu, "data.bin")
        seen, inode = [], cpu.k.fs.inodes["data.bin"]
        for _ in range(4):
            await write(cpu, VM + "drop_caches", "2")
            name = "data.bin" in cpu.k.fs.dentries
            seen.append((name, inode.i_lru, len(inode.mapping._pages), inode.i_cached))
        return seen

    b, seen = story(tell, {"data.bin": 24})

    assert seen == [
        (True, False, 24, True),
        (False, True, 0, True),  # the pages went; by that the inode counts as used
        (False, True, 0, True),
        (False, False, 0, False),
    ]
    assert b.k.vmstat.pginodesteal == 24
    assert b.k.vmstat.drop_slab == 4


def test_an_inode_that_left_memory_is_read_again_and_its_bytes_are_there() -> None:
    async def tell(cpu: Cpu) -> int:
        base = await map_file(cpu, 4, flags=1, writable=True)
        await cpu.store(base, 1, 42)
        await cpu.syscall("sync")
        await cpu.syscall("munmap", base, 4 * PAGE)
        await cpu.syscall("close", 3)
        for _ in range(5):
            await write(cpu, VM + "drop_caches", "3")
        assert not cpu.k.fs.inodes["data.bin"].i_cached
        return await cpu.load(await map_file(cpu, 4), 1)

    b, value = story(tell)

    assert value == 42
    assert b.k.fs.inodes["data.bin"].i_cached


def test_dirty_pages_and_their_inode_stay() -> None:
    async def tell(cpu: Cpu) -> tuple[bool, bool, list[int]]:
        base = await map_file(cpu, 4, flags=1, writable=True)
        await cpu.store(base, 1, 42)
        await cpu.syscall("munmap", base, 4 * PAGE)
        await cpu.syscall("close", 3)
        for _ in range(4):
            await write(cpu, VM + "drop_caches", "3")
        inode = cpu.k.fs.inodes["data.bin"]
        return inode.i_cached, inode.i_lru, sorted(inode.mapping._pages)

    assert story(tell)[1] == (True, False, [0])


# The shrinker.


def test_the_shrinker_takes_names_and_inodes_in_proportion_and_one_more() -> None:
    names = {f"f{i}.bin": 1 for i in range(8)}

    async def tell(cpu: Cpu) -> tuple[int, int, int]:
        for name in names:
            await cpu.syscall("close", await cpu.syscall("open", name, 0))
        k = cpu.k
        assert super_cache_count(k) == 8
        freed = await super_cache_scan(k, ScanControl(GFP_KERNEL), 4)  # 4 * 8 // 9 + 1 names, and 1 inode
        return freed, len(k.fs.s_dentry_lru), len(k.fs.s_inode_lru)

    assert story(tell, names)[1] == (5, 4, 3)


def test_the_shrinker_keeps_out_of_a_file_systems_way() -> None:
    async def tell(cpu: Cpu) -> int:
        return await super_cache_scan(cpu.k, ScanControl(GFP_NOFS), 4)

    assert story(tell)[1] == SHRINK_STOP


# /proc.


@pytest.mark.parametrize(
    ("name", "text", "result"),
    [
        ("drop_caches", "0", -EINVAL),
        ("drop_caches", "9", -EINVAL),
        ("drop_caches", "x", -EINVAL),
        ("drop_caches", "3\n", 2),
        ("drop_caches", " 0x3 ", 5),
        ("drop_caches", "3 rest", 2),
        ("drop_caches", "3x", -EINVAL),
        ("drop_caches", "", 0),
        ("dirty_ratio", "101", -EINVAL),
        ("dirty_ratio", "-1", -EINVAL),
        ("dirty_bytes", "4096", -EINVAL),
        ("max_map_count", "5", -EACCES),
        ("nothing", "5", -ENOENT),
    ],
)
def test_what_a_setting_takes(name: str, text: str, result: int) -> None:
    async def tell(cpu: Cpu) -> int:
        return await write(cpu, VM + name, text)

    assert story(tell)[1] == result


def test_a_limit_in_bytes_voids_the_percentage() -> None:
    async def tell(cpu: Cpu) -> list[str]:
        await write(cpu, VM + "dirty_bytes", "1048576\n")
        return [await read(cpu, VM + name) for name in ("dirty_bytes", "dirty_ratio")]

    b, texts = story(tell)

    assert texts == ["1048576\n", "0\n"]
    assert b.k.wb.thresh == 256


def test_the_readahead_window_of_files_opened_later() -> None:
    async def tell(cpu: Cpu) -> tuple[int, str]:
        before = await cpu.syscall("open", "data.bin", 0)
        done = await write(cpu, "/sys/block/vda/queue/read_ahead_kb", "66\n")
        after = await cpu.syscall("open", "data.bin", 0)
        files = cpu.k.current._files
        assert [files[fd].f_ra.ra_pages for fd in (before, after)] == [32, 16]
        return done, await read(cpu, "/sys/block/vda/queue/read_ahead_kb")

    assert story(tell)[1] == (3, "64\n")


def test_reading_says_what_is_now() -> None:
    async def tell(cpu: Cpu) -> tuple[str, str]:
        return await read(cpu, "/proc/meminfo", 40), await read(cpu, "/proc/self/statm")

    meminfo, statm = story(tell)[1]

    assert meminfo.startswith("MemTotal:")
    assert len(statm.split()) == 7


def test_what_else_can_be_done_with_a_file_of_proc() -> None:
    async def tell(cpu: Cpu) -> list[int]:
        fd = await cpu.syscall("open", "/proc/meminfo", 0)
        maps = await cpu.syscall("open", "/proc/self/maps", 0)
        results = [
            await cpu.syscall("mmap", 0, PAGE, 1, 2, fd, 0),
            await cpu.syscall("mmap", 0, PAGE, 1, 2, maps, 0),
            await cpu.syscall("fsync", fd),
            await cpu.syscall("open", VM + "drop_caches", 0),
            await cpu.syscall("open", "/proc/meminfo", 0o300),
            await cpu.syscall("open", "/proc/none", 0o100),
        ]
        await cpu.syscall("close", fd)
        return results

    assert story(tell)[1] == [-EIO, -ENODEV, -EINVAL, -EACCES, -EEXIST, -EACCES]
