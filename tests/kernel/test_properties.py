"""Random programs: the same stages every time, a state that adds up, and nothing that contradicts itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.conftest import PAGE, Bench
from tests.kernel.invariants import check, check_rows
from webapp.kernel.errors import NotModelled
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.journal import Rows, apply, revert

FILES = {"data.bin": 80, "small.bin": 3}
PROT_READ, MAP_SHARED, MAP_PRIVATE, MAP_FIXED, MAP_ANONYMOUS, MAP_POPULATE = 1, 1, 2, 0x10, 0x20, 0x8000

Step = tuple[Any, ...]
steps = st.one_of(
    st.tuples(
        st.just("mmap"),
        st.sampled_from(["data.bin", "small.bin", ""]),
        st.integers(1, 90),
        st.integers(0, 40),
        st.sampled_from([MAP_PRIVATE, MAP_SHARED, MAP_PRIVATE | MAP_POPULATE, MAP_SHARED | MAP_POPULATE]),
    ),
    st.tuples(st.just("fixed"), st.integers(0, 5), st.integers(0, 20), st.integers(1, 8)),
    st.tuples(st.just("munmap"), st.integers(0, 5), st.integers(0, 20), st.integers(1, 30)),
    st.tuples(st.just("touch"), st.integers(0, 5), st.integers(0, 95)),
    st.tuples(st.just("touch"), st.integers(0, 5), st.integers(0, 95)),
    st.tuples(st.just("madvise"), st.integers(0, 5), st.integers(0, 20), st.integers(1, 60), st.integers(0, 4)),
    st.tuples(st.just("usleep"), st.integers(0, 300)),
    st.tuples(st.just("close"), st.integers(3, 6)),
)
scripts = st.lists(steps, min_size=1, max_size=14)
machines = st.fixed_dictionaries(
    {},
    optional={
        "read_ahead_kb": st.sampled_from([0, 4, 16, 128, 512]),
        "fault_around_bytes": st.sampled_from([4096, 8192, 65536, 1048576]),
        "disk_page_us": st.sampled_from([0, 0.25, 40]),
        "tlb_entries": st.sampled_from([4, 32]),
    },
)


def program(script: list[Step]) -> Callable[[Cpu], Any]:
    """A program that carries out a script; loads are checked against what the file holds."""

    async def main(cpu: Cpu) -> None:
        maps: list[tuple[int, int]] = []
        call: Any = cpu.syscall

        async def where(number: int, page: int) -> int:
            return (maps[number % len(maps)][0] + page * PAGE) & 0xFFFFFFFF if maps else 0x40000000

        for verb, *args in script:
            if verb == "mmap":
                name, pages, pgoff, flags = args
                fd = await call("open", name, 0) if name else -1
                address = await call(
                    "mmap", 0, pages * PAGE, PROT_READ, flags | (0 if name else MAP_ANONYMOUS), fd, pgoff if name else 0
                )
                if not -4096 < address < 0:
                    maps.append((address & 0xFFFFFFFF, pages))
            elif verb == "fixed":
                number, page, pages = args
                await call("mmap", await where(number, page), pages * PAGE, PROT_READ, 0x32, -1, 0)
            elif verb == "munmap":
                number, page, pages = args
                await call("munmap", await where(number, page), pages * PAGE)
            elif verb == "madvise":
                number, page, pages, advice = args
                await call("madvise", await where(number, page), pages * PAGE, advice)
            elif verb == "touch" and maps:
                number, page = args
                address = await where(number, page)
                if address >> 12 not in cpu.readable:
                    await cpu.load(address, 1)
            elif verb in ("usleep", "close"):
                await call(verb, *args)

    return main


def run(script: list[Step], machine: dict[str, Any]) -> Bench:
    b = Bench(FILES, **machine)
    with suppress(NotModelled):  # a touch next to the program's own image, say
        b.run(program(script))
    b.k.journal.flush()
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
