"""Frames: who has which, and the free ones.

Interface: `__alloc_pages_nodemask` gives a frame with one reference, zeroed; `__free_pages` takes it back.
A freed frame is handed out again first (it is still in the caches), otherwise frames come in ascending order.

Linux 5.10: mm/page_alloc.c.  Not modelled: zones, orders above 0, watermarks, reclaim when memory runs out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PHYS_OFFSET
from webapp.kernel.errors import NotModelled
from webapp.kernel.include.linux.gfp import gfp_t
from webapp.kernel.include.linux.mm_types import Page

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

KERNEL_FRAMES = 0x1000  # frames below hold the kernel itself
LOADER_PAGES = 8  # of the program and its loader that still wait in the pagevec when main begins
PROGRAM_FRAMES = 0x13ED  # frames below are taken when the program starts: its image, its page tables


@dataclass
class FreeFrames:
    """The free frames: ``reused`` ones first, then from ``next`` up to ``end`` (frame numbers)."""

    next: int
    end: int
    reused: list[int] = field(default_factory=list)

    def take(self, frames: int) -> int:
        """The next ``frames`` neighbours, aligned; what is skipped for that is used later."""
        first = -(-self.next // frames) * frames
        self.reused[:0] = range(self.next, first)
        self.next = first + frames
        return first

    def __len__(self) -> int:
        return len(self.reused) + self.end - self.next


def free_area_init(memory_mib: int) -> FreeFrames:
    """The frames that are free when the program starts, on a machine with this much RAM."""
    first = PHYS_OFFSET >> PAGE_SHIFT
    return FreeFrames(first + KERNEL_FRAMES, first + (memory_mib << 20 >> PAGE_SHIFT))


def program_loaded(k: Machine) -> None:
    """From now on frames come from where a freshly booted machine has its free ones."""
    k.free_frames.next = max(k.free_frames.next, (PHYS_OFFSET >> PAGE_SHIFT) + PROGRAM_FRAMES)
    k.free_frames.reused.clear()
    k.vmstat.nr_free_pages = len(k.free_frames)
    k.lru._others = LOADER_PAGES


async def __alloc_pages_nodemask(k: Machine, gfp_mask: gfp_t) -> Page | None:
    """A zeroed frame, with one reference for the caller; may sleep if ``gfp_mask`` allows it. None if there is none.

    Not a stage of its own: it would double every other one.
    """
    return memblock_alloc(k)


def memblock_alloc(k: Machine, order: int = 0) -> Page:
    """2^order zeroed neighbouring frames, aligned to their size, for what the machine is booted with.

    The page stands for the first frame.
    """
    free, frames = k.free_frames, 1 << order
    if len(free) < frames:
        raise NotModelled(
            f"All {k.settings.memory_mib} MiB of memory are in use, and reclaim is not modelled yet. "
            "Give the machine more memory (memory_mib) or read a smaller file."
        )
    pfn = free.reused.pop() if free.reused and not order else free.take(frames)
    for frame in range(pfn, pfn + frames):
        k.ram.clear(frame)
    page = Page(k.journal, pfn=pfn)
    k.mem_map[pfn] = page
    k.vmstat.nr_free_pages -= frames
    return page


def __free_pages(k: Machine, page: Page) -> None:
    """The last reference is gone: the frame is free again, and this incarnation of the page ends."""
    del k.mem_map[page.pfn]
    page.forget()
    k.free_frames.reused.append(page.pfn)
    k.vmstat.nr_free_pages += 1
