"""mremap: shrinking, growing, moving. Addresses and errors are the real kernel's."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.invariants import check
from tests.kernel.stories import ANON, PRIVATE, RW, SHARED, on_file, on_memory, original
from webapp.kernel.hw.cpu import Cpu

MAYMOVE, FIXED, DONTUNMAP = 1, 2, 4
EFAULT, EINVAL, ENOMEM = 14, 22, 12
ELSEWHERE = 0x70000000


def faults(b: Bench) -> int:
    return len(b.calls("do_page_fault"))


def test_shrinking_unmaps_the_tail() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.load(at + 3 * PAGE, 4)
        assert await cpu.syscall("mremap", at, 64 * PAGE, 2 * PAGE, 0, 0) & 0xFFFFFFFF == at

    b, at = on_file(PRIVATE, story)

    assert b.vma(at).pages == 2
    assert not b.pte(at + 3 * PAGE)
    check(b.k)


def test_growing_in_place_moves_only_the_end() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.syscall("munmap", at + 8 * PAGE, 56 * PAGE)
        assert await cpu.syscall("mremap", at, 8 * PAGE, 12 * PAGE, 0, 0) & 0xFFFFFFFF == at
        assert await cpu.load(at + 11 * PAGE, 1) == original(11)

    b, at = on_file(PRIVATE, story)

    assert (b.vma(at).vm_start, b.vma(at).pages) == (at, 12)
    check(b.k)


def test_a_moved_page_does_not_fault_again() -> None:
    count = []

    async def story(cpu: Cpu, at: int) -> None:
        await cpu.store(at + 5 * PAGE, 1, 77)
        count.append(faults_so_far(cpu))
        assert await cpu.syscall("mremap", at, 16 * PAGE, 16 * PAGE, MAYMOVE | FIXED, ELSEWHERE) == ELSEWHERE
        assert await cpu.load(ELSEWHERE + 5 * PAGE, 1) == 77
        count.append(faults_so_far(cpu))

    b, _ = on_memory(PRIVATE, story)

    assert count[0] == count[1]
    check(b.k)


def faults_so_far(cpu: Cpu) -> int:
    return cpu.k.fault.n


def test_the_tlb_forgets_the_old_address() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.load(at, 1)
        await cpu.syscall("mremap", at, 64 * PAGE, 64 * PAGE, MAYMOVE | FIXED, ELSEWHERE)
        assert cpu.k.tlb.find(at >> 12) is None

    b, at = on_file(PRIVATE, story)

    assert all(not vma.vm_start <= at < vma.vm_end for vma in b.k.mm._mmap)


def test_holes_in_the_page_tables_cost_no_page_table_at_the_new_place() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        big = await cpu.syscall("mmap", 0x60000000, 1536 * PAGE, RW, PRIVATE | ANON, -1, 0)
        await cpu.store(big, 1, 1)
        await cpu.store(big + 1024 * PAGE, 1, 3)
        await cpu.syscall("mremap", big, 1536 * PAGE, 1536 * PAGE, MAYMOVE | FIXED, ELSEWHERE)
        slots = {slot for slot in cpu.k.mm._tables if ELSEWHERE >> 21 <= slot < (ELSEWHERE >> 21) + 3}
        assert slots == {ELSEWHERE >> 21, (ELSEWHERE >> 21) + 2}
        assert 0x60000000 >> 21 not in cpu.k.mm._tables

    b, _ = on_memory(PRIVATE, story)
    check(b.k)


def test_dontunmap_leaves_an_empty_mapping_behind() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.store(at, 1, 9)
        new = await cpu.syscall("mremap", at, 16 * PAGE, 16 * PAGE, MAYMOVE | DONTUNMAP, 0) & 0xFFFFFFFF
        assert new != at
        assert (await cpu.load(new, 1), await cpu.load(at, 1)) == (9, 0)

    b, at = on_memory(PRIVATE, story)

    assert b.vma(at).pages == 16
    check(b.k)


def test_an_old_length_of_zero_is_a_second_view_of_shared_memory() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        twin = await cpu.syscall("mremap", at, 0, 64 * PAGE, MAYMOVE, 0) & 0xFFFFFFFF
        await cpu.store(twin + PAGE, 1, 5)
        assert await cpu.load(at + PAGE, 1) == 5

    b, _ = on_file(SHARED, story)
    check(b.k)


@pytest.mark.parametrize(
    ("errno", "offset", "old", "new", "flags", "to"),
    [
        (EINVAL, 0, 1, 1, 8, 0),
        (EINVAL, 0, 1, 1, FIXED, ELSEWHERE),
        (EINVAL, 1, 1, 1, 0, 0),
        (EINVAL, 0, 1, 0, 0, 0),
        (EINVAL, 0, 0, 1, MAYMOVE, 0),
        (EINVAL, 0, 1, 1, MAYMOVE | FIXED, 0xBF000000),
        (EINVAL, 0, 1, 1, MAYMOVE | DONTUNMAP, 0),
        (EFAULT, 0, 65, 66, MAYMOVE, 0),
        (EFAULT, -64 * PAGE, 1, 2, MAYMOVE, 0),
        (ENOMEM, 0, 1, 2, 0, 0),
        (ENOMEM, 0, 1, 0xF0000, MAYMOVE, 0),
    ],
)
def test_what_mremap_refuses(errno: int, offset: int, old: int, new: int, flags: int, to: int) -> None:
    async def story(cpu: Cpu, at: int) -> None:
        assert await cpu.syscall("mremap", at + offset, old * PAGE, new * PAGE, flags, to) == -errno

    on_file(PRIVATE, story)


def test_a_range_over_two_mappings_cannot_be_moved() -> None:
    async def program(cpu: Cpu) -> None:
        low = await map_file(cpu, 4, pgoff=8)
        lower = await map_file(cpu, 4, pgoff=0)
        assert lower + 4 * PAGE == low
        assert await cpu.syscall("mremap", lower, 8 * PAGE, 9 * PAGE, MAYMOVE, 0) == -EFAULT

    Bench().run(program)
