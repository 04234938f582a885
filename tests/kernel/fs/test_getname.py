"""Paths come from the program's memory, which may not be there."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import PAGE, Bench
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.uio import UserPath

ENOENT, EFAULT, ENAMETOOLONG = 2, 14, 36

RW, PRIVATE_ANON = 3, 0x22


def opened(content: bytes, start: int) -> int:
    """What open() says to a path at byte ``start`` of a page that ends with ``content``; behind it lies a hole."""
    results: list[int] = []

    async def program(cpu: Cpu) -> None:
        at = await cpu.syscall("mmap", 0, 2 * PAGE, RW, PRIVATE_ANON, -1, 0) & 0xFFFFFFFF
        await cpu.syscall("munmap", at + PAGE, PAGE)
        await cpu.store(at, 1, 0)
        cpu.writable[at >> 12][PAGE - len(content) :] = content
        results.append(await cpu.syscall("open", UserPath.at(at + start, "?"), 0))

    Bench().run(program)
    return results[0]


def test_a_path_may_end_with_the_last_byte_before_a_hole() -> None:
    assert opened(b"data.bin\0", PAGE - 9) == 3


@pytest.mark.parametrize(
    ("start", "errno"), [(PAGE - 8, EFAULT), (PAGE, EFAULT), (0, ENAMETOOLONG), (-0x30000000, EFAULT)]
)
def test_a_path_without_an_end_is_refused(start: int, errno: int) -> None:
    assert opened(b"x" * PAGE if start == 0 else b"data.bin", start) == -errno


@pytest.mark.parametrize("address", [0, 0x30000000, 0xC0008000, 0xFFFFFFFF])
@pytest.mark.parametrize(
    ("name", "args"), [("open", (0,)), ("unlink", ()), ("truncate64", (0,)), ("stat64", (0x68100,))]
)
def test_a_path_at_an_address_without_memory_is_a_bad_address(name: str, args: tuple[int, ...], address: int) -> None:
    async def program(cpu: Cpu) -> None:
        assert await cpu.syscall(name, UserPath.at(address, ""), *args) == -EFAULT

    Bench().run(program)


def test_the_kernel_may_fault_on_a_path_and_finds_the_page() -> None:
    async def program(cpu: Cpu) -> None:
        at = await cpu.syscall("mmap", 0, PAGE, RW, PRIVATE_ANON, -1, 0) & 0xFFFFFFFF
        assert await cpu.syscall("open", UserPath.at(at, ""), 0) == -ENOENT  # a page of zeros: an empty path

    b = Bench()
    b.run(program)

    assert len(b.calls("handle_mm_fault")) == 1
