"""Two tasks: what a fork copies and what it shares, whose TLB entries hit, and how a child ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_RDONLY, L_PTE_YOUNG
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.mm_types import Mm
from webapp.kernel.include.linux.sched import Task
from webapp.kernel.include.uapi.asm_generic.errno import ECHILD

PRIVATE, SHARED = 2, 1


def pte_in(mm: Mm, address: int) -> int:
    table = mm._tables.get(address >> 21)
    return table.linux(address >> 12 & 511) if table else 0


async def nothing(cpu: Cpu) -> int:
    return 0


def both(b: Bench) -> tuple[Task, Task]:
    parent, child = b.k.sched.tasks
    return parent, child


def test_pages_of_its_own_are_shared_read_only_and_old_in_the_child(bench: Callable[..., Bench]) -> None:
    b = bench()
    seen: dict[str, Any] = {}

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4, flags=PRIVATE, writable=True)
        await cpu.store(at, 4, 7)
        await cpu.fork(nothing)
        parent, child = both(b)
        assert parent.mm is not None
        assert child.mm is not None
        seen.update(parent=pte_in(parent.mm, at), child=pte_in(child.mm, at))
        seen["page"] = b.k.mem_map[seen["parent"] >> 12]

    b.run(program)

    assert seen["parent"] & L_PTE_RDONLY
    assert seen["child"] == seen["parent"] & ~L_PTE_YOUNG
    assert seen["page"].mapcount >= 1


def test_a_mapping_without_pages_of_its_own_is_left_to_faults(bench: Callable[..., Bench]) -> None:
    b, seen = bench(), []

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4)
        await cpu.load(at, 4)
        await cpu.fork(nothing)
        parent, child = both(b)
        assert parent.mm is not None
        assert child.mm is not None
        seen.extend([pte_in(parent.mm, at) != 0, pte_in(child.mm, at)])

    b.run(program)

    assert seen == [True, 0]


def test_the_child_reads_the_same_bytes_and_writes_its_own(bench: Callable[..., Bench]) -> None:
    b, read = bench(), []

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4, flags=PRIVATE, writable=True)
        await cpu.store(at, 4, 7)

        async def child(cpu: Cpu) -> int:
            read.append(await cpu.load(at, 4))
            await cpu.store(at, 4, 8)
            read.append(await cpu.load(at, 4))
            return 0

        await cpu.fork(child)
        await cpu.syscall("wait4", -1, 0)
        read.append(await cpu.load(at, 4))

    b.run(program)

    assert read == [7, 8, 7]


def test_a_switch_keeps_the_entries_of_the_tlb_under_their_asids(bench: Callable[..., Bench]) -> None:
    b = bench()

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4)

        async def child(cpu: Cpu) -> int:
            await cpu.load(at, 4)
            return 0

        await cpu.fork(child)
        await cpu.load(at, 4)
        await cpu.syscall("wait4", -1, 0)
        b.stages.clear()
        await cpu.load(at, 4)

    b.run(program)

    assert b.calls("tlb_lookup") == []


def test_the_open_file_is_one_for_both(bench: Callable[..., Bench]) -> None:
    b, counts = bench(), []

    async def program(cpu: Cpu) -> None:
        fd = await cpu.syscall("open", "data.bin", 0)

        async def child(cpu: Cpu) -> int:
            counts.append(b.k.current._files[fd].f_count)
            await cpu.syscall("close", fd)
            return 0

        await cpu.fork(child)
        await cpu.syscall("wait4", -1, 0)
        counts.append(b.k.current._files[fd].f_count)
        counts.append(b.k.current._files[fd].fd)

    b.run(program)

    assert counts == [2, 1, 3]


def test_everything_of_the_child_is_given_back(bench: Callable[..., Bench]) -> None:
    b, free = bench(), []

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 8, flags=PRIVATE, writable=True)
        for page in range(4):
            await cpu.store(at + page * PAGE, 4, 1)
        free.append(b.k.vmstat.nr_free_pages)

        async def child(cpu: Cpu) -> int:
            for page in range(8):
                await cpu.store(at + page * PAGE, 4, 2)
            return 3

        pid = await cpu.fork(child)
        assert await cpu.syscall("wait4", pid, 0) == pid
        free.append(b.k.vmstat.nr_free_pages)
        free.append(cpu.answer[0])

    b.run(program)

    assert free[1] <= free[0]  # what readahead brought stays in the page cache
    assert free[0] - free[1] <= 32
    assert free[2] == 3 << 8


def test_waiting_without_a_child_is_an_error(bench: Callable[..., Bench]) -> None:
    b, results = bench(), []

    async def program(cpu: Cpu) -> None:
        results.append(await cpu.syscall("wait4", -1, 0))

    b.run(program)

    assert results == [-ECHILD]


def test_the_parent_goes_on_until_it_sleeps_or_its_share_is_over(bench: Callable[..., Bench]) -> None:
    b, order = bench(), []

    async def program(cpu: Cpu) -> None:
        async def child(cpu: Cpu) -> int:
            order.append("child")
            return 0

        await cpu.fork(child)
        await cpu.syscall("getpid")
        order.append("parent")
        for _ in range(40_000):
            cpu.fuel = -400
            await cpu.out_of_fuel()
            if "child" in order:
                break
        order.append("parent again")

    b.run(program)

    assert order == ["parent", "child", "parent again"]


def test_anon_vmas_of_a_child_have_a_parent_and_go_with_it(bench: Callable[..., Bench]) -> None:
    b = bench()
    seen: list[tuple[int, ...]] = []

    async def program(cpu: Cpu) -> None:
        at = await map_file(cpu, 4, flags=PRIVATE, writable=True)
        await cpu.store(at, 4, 7)
        mine = b.vma(at).anon_vma
        assert mine is not None

        async def child(cpu: Cpu) -> int:
            own = b.vma(at).anon_vma
            assert own is not None
            seen.append((own.parent is mine, mine.num_children, len(b.vma(at)._anon_vma_chain)))
            return 0

        await cpu.fork(child)
        await cpu.syscall("wait4", -1, 0)
        seen.append((mine.num_active_vmas, mine.num_children, len(mine._vmas)))

    b.run(program)

    assert seen == [(True, 2, 2), (1, 1, 1)]


def test_two_processes_that_share_a_position_read_every_byte_once(bench: Callable[..., Bench]) -> None:
    b = bench({"data.bin": 64})
    ends: list[int] = []

    async def read_all(cpu: Cpu, fd: int, buf: int) -> int:
        for _ in range(8):
            await cpu.syscall("read", fd, buf, PAGE)
        return 0

    async def program(cpu: Cpu) -> None:
        fd = await cpu.syscall("open", "data.bin", 0)
        buf = await cpu.syscall("mmap", 0, PAGE, 3, 0x22, -1, 0) & 0xFFFFFFFF

        async def child(cpu: Cpu) -> int:
            return await read_all(cpu, fd, buf)

        await cpu.fork(child)
        await read_all(cpu, fd, buf)
        await cpu.syscall("wait4", -1, 0)
        ends.append(await cpu.syscall("_llseek", fd, 0, 1))

    b.run(program)

    assert ends == [16 * PAGE]
    assert any(step["fn"] == "__mutex_lock_slowpath" for step in b.steps("wait"))
