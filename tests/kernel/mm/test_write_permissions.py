"""What may be written to, and what mprotect changes about that."""

from __future__ import annotations

from tests.kernel.conftest import PAGE
from tests.kernel.stories import PRIVATE, RW, RWX, SHARED, R, on_file, on_memory
from webapp.kernel.hw.cpu import Cpu


def test_a_write_protected_copy_is_used_again_and_not_copied() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)
        await cpu.syscall("munmap", base + 8 * PAGE, PAGE)  # drains the pagevecs
        await cpu.syscall("mprotect", base, PAGE, R)
        await cpu.syscall("mprotect", base, PAGE, RW)
        await cpu.store(base, 1, 2)

    b, _ = on_memory(PRIVATE, story)

    assert b.k.vmstat.pgreuse == 1
    assert not b.calls("wp_page_copy")


def test_a_copy_that_still_waits_in_a_pagevec_is_copied_once_more() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)
        await cpu.syscall("mprotect", base, PAGE, R)
        await cpu.syscall("mprotect", base, PAGE, RW)
        await cpu.store(base + 1, 1, 2)
        assert await cpu.load(base, 2) == 0x201

    b, _ = on_memory(PRIVATE, story)

    assert b.k.vmstat.pgreuse == 0
    assert len(b.calls("wp_page_copy")) == 1


def test_a_shared_page_that_is_dirty_is_writable_again_at_once() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.load(base, 1)
        await cpu.store(base, 1, 1)
        await cpu.syscall("mprotect", base, 16 * PAGE, R)
        await cpu.syscall("mprotect", base, 16 * PAGE, RW)
        faults = cpu.k.fault.n
        await cpu.store(base, 1, 2)
        assert cpu.k.fault.n == faults
        await cpu.store(base + PAGE, 1, 2)
        assert cpu.k.fault.n == faults + 1

    on_file(SHARED, story)


def test_writing_where_the_mapping_forbids_it_is_sigsegv() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(base, 1, 1)
        await cpu.syscall("mprotect", base, PAGE, R)
        await cpu.store(base, 1, 2)

    b, base = on_file(PRIVATE, story)

    assert b.k.place.exit == "SIGSEGV"
    assert b.k.ram.frame(b.pte(base) >> 12)[0] == 1


def test_a_program_may_write_to_its_own_code_once_it_has_made_it_writable() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.syscall("mprotect", 0x10000, PAGE, RWX)
        await cpu.store(0x10000, 4, 0x12345678)
        assert await cpu.load(0x10000, 4) == 0x12345678

    b, _ = on_file(PRIVATE, story)

    assert b.k.mem_map[b.pte(0x10000) >> 12].anonymous


def test_a_write_below_the_stack_makes_it_grow() -> None:
    async def story(cpu: Cpu, base: int) -> None:
        await cpu.store(0xBEF00000, 1, 1)
        assert await cpu.load(0xBEF00000, 1) == 1

    b, _ = on_file(PRIVATE, story)

    assert b.vma(0xBEF00000).vm_start == 0xBEF00000
