"""mprotect: errors, and what becomes of PTEs that exist already. Figures are the real kernel's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.hw.cpu import Cpu

R, W, X, SEM, GROWSDOWN, GROWSUP = 1, 2, 4, 8, 0x01000000, 0x02000000
EINVAL, ENOMEM, EACCES = 22, 12, 13
SHARED, PRIVATE = 1, 2
BASE = 0xB6FED000  # of sixteen pages


def run(program: Callable[[Any], Any], flags: int = PRIVATE) -> Bench:
    b = Bench()

    async def main(cpu: Cpu) -> None:
        assert await map_file(cpu, 16, flags=flags) == BASE
        await program(cpu)

    b.run(main)
    return b


@pytest.mark.parametrize(
    ("errno", "start", "length", "prot"),
    [
        (0, BASE, 0, R),
        (0, BASE, 1, R | SEM),
        (EINVAL, BASE + 1, 0, R),
        (EINVAL, BASE, 0, R | GROWSDOWN | GROWSUP),
        (ENOMEM, BASE, 0xFFFFFFFF, R),
        (ENOMEM, BASE, 0xD0000000, 0x10),
        (EINVAL, BASE, PAGE, 0x10),
        (ENOMEM, BASE - PAGE, PAGE, R),
        (ENOMEM, BASE - PAGE, PAGE, R | W),
        (ENOMEM, 0xBF000000, PAGE, R),
        (EINVAL, BASE, PAGE, R | GROWSDOWN),
        (EINVAL, BASE, PAGE, R | GROWSUP),
        (0, 0xBEFFF000, PAGE, R | W | GROWSDOWN),
    ],
)
def test_mprotect_answers_as_the_real_kernel(errno: int, start: int, length: int, prot: int) -> None:
    got = []

    async def program(cpu: Any) -> None:
        got.append(await cpu.syscall("mprotect", start, length, prot))

    run(program)

    assert got == [-errno]


def test_a_shared_mapping_of_a_read_only_file_can_never_be_written() -> None:
    got = []

    async def program(cpu: Any) -> None:
        got.append(await cpu.syscall("mprotect", BASE, PAGE, R | W))

    run(program, SHARED)

    assert got == [-EACCES]


def test_a_hole_fails_after_what_lies_before_it_has_changed() -> None:
    got = []

    async def program(cpu: Any) -> None:
        await cpu.syscall("munmap", BASE + 8 * PAGE, PAGE)
        got.append(await cpu.syscall("mprotect", BASE, 16 * PAGE, 0))

    b = run(program)

    assert got == [-ENOMEM]
    assert b.maps()[4:6] == [
        "b6fed000-b6ff5000 ---p 00000000 data.bin",
        "b6ff6000-b6ffd000 r--p 00009000 data.bin",
    ]


def test_no_access_and_back_leaves_one_vma_and_the_same_ptes() -> None:
    words = []

    async def program(cpu: Any) -> None:
        await cpu.load(BASE, 1)
        table = cpu.k.mm._tables[BASE >> 21]
        for prot in (None, 0, R, R | W, R | X):
            if prot is not None:
                await cpu.syscall("mprotect", BASE + 4 * PAGE, 4 * PAGE, prot)
            index = ((BASE >> 12) + 4) & 511
            words.append((table.linux(index) & 0xFFF, table.hardware(index) & 0xFFF))
        await cpu.syscall("mprotect", BASE + 4 * PAGE, 4 * PAGE, R)

    b = run(program)

    assert [(hex(linux), hex(hardware)) for linux, hardware in words] == [
        ("0x79f", "0xe7f"),
        ("0xe9f", "0x0"),
        ("0x79f", "0xe7f"),
        ("0x79f", "0xe7f"),
        ("0x59f", "0xe7e"),
    ]
    assert [line for line in b.maps() if "data.bin" in line] == [
        "b6fed000-b6ff1000 r--p 00000000 data.bin",
        "b6ff1000-b6ff5000 r--p 00004000 data.bin",  # promised memory now (VM_ACCOUNT), so it does not merge back
        "b6ff5000-b6ffd000 r--p 00008000 data.bin",
    ]


def test_taking_access_away_flushes_the_tlb() -> None:
    async def program(cpu: Any) -> None:
        await cpu.load(BASE, 1)
        await cpu.syscall("mprotect", BASE, PAGE, 0)
        assert BASE >> 12 not in cpu.readable

    b = run(program)

    assert len(b.calls("flush_tlb_range")) == 1


def test_a_mapping_without_ptes_needs_no_flush() -> None:
    async def program(cpu: Any) -> None:
        await cpu.syscall("mprotect", BASE, PAGE, 0)

    assert not run(program).calls("flush_tlb_range")
