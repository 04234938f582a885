"""mmap: which error comes first, where the mapping lands, and what it leaves alone. Figures are the real kernel's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.mm import VM_MAYSHARE, VM_MAYWRITE, VM_SHARED

R, W, X = 1, 2, 4
SHARED, PRIVATE, VALIDATE, FIXED, ANON = 1, 2, 3, 0x10, 0x20
GROWSDOWN, NORESERVE, POPULATE, HUGETLB, SYNC, NOREPLACE = 0x100, 0x4000, 0x8000, 0x40000, 0x80000, 0x100000
EBADF, EAGAIN, ENOMEM, EACCES, EEXIST, ENODEV, EINVAL, EOVERFLOW, EOPNOTSUPP = 9, 11, 12, 13, 17, 19, 22, 75, 95


def mmap(
    addr: int = 0, length: int = PAGE, prot: int = R, flags: int = PRIVATE, opened: str = "r", pgoff: int = 0
) -> tuple[int, Bench]:
    """Open data.bin ("r", "w", "rw"), the directory (".") or nothing ("closed"), map it, and return the result."""
    b, result = Bench(), []

    async def program(cpu: Cpu) -> None:
        call: Any = cpu.syscall
        fd = 77
        if opened != "closed":
            fd = await call("open", "." if opened == "." else "data.bin", {"w": 1, "rw": 2}.get(opened, 0))
        result.append(await call("mmap", addr, length, prot, flags, fd, pgoff))

    b.run(program)
    return result[0], b


@pytest.mark.parametrize(
    ("errno", "request_"),
    [
        (EBADF, {"opened": "closed", "length": 0}),
        (EBADF, {"opened": "closed", "flags": PRIVATE | HUGETLB}),
        (EINVAL, {"flags": PRIVATE | HUGETLB}),
        (EINVAL, {"flags": PRIVATE | ANON | HUGETLB}),
        (EINVAL, {"length": 0, "opened": "w"}),
        (EINVAL, {"length": 0, "flags": 0}),
        (ENOMEM, {"length": 0xFFFFF001, "opened": "w"}),
        (ENOMEM, {"length": 0xF0000000, "opened": "w"}),
        (ENOMEM, {"length": 0xC0000000}),
        (EOVERFLOW, {"pgoff": 0xFFFFFFFF, "opened": "w"}),
        (EOVERFLOW, {"pgoff": 0xFFFFFFFE, "length": 2 * PAGE}),
        (EOVERFLOW, {"pgoff": 0x100000, "opened": "."}),
        (EINVAL, {"addr": 0x20001, "flags": PRIVATE | FIXED, "opened": "w"}),
        (EINVAL, {"addr": 0x1000, "flags": PRIVATE | FIXED}),
        (EINVAL, {"addr": 0, "flags": VALIDATE | NOREPLACE}),
        (ENOMEM, {"addr": 0xBF000000, "flags": PRIVATE | FIXED}),
        (ENOMEM, {"addr": 0xBEFFF000, "length": 2 * PAGE + 1, "flags": PRIVATE | FIXED}),
        (EEXIST, {"addr": 0xB6FFD000, "flags": PRIVATE | NOREPLACE, "opened": "w"}),
        (EOPNOTSUPP, {"flags": VALIDATE | 0x800000, "prot": R | W}),
        (EOPNOTSUPP, {"addr": 0x40000000, "flags": VALIDATE | NOREPLACE}),
        (EACCES, {"flags": SHARED, "prot": R | W}),
        (EACCES, {"flags": SHARED, "opened": "w"}),
        (EACCES, {"flags": PRIVATE, "opened": "w"}),
        (ENODEV, {"opened": "."}),
        (ENODEV, {"opened": ".", "flags": PRIVATE | GROWSDOWN}),
        (EINVAL, {"flags": PRIVATE | GROWSDOWN}),
        (EINVAL, {"flags": 0}),
        (EINVAL, {"flags": 4, "opened": "w"}),
        (EINVAL, {"flags": VALIDATE | ANON}),
        (EINVAL, {"flags": SHARED | ANON | GROWSDOWN}),
        (EOPNOTSUPP, {"flags": SHARED | SYNC}),
        (EOPNOTSUPP, {"flags": VALIDATE | SYNC}),
        (EOPNOTSUPP, {"flags": PRIVATE | SYNC}),
        (ENOMEM, {"flags": PRIVATE | ANON, "prot": R | W, "length": 0xA0000000}),
    ],
)
def test_the_first_failing_test_decides_the_error(errno: int, request_: dict[str, Any]) -> None:
    result, b = mmap(**request_)

    assert result == -errno
    assert b.k.mm.map_count == 8


@pytest.mark.parametrize(
    ("address", "request_"),
    [
        (0xB6FFC000, {"length": 1}),
        (0xB6FFC000, {"pgoff": 0xFFFFFFFE}),
        (0xB6FFC000, {"flags": SHARED | 0x800000}),
        (0xB6FFC000, {"flags": PRIVATE | 0x800000}),
        (0xB6FFC000, {"flags": PRIVATE | ANON, "opened": "closed"}),
        (0xB6FFC000, {"flags": PRIVATE, "prot": R | W}),
        (0x16FFD000, {"flags": PRIVATE | ANON | NORESERVE, "prot": R | W, "length": 0xA0000000}),
        (0x30000000, {"addr": 0x30000123}),
        (0x00008000, {"addr": 0x1000}),
        (0xB6FFC000, {"addr": 0x1}),
        (0xB6FFC000, {"addr": 0xBF000000}),
        (0xB6FFC000, {"addr": 0xBEFDE000}),
        (0xB6FFC000, {"addr": 0xBEF00000}),
        (0xBEEDE000, {"addr": 0xBEEDE000}),
        (0xB6FFC000, {"addr": 0xB6FFD000}),
        (0x00002000, {"addr": 0x2000, "flags": PRIVATE | FIXED}),
        (0x12345000, {"addr": 0x12345000, "flags": SHARED | NOREPLACE}),
    ],
)
def test_the_address_is_the_real_kernels(address: int, request_: dict[str, Any]) -> None:
    result, _ = mmap(**request_)

    assert hex(result) == hex(address)


def test_mappings_are_stacked_downwards() -> None:
    b, got = Bench(), []

    async def program(cpu: Cpu) -> None:
        got.extend([await map_file(cpu, 4), await map_file(cpu, 1)])

    b.run(program)

    assert got == [0xB6FF9000, 0xB6FF8000]


def test_a_stack_like_mapping_keeps_a_megabyte_below_it_free() -> None:
    b, got = Bench(), []

    async def program(cpu: Cpu) -> None:
        await cpu.syscall("mmap", 0, PAGE, R | W, PRIVATE | ANON | GROWSDOWN, -1, 0)
        got.append(await map_file(cpu, 1))

    b.run(program)

    assert got == [0xB6FFC000 - 0x100000 - PAGE]


def test_mmap_reads_nothing_and_touches_no_page_table() -> None:
    _, b = mmap(length=64 * PAGE)

    assert not b.k.fs.inodes["data.bin"].mapping._pages
    assert not b.steps("set-pte")
    assert b.k.disk.reads == 0


def test_a_mapping_keeps_the_file_open_after_close() -> None:
    b = Bench()

    async def program(cpu: Cpu) -> None:
        base = await map_file(cpu, 4)
        await cpu.syscall("close", 3)
        await cpu.load(base, 1)

    b.run(program)

    file = b.vma(0xB6FF9000).vm_file
    assert file is not None
    assert (file.fd, file.f_count) == (-1, 1)


def test_a_shared_mapping_of_a_file_opened_read_only_is_not_vm_shared() -> None:
    _, b = mmap(flags=SHARED)

    flags = b.vma(0xB6FFC000).vm_flags
    assert flags & VM_MAYSHARE
    assert not flags & (VM_SHARED | VM_MAYWRITE)


@pytest.mark.parametrize(
    ("prot", "flags", "opened", "vm_page_prot"),
    [
        (0, PRIVATE, "r", 0xE9F),
        (R, PRIVATE, "r", 0x79F),
        (R | W, PRIVATE, "r", 0x79F),
        (X, PRIVATE, "r", 0x59F),
        (R | X, SHARED, "r", 0x59F),
        (R | W, SHARED, "rw", 0x79F),
        (R | W, SHARED | ANON, "r", 0x71F),
    ],
)
def test_vm_page_prot_follows_the_flags(prot: int, flags: int, opened: str, vm_page_prot: int) -> None:
    _, b = mmap(prot=prot, flags=flags, opened=opened)

    assert hex(b.vma(0xB6FFC000).vm_page_prot) == hex(vm_page_prot)


def test_total_vm_counts_pages_and_data_vm_those_that_are_private_and_writable() -> None:
    before = Bench()
    before.run(lambda cpu: map_file(cpu, 1))
    _, b = mmap(length=3 * PAGE, flags=PRIVATE | ANON, prot=R | W)

    assert b.k.mm.total_vm == before.k.mm.total_vm + 2
    assert b.k.mm.data_vm == before.k.mm.data_vm + 3


def test_a_promise_of_more_than_all_of_ram_is_refused_to_the_page() -> None:
    total_ram = 500_728 << 10  # MemTotal of the real machine

    assert mmap(flags=PRIVATE | ANON, prot=R | W, length=total_ram)[0] > 0
    assert mmap(flags=PRIVATE | ANON, prot=R | W, length=total_ram + PAGE)[0] == -ENOMEM
