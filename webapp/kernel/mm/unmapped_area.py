"""Finding a hole for a new mapping.

The holes are the gaps between VMAs that follow one another. Linux keeps the size of the largest gap of every
subtree in its red-black tree so that it finds the right one at once; walking the list finds the same.

Linux 5.10: mm/mmap.c
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.vma import vm_start_gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"
ADDRESS_SPACE_END = 1 << 32


@dataclass(frozen=True, slots=True)
class UnmappedAreaInfo:
    """struct vm_unmapped_area_info: find ``length`` free bytes within [low_limit, high_limit)."""

    topdown: bool
    length: int
    low_limit: int
    high_limit: int

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return asdict(self)


@kernel_function
def vm_unmapped_area(k: Machine, info: UnmappedAreaInfo) -> int:
    """The address of the best hole: the highest that fits, or the lowest when searching upwards."""
    addr = unmapped_area_topdown(k, info) if info.topdown else unmapped_area(k, info)
    if addr >= 0:
        k.stage(
            "note",
            f"found a hole for {info.length >> PAGE_SHIFT} pages at 0x{addr:x}",
            address=addr,
            length=info.length,
        )
    return addr


@kernel_function(inlined=True)
def unmapped_area_topdown(k: Machine, info: UnmappedAreaInfo) -> int:
    """The end of the highest hole of sufficient size, less the length."""
    if info.high_limit < info.length or info.low_limit > info.high_limit - info.length:
        return -ENOMEM
    for start, end in gaps_from_the_top(k.mm):
        if end < info.low_limit + info.length:
            return -ENOMEM
        if start <= info.high_limit - info.length and end - start >= info.length:
            return min(end, info.high_limit) - info.length
    return -ENOMEM


@kernel_function(inlined=True)
def unmapped_area(k: Machine, info: UnmappedAreaInfo) -> int:
    """The start of the lowest hole of sufficient size."""
    if info.high_limit < info.length or info.low_limit > info.high_limit - info.length:
        return -ENOMEM
    for start, end in reversed(list(gaps_from_the_top(k.mm))):
        if start > info.high_limit - info.length:
            return -ENOMEM
        if end >= info.low_limit + info.length and end - start >= info.length:
            return max(start, info.low_limit)
    return -ENOMEM


def gaps_from_the_top(mm: Mm) -> Iterator[tuple[int, int]]:
    """Every gap [start, end) between VMAs, highest first; the room that a stack may grow into is no gap."""
    end = ADDRESS_SPACE_END
    for vma in reversed(mm._mmap):
        if vma.vm_end < end:
            yield vma.vm_end, end
        end = vm_start_gap(vma)
    if end > 0:
        yield 0, end
