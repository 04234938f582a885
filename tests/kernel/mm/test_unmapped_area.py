"""The search for a hole, held against one that tries every page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.conftest import PAGE, Bench
from webapp.kernel.include.linux.mm import VM_GROWSDOWN, VM_READ
from webapp.kernel.include.linux.mm_types import VmArea
from webapp.kernel.machine import Machine
from webapp.kernel.mm.unmapped_area import UnmappedAreaInfo, vm_unmapped_area
from webapp.kernel.mm.vma import vm_start_gap

SPACE = 640  # pages; the guard gap of a stack is 256
ENOMEM = 12


def machine() -> Machine:
    b = Bench()

    async def nothing(cpu: object) -> None: ...

    b.run(nothing)
    b.k.journal.recording = False
    return b.k


K = machine()
spans = st.lists(st.tuples(st.integers(0, SPACE), st.integers(1, 60), st.booleans()), max_size=8)


def lay_out(layout: list[tuple[int, int, bool]]) -> list[VmArea]:
    """VMAs at these page numbers, with these lengths, those marked growing downwards; overlaps are left out."""
    mm, at = K.mm, 0
    mm._mmap = []
    for start, pages, grows in sorted(layout):
        if start >= at:
            at = start + pages
            flags = VM_READ | (VM_GROWSDOWN if grows else 0)
            mm._mmap.append(VmArea(K.journal, vm_mm=mm, vm_start=start * PAGE, vm_end=at * PAGE, vm_flags=flags))
    return mm._mmap


def taken(vmas: list[VmArea]) -> list[tuple[int, int]]:
    """The VMAs with the room that stacks keep free, which ends where the VMA below ends."""
    below = [0, *(vma.vm_end for vma in vmas)]
    return [(max(vm_start_gap(vma), end), vma.vm_end) for vma, end in zip(vmas, below, strict=False)]


def free(vmas: list[VmArea], address: int, length: int) -> bool:
    return all(address + length <= start or address >= end for start, end in taken(vmas))


@given(spans, st.integers(1, 200), st.integers(0, SPACE), st.integers(0, SPACE + 40), st.booleans())
def test_the_hole_is_the_one_that_trying_every_page_finds(
    layout: list[tuple[int, int, bool]], pages: int, low: int, high: int, topdown: bool
) -> None:
    vmas, length = lay_out(layout), pages * PAGE
    places = range(low * PAGE, high * PAGE - length + 1, PAGE)
    fitting = [address for address in places if free(vmas, address, length)]
    expected = -ENOMEM if not fitting else fitting[-1] if topdown else fitting[0]

    assert vm_unmapped_area(K, UnmappedAreaInfo(topdown, length, low * PAGE, high * PAGE)) == expected
