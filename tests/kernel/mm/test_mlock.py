"""mlock and its like: which mappings and which pages must stay, and until when."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from tests.kernel.invariants import check
from tests.kernel.stories import ANON, PRIVATE, RW, SHARED, R, on_file, on_memory
from webapp.kernel.errors import NotModelled
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.mm import VM_LOCKED, VM_LOCKONFAULT
from webapp.kernel.include.linux.page_flags import PG_mlocked, PG_unevictable

EINVAL, ENOMEM, EBUSY = 22, 12, 16
CURRENT, FUTURE, ONFAULT = 1, 2, 4
DONTNEED, INVALIDATE = 4, 2
MAP_LOCKED = 0x2000


def test_mlock_reads_the_pages_in_and_puts_them_on_the_unevictable_list() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        assert await cpu.syscall("mlock", at + 5, 4 * PAGE) == 0  # five pages, as the borders are rounded outwards
        await cpu.syscall("munlock", at + 63 * PAGE, PAGE)
        await cpu.syscall("madvise", at + 40 * PAGE, PAGE, DONTNEED)  # drains the pagevec

    b, at = on_file(SHARED, story)

    assert b.vma(at).vm_flags & VM_LOCKED
    assert b.vma(at).pages == 5
    assert b.k.mm.locked_vm == 5
    assert all(b.page(index).flags & PG_mlocked for index in range(5))
    assert not b.page(5).flags & PG_mlocked
    assert (b.k.vmstat.nr_mlock, b.k.lru.unevictable) == (5, 5)
    check(b.k)


def test_private_writable_memory_gets_its_copies_at_once() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.syscall("mlock", at, 3 * PAGE)
        before = cpu.k.fault.n
        await cpu.store(at + PAGE, 1, 1)
        assert cpu.k.fault.n == before

    b, _ = on_file(PRIVATE, story)

    assert b.k.mm.rss_anon >= 3
    check(b.k)


def test_mlock_on_fault_waits_for_the_touch() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.store(at, 1, 1)
        assert await cpu.syscall("mlock2", at, 4 * PAGE, 1) == 0
        assert cpu.k.vmstat.nr_mlock == 1
        await cpu.store(at + PAGE, 1, 1)
        assert cpu.k.vmstat.nr_mlock == 2

    b, at = on_memory(PRIVATE, story)

    assert b.vma(at).vm_flags & VM_LOCKONFAULT
    check(b.k)


def test_a_hole_is_an_error_after_what_lies_before_it_is_locked() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.syscall("munmap", at + 4 * PAGE, PAGE)
        assert await cpu.syscall("mlock", at, 8 * PAGE) == -ENOMEM

    b, at = on_file(PRIVATE, story)

    assert b.vma(at).vm_flags & VM_LOCKED
    assert not b.vma(at + 5 * PAGE).vm_flags & VM_LOCKED
    assert b.k.vmstat.nr_mlock == 0  # nothing was read in
    assert b.k.mm.locked_vm == 4


def test_munlock_and_munmap_let_the_pages_go() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.syscall("mlock", at, 8 * PAGE)
        await cpu.syscall("munlock", at, 2 * PAGE)
        assert cpu.k.vmstat.nr_mlock == 6
        await cpu.syscall("munmap", at + 4 * PAGE, 4 * PAGE)
        assert cpu.k.vmstat.nr_mlock == 2

    b, _ = on_file(SHARED, story)

    assert b.k.mm.locked_vm == 2
    assert not b.page(0).flags & (PG_mlocked | PG_unevictable)
    assert b.page(3).flags & PG_mlocked
    check(b.k)


def test_a_page_that_another_mapping_has_locked_stays_locked() -> None:
    async def program(cpu: Cpu) -> None:
        first = await map_file(cpu, 4, flags=SHARED)
        second = await map_file(cpu, 4, flags=SHARED)
        await cpu.syscall("mlock", first, 4 * PAGE)
        await cpu.syscall("mlock", second, 4 * PAGE)
        await cpu.syscall("munmap", first, 4 * PAGE)
        assert cpu.k.vmstat.nr_mlock == 4
        await cpu.syscall("munlock", second, 4 * PAGE)
        assert cpu.k.vmstat.nr_mlock == 0

    b = Bench()
    b.run(program)
    check(b.k)


def test_locked_memory_takes_no_advice_and_no_invalidation() -> None:
    async def story(cpu: Cpu, at: int) -> None:
        await cpu.syscall("mlock", at, PAGE)
        assert await cpu.syscall("madvise", at, PAGE, DONTNEED) == -EINVAL
        assert await cpu.syscall("msync", at, PAGE, INVALIDATE) == -EBUSY

    on_file(SHARED, story)


def test_mapped_locked_is_read_in_before_mmap_returns() -> None:
    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 8, flags=PRIVATE | MAP_LOCKED)
        before = cpu.k.fault.n
        for page in range(8):
            await cpu.load(at + page * PAGE, 1)
        assert (cpu.k.fault.n, cpu.k.mm.locked_vm) == (before, 8)

    Bench().run(program)


def test_mlockall_of_the_future_goes_into_new_mappings_and_munlockall_ends_it() -> None:
    async def program(cpu: Cpu) -> None:
        assert await cpu.syscall("mlockall", FUTURE) == 0
        locked = await cpu.syscall("mmap", 0, 4 * PAGE, RW, PRIVATE | ANON, -1, 0) & 0xFFFFFFFF
        assert cpu.k.vmstat.nr_mlock == 4
        assert await cpu.syscall("mremap", locked, 4 * PAGE, 6 * PAGE, 1, 0) & 0xFFFFFFFF
        assert (cpu.k.vmstat.nr_mlock, cpu.k.mm.locked_vm) == (6, 6)
        assert await cpu.syscall("munlockall") == 0
        await cpu.syscall("mmap", 0, 4 * PAGE, R, PRIVATE | ANON, -1, 0)
        assert (cpu.k.vmstat.nr_mlock, cpu.k.mm.locked_vm) == (0, 0)

    b = Bench()
    b.run(program)
    check(b.k)


def test_mlockall_of_the_present_locks_the_stack_too() -> None:
    async def program(cpu: Cpu) -> None:
        assert await cpu.syscall("mlockall", CURRENT) == 0

    b = Bench()
    b.run(program)

    assert b.vma(0xBEFFF000).vm_flags & VM_LOCKED
    assert not b.vma(0xB6FFF000).vm_flags & VM_LOCKED  # [vdso] is the kernel's


@pytest.mark.parametrize(
    ("call", "args"),
    [("mlockall", (0,)), ("mlockall", (ONFAULT,)), ("mlockall", (8,)), ("mlock2", (0xB6FFF000, PAGE, 2))],
)
def test_flags_that_mean_nothing_are_refused(call: str, args: tuple[int, ...]) -> None:
    async def program(cpu: Cpu) -> None:
        assert await cpu.syscall(call, *args) == -EINVAL

    Bench().run(program)


def test_a_page_of_the_kernels_that_was_made_writable_is_refused_by_name() -> None:
    async def program(cpu: Cpu) -> None:
        sigpage = next(vma for vma in cpu.k.mm._mmap if vma.name == "[sigpage]").vm_start
        assert await cpu.syscall("mprotect", sigpage, PAGE, 3) == 0
        await cpu.syscall("mlock", sigpage, PAGE)

    with pytest.raises(NotModelled, match=r"\[sigpage\] was made writable .* not modelled"):
        Bench({"data.bin": 4}).run(program)
