"""Random programs: the right bytes, the same stages every time, and a state that adds up."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.conftest import PAGE, Bench
from tests.kernel.invariants import check, check_rows
from tests.kernel.reference import Memory
from webapp.kernel.errors import NotModelled
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.journal import Rows, apply, revert

FILES = {"data.bin": 80, "small.bin": 3}
R, RW = 1, 3
MAP_SHARED, MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS, MAP_POPULATE = 1, 2, 0x10, 0x20, 0x8000
MADV_DONTNEED, EINVAL = 4, 22
MAYMOVE_FIXED = 3

Step = tuple[Any, ...]
which = st.integers(0, 5)
near = st.integers(0, 12)  # a page that several steps may mean
advice = st.sampled_from([0, 1, 2, 3, 4, 4, 8, 12, 13, 20, 21])
mmaps = st.tuples(
    st.just("mmap"),
    st.sampled_from(["data.bin", "data.bin", "small.bin", ""]),
    st.integers(1, 90),
    st.sampled_from([0, 0, 3, 40]),
    st.sampled_from([MAP_PRIVATE, MAP_SHARED, MAP_SHARED, MAP_PRIVATE | MAP_POPULATE, MAP_SHARED | MAP_POPULATE]),
    st.sampled_from([R, RW, RW]),
)
steps = st.one_of(
    mmaps,
    st.tuples(st.just("fixed"), which, st.integers(0, 20), st.integers(1, 8)),
    st.tuples(st.just("munmap"), which, st.integers(0, 20), st.sampled_from([1, 2, 5, 30, 90])),
    st.tuples(st.just("touch"), which, st.integers(0, 95)),
    st.tuples(st.just("touch"), which, near),
    st.tuples(st.just("touch"), which, near),
    st.tuples(st.just("write"), which, st.integers(0, 95), st.integers(0, 255)),
    st.tuples(st.just("write"), which, near, st.integers(0, 255)),
    st.tuples(st.just("write"), which, near, st.integers(0, 255)),
    st.tuples(st.just("write"), which, near, st.integers(0, 255)),
    st.tuples(st.just("mprotect"), which, st.integers(0, 20), st.integers(1, 30), st.sampled_from([0, R, RW, RW])),
    st.tuples(st.just("madvise"), which, st.integers(0, 20), st.integers(1, 60), advice),
    st.tuples(st.just("mremap"), which, st.integers(0, 20), st.integers(1, 40)),
    st.tuples(st.sampled_from(["mlock", "munlock"]), which, st.integers(0, 20), st.integers(1, 30)),
    st.tuples(st.just("msync"), which, st.integers(0, 20), st.integers(1, 60), st.sampled_from([1, 4])),
    st.tuples(st.sampled_from(["close", "fsync", "fdatasync"]), st.integers(3, 6)),
    st.tuples(st.just("usleep"), st.integers(0, 300)),
)
scripts = st.builds(
    lambda first, rest: first + rest, st.lists(mmaps, min_size=1, max_size=2), st.lists(steps, max_size=16)
)
machines = st.fixed_dictionaries(
    {},
    optional={
        "read_ahead_kb": st.sampled_from([0, 4, 16, 128, 512]),
        "fault_around_bytes": st.sampled_from([4096, 8192, 65536, 1048576]),
        "disk_page_us": st.sampled_from([0, 0.25, 40]),
        "tlb_entries": st.sampled_from([4, 32]),
    },
)


class Script:
    """A program that carries out a script, and checks every byte that it loads."""

    def __init__(self, script: list[Step], memory: Memory) -> None:
        self.script = script
        self.memory = memory
        self.maps: list[int] = []

    async def main(self, cpu: Cpu) -> None:
        for verb, *args in self.script:
            await getattr(self, verb)(cpu, *args)

    def where(self, number: int, page: int) -> int:
        return (self.maps[number % len(self.maps)] + page * PAGE) & 0xFFFFFFFF if self.maps else 0x40000000

    async def mmap(self, cpu: Cpu, name: str, pages: int, pgoff: int, flags: int, prot: int) -> None:
        fd = await cpu.syscall("open", name, 2) if name else -1
        pgoff = pgoff if name else 0
        flags |= 0 if name else MAP_ANONYMOUS
        address = await cpu.syscall("mmap", 0, pages * PAGE, prot, flags, fd, pgoff)
        if not -4096 < address < 0:
            self.maps.append(address & 0xFFFFFFFF)
            self.memory.map(self.maps[-1], pages, name, pgoff, bool(flags & MAP_PRIVATE))

    async def fixed(self, cpu: Cpu, number: int, page: int, pages: int) -> None:
        flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS
        address = await cpu.syscall("mmap", self.where(number, page), pages * PAGE, R, flags, -1, 0)
        if not -4096 < address < 0:
            self.memory.map(address & 0xFFFFFFFF, pages, "", 0, True)

    async def munmap(self, cpu: Cpu, number: int, page: int, pages: int) -> None:
        if await cpu.syscall("munmap", self.where(number, page), pages * PAGE) == 0:
            self.memory.unmap(self.where(number, page), pages)

    async def mprotect(self, cpu: Cpu, number: int, page: int, pages: int, prot: int) -> None:
        await cpu.syscall("mprotect", self.where(number, page), pages * PAGE, prot)

    async def madvise(self, cpu: Cpu, number: int, page: int, pages: int, advice: int) -> None:
        ret = await cpu.syscall("madvise", self.where(number, page), pages * PAGE, advice)
        if advice == MADV_DONTNEED and ret == -EINVAL:  # it met locked memory, perhaps halfway
            self.memory.unmap(self.where(number, page), pages)
        elif advice == MADV_DONTNEED:
            self.memory.dontneed(self.where(number, page), pages)

    async def mremap(self, cpu: Cpu, number: int, page: int, pages: int) -> None:
        old, new = self.where(number, page), 0x50000000 + len(self.maps) * 0x00403000
        if await cpu.syscall("mremap", old, pages * PAGE, pages * PAGE, MAYMOVE_FIXED, new) == new:
            self.memory.move(old, new, pages)
            self.maps.append(new)

    async def mlock(self, cpu: Cpu, number: int, page: int, pages: int) -> None:
        await cpu.syscall("mlock", self.where(number, page), pages * PAGE)

    async def munlock(self, cpu: Cpu, number: int, page: int, pages: int) -> None:
        await cpu.syscall("munlock", self.where(number, page), pages * PAGE)

    async def msync(self, cpu: Cpu, number: int, page: int, pages: int, flags: int) -> None:
        await cpu.syscall("msync", self.where(number, page), pages * PAGE, flags)

    async def touch(self, cpu: Cpu, number: int, page: int) -> None:
        if self.maps:
            address = self.where(number, page) + page
            frame = cpu.readable.get(address >> 12)
            found = frame[page] if frame is not None else await cpu.load(address, 1)
            assert address >> 12 not in self.memory.slots or found == self.memory.load(address)

    async def write(self, cpu: Cpu, number: int, page: int, value: int) -> None:
        if self.maps and self.where(number, page) >> 12 in self.memory.slots:
            address = self.where(number, page) + page
            frame = cpu.writable.get(address >> 12)
            if frame is not None:
                frame[page] = value
            else:
                await cpu.store(address, 1, value)
            self.memory.store(address, value)

    async def fsync(self, cpu: Cpu, fd: int) -> None:
        await cpu.syscall("fsync", fd)

    async def fdatasync(self, cpu: Cpu, fd: int) -> None:
        await cpu.syscall("fdatasync", fd)

    async def close(self, cpu: Cpu, fd: int) -> None:
        await cpu.syscall("close", fd)

    async def usleep(self, cpu: Cpu, time: int) -> None:
        await cpu.syscall("clock_nanosleep", 0, 1000 * time)


def run(script: list[Step], machine: dict[str, Any]) -> Bench:
    b = Bench(FILES, **machine)
    memory = Memory(b.k)
    with suppress(NotModelled):  # a touch next to the program's own image, say
        b.run(Script(script, memory).main)
    b.k.journal.flush()
    memory.check_files(b.k)
    return b


@settings(max_examples=60)
@given(scripts, machines)
def test_every_state_keeps_the_invariants(script: list[Step], machine: dict[str, Any]) -> None:
    b = run(script, machine)

    check(b.k)
    check_rows(b.k, b.rows())


@settings(max_examples=15)
@given(scripts, machines)
def test_the_same_program_gives_the_same_stages(script: list[Step], machine: dict[str, Any]) -> None:
    assert run(script, machine).stages == run(script, machine).stages


@settings(max_examples=15)
@given(scripts, st.data())
def test_going_back_gives_the_state_that_was_there(script: list[Step], data: st.DataObject) -> None:
    stages = run(script, {}).stages
    n = data.draw(st.integers(0, len(stages)))
    replayed: Rows = {}
    for stage in stages[:n]:
        apply(replayed, stage.get("changes", ()))
    rows: Rows = {}
    for stage in stages:
        apply(rows, stage.get("changes", ()))

    for stage in reversed(stages[n:]):
        revert(rows, stage.get("changes", []))

    assert rows == replayed


@settings(max_examples=15)
@given(scripts)
def test_the_calls_of_each_task_nest(script: list[Step]) -> None:
    open_calls: dict[int, list[str]] = {}  # of each task; 0 is the idle task, which takes interrupts while all sleep

    for stage in run(script, {}).stages:
        calls = open_calls.setdefault(stage["task"], [])
        if stage["op"] == "call":
            assert stage["depth"] == len(calls)
            calls.append(stage["fn"])
        elif stage["op"] == "return":
            assert calls.pop() == stage["fn"]
