"""Merging and splitting: the eight cases by name, and random programs against a table of pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.conftest import PAGE, Bench
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.include.linux.fs import File
from webapp.kernel.include.linux.mm import (
    VM_ACCOUNT,
    VM_DONTCOPY,
    VM_MAYEXEC,
    VM_MAYREAD,
    VM_MAYSHARE,
    VM_MAYWRITE,
    VM_RAND_READ,
    VM_SEQ_READ,
)
from webapp.kernel.include.linux.mm_types import VmArea

BASE = 0x40000000
R, W, SHARED, PRIVATE, FIXED, ANON = 1, 2, 1, 2, 0x10, 0x20
NORMAL, RANDOM, SEQUENTIAL, DONTFORK, DOFORK = 0, 1, 2, 10, 11


def at(page: int) -> int:
    return BASE + page * PAGE


def run(program: Callable[[Any], Any]) -> Bench:
    """Run a program whose descriptors 3 and 4 are two opens of the same file."""
    b = Bench()

    async def main(cpu: Cpu) -> None:
        call: Any = cpu.syscall
        await call("open", "data.bin", 0)
        await call("open", "data.bin", 0)
        await program(call)

    b.run(main)
    return b


def vmas_of(b: Bench) -> list[VmArea]:
    """The VMAs in the test's range."""
    return [vma for vma in b.k.mm._mmap if BASE <= vma.vm_start < BASE + (1 << 28)]


def spans(b: Bench) -> list[tuple[int, int]]:
    """Their first and last pages."""
    return [((vma.vm_start - BASE) // PAGE, (vma.vm_end - BASE) // PAGE - 1) for vma in vmas_of(b)]


def offsets(b: Bench) -> list[int]:
    """Their vm_pgoff."""
    return [vma.vm_pgoff for vma in vmas_of(b)]


def cases(b: Bench) -> list[int]:
    return [step["args"]["case"] for step in b.steps("vma") if "case" in step.get("args", {})]


async def map_at(call: Any, page: int, pages: int, fd: int = 3, kind: int = PRIVATE) -> None:
    await call("mmap", at(page), pages * PAGE, R, kind | FIXED, fd, page)


@pytest.mark.parametrize(
    ("case", "ranges", "left"),
    [
        (1, [(0, 4), (6, 4), (4, 2)], [(0, 9)]),
        (2, [(0, 4), (4, 2)], [(0, 5)]),
        (3, [(4, 4), (2, 2)], [(2, 7)]),
    ],
)
def test_mmap_extends_its_neighbours(case: int, ranges: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    async def program(call: Any) -> None:
        for page, pages in ranges:
            await map_at(call, page, pages)

    b = run(program)

    assert (cases(b), spans(b)) == ([case], left)
    assert offsets(b) == [first for first, _ in left]


@pytest.mark.parametrize(
    ("case", "advised", "left"),
    [
        (4, [(4, 4), (2, 2)], [(0, 1), (2, 7)]),
        (5, [(0, 4), (4, 2)], [(0, 5), (6, 7)]),
        (6, [(0, 2), (4, 4), (2, 2)], [(0, 7)]),
        (7, [(0, 4), (4, 4)], [(0, 7)]),
        (8, [(4, 4), (0, 4)], [(0, 7)]),
    ],
)
def test_advice_for_a_part_moves_the_border_or_joins(
    case: int, advised: list[tuple[int, int]], left: list[tuple[int, int]]
) -> None:
    async def program(call: Any) -> None:
        await map_at(call, 0, 8)
        for page, pages in advised:
            await call("madvise", at(page), pages * PAGE, RANDOM)

    b = run(program)

    assert (cases(b)[-1], spans(b)) == (case, left)
    assert offsets(b) == [first for first, _ in left]


@pytest.mark.parametrize(
    ("why", "second"),
    [
        ("another open of the same file", (3, 4, PRIVATE, 4)),
        ("the wrong page of the file", (3, 3, PRIVATE, 5)),
        ("shared beside private", (3, 3, SHARED, 4)),
        ("anonymous beside a file", (3, -1, PRIVATE | ANON, 4)),
    ],
)
def test_what_differs_does_not_merge(why: str, second: tuple[int, int, int, int]) -> None:
    _, fd, kind, pgoff = second

    async def program(call: Any) -> None:
        await map_at(call, 0, 4)
        await call("mmap", at(4), 4 * PAGE, R, kind | FIXED, fd, pgoff)

    assert spans(run(program)) == [(0, 3), (4, 7)], why


def test_a_merge_gives_the_reference_of_the_swallowed_vma_back() -> None:
    async def program(call: Any) -> None:
        for page, pages in (0, 4), (6, 4), (4, 2):
            await map_at(call, page, pages)

    file = run(program).vma(BASE).vm_file

    assert file is not None
    assert file.f_count == 2  # the descriptor's and the one VMA's


@dataclass(frozen=True)
class PageOf:
    """What one page of the address space must be."""

    flags: int
    fd: int
    pgoff: int


class PageTableOfTruth:
    """The same calls, done page by page: no VMAs, nothing to split or to merge."""

    def __init__(self) -> None:
        self.pages: dict[int, PageOf] = {}

    def mmap(self, page: int, pages: int, prot: int, kind: int, fd: int, pgoff: int) -> None:
        flags = prot | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC
        if kind == SHARED:
            flags = (flags | VM_MAYSHARE) & ~VM_MAYWRITE
        elif prot & W:
            flags |= VM_ACCOUNT
        for n in range(pages):
            self.pages[page + n] = PageOf(flags, fd, pgoff + n if fd > 0 else (BASE >> 12) + page + n)

    def munmap(self, page: int, pages: int) -> None:
        for n in range(page, page + pages):
            self.pages.pop(n, None)

    def mprotect(self, page: int, pages: int, prot: int) -> None:
        for n in range(page, page + pages):
            old = self.pages.get(n)
            if old is None or (prot & W and not old.flags & VM_MAYWRITE):
                return
            account = VM_ACCOUNT if prot & W else 0
            self.pages[n] = PageOf(old.flags & ~7 | prot | account, old.fd, old.pgoff)

    def madvise(self, page: int, pages: int, clear: int, put: int) -> None:
        for n in range(page, page + pages):
            old = self.pages.get(n)
            if old is not None:
                self.pages[n] = PageOf(old.flags & ~clear | put, old.fd, old.pgoff)


where = st.tuples(st.integers(0, 20), st.integers(1, 12))
prots = st.sampled_from([0, R, R, R | W])
ADVICE = {
    NORMAL: (VM_RAND_READ | VM_SEQ_READ, 0),
    RANDOM: (VM_SEQ_READ, VM_RAND_READ),
    SEQUENTIAL: (VM_RAND_READ, VM_SEQ_READ),
    DONTFORK: (0, VM_DONTCOPY),
    DOFORK: (VM_DONTCOPY, 0),
}
calls = st.one_of(
    st.tuples(
        st.just("mmap"), where, prots, st.sampled_from([PRIVATE, PRIVATE, SHARED]), st.sampled_from([3, 3, 4, -1])
    ),
    st.tuples(st.just("munmap"), where),
    st.tuples(st.just("mprotect"), where, prots),
    st.tuples(st.just("madvise"), where, st.sampled_from(sorted(ADVICE))),
)


@settings(max_examples=120)
@given(st.lists(calls, max_size=14), st.integers(0, 1))
def test_random_calls_leave_what_page_by_page_bookkeeping_says(script: list[Any], shift: int) -> None:
    truth = PageTableOfTruth()

    async def program(call: Any) -> None:
        for verb, (page, pages), *rest in script:
            address, length = at(page), pages * PAGE
            if verb == "mmap":
                prot, kind, fd = rest
                if fd < 0 or (kind == SHARED and prot & W):
                    kind, fd = PRIVATE, -1
                pgoff = page + shift * (page % 2)
                await call("mmap", address, length, prot, kind | FIXED | (ANON if fd < 0 else 0), fd, pgoff)
                truth.mmap(page, pages, prot, kind, fd, pgoff)
            elif verb == "munmap":
                await call("munmap", address, length)
                truth.munmap(page, pages)
            elif verb == "mprotect":
                await call("mprotect", address, length, *rest)
                truth.mprotect(page, pages, *rest)
            else:
                await call("madvise", address, length, *rest)
                truth.madvise(page, pages, *ADVICE[rest[0]])

    b = run(program)

    mine = vmas_of(b)
    assert {page: fact for vma in mine for page, fact in facts(b, vma)} == truth.pages
    assert not [(low.ref, high.ref) for low, high in pairwise(mine) if could_be_one(low, high)]
    assert [file_count(b, fd) for fd in (3, 4)] == [
        1 + sum(vma.vm_file is b.k.current._files[fd] for vma in mine) for fd in (3, 4)
    ]
    assert sorted(b.k.fs.inodes["data.bin"].mapping._i_mmap, key=id) == sorted((v for v in mine if v.vm_file), key=id)


def facts(b: Bench, vma: VmArea) -> list[tuple[int, PageOf]]:
    first = (vma.vm_start - BASE) // PAGE
    fds: dict[File | None, int] = {b.k.current._files[fd]: fd for fd in (3, 4)}
    fd = fds.get(vma.vm_file, -1)
    return [(first + n, PageOf(vma.vm_flags, fd, vma.vm_pgoff + n)) for n in range(vma.pages)]


def could_be_one(low: VmArea, high: VmArea) -> bool:
    return (low.vm_end, low.vm_flags, low.vm_file, low.vm_pgoff + low.pages) == (
        high.vm_start,
        high.vm_flags,
        high.vm_file,
        high.vm_pgoff,
    )


def file_count(b: Bench, fd: int) -> int:
    return b.k.current._files[fd].f_count
