"""Frames: who has which, and the free ones.

Three watermarks say how much should be free. Above *low* a frame is just handed out. Below it kswapd is woken, and
frames are handed out down to *min*. Whoever finds less has to reclaim some himself. What is below is for those who
reclaim, and need a little memory to free much.

Interface: `__alloc_pages_nodemask` gives a frame with one reference, zeroed; `__free_pages` takes it back.
A freed frame is handed out again first (it is still in the caches), otherwise frames come in ascending order.

Linux 5.10: mm/page_alloc.c.  Not modelled: several zones, orders above 0, per-CPU lists of frames, compaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PHYS_OFFSET
from webapp.kernel.errors import NotModelled
from webapp.kernel.include.linux.gfp import (
    __GFP_ACCOUNT,
    __GFP_DIRECT_RECLAIM,
    __GFP_HIGH,
    __GFP_KSWAPD_RECLAIM,
    __GFP_NORETRY,
    gfp_t,
)
from webapp.kernel.include.linux.mm_types import Page
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import __memcg_kmem_charge_page, mem_cgroup_uncharge
from webapp.kernel.mm.oom_kill import out_of_memory, task_is_dying
from webapp.kernel.time.timer import schedule_timeout_uninterruptible

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

KERNEL_FRAMES = 0x1000  # frames below hold the kernel itself
RESERVED_FRAMES = 4654  # that the kernel never gives free, on any machine
FRAMES_PER_RESERVED = 106  # and one more for so many frames: struct pages, hash tables
INIT_FRAMES = 955  # in use only while the kernel initialises itself
SYSTEM_FRAMES = 6590  # that the rest of a booted system uses: its first processes and their files, slabs, devices
TRACE_FRAMES = 16725  # and the trace buffer of 64 MiB, where the recordings come from
CMA_FRAMES = 4096  # kept for devices, which no trace buffer may have
WATERMARK_SCALE_FACTOR = 10  # ten thousandths of memory
MAX_RECLAIM_RETRIES = 16
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
    """From now on frames come from where a freshly booted machine has its free ones, and are as many."""
    first = max(k.free_frames.next, (PHYS_OFFSET >> PAGE_SHIFT) + PROGRAM_FRAMES)
    k.free_frames = FreeFrames(first, first + frames_left(k.zone.managed))
    k.vmstat.nr_free_pages = len(k.free_frames)
    k.lru._others = LOADER_PAGES


def frames_left(managed: int) -> int:
    """How many of a zone's ``managed`` frames are free when a program starts, on the machine that was recorded.

    It traces what it does, into a buffer that takes 64 MiB, if there is as much.
    """
    free = managed - SYSTEM_FRAMES
    return free - TRACE_FRAMES if free - CMA_FRAMES > TRACE_FRAMES else free


# Watermarks.


def zone_of(memory_mib: int) -> tuple[int, int]:
    """The frames of the machine, and those of them that are not the kernel's for ever: code, data, struct pages."""
    present = memory_mib << 20 >> PAGE_SHIFT
    return present, present - RESERVED_FRAMES - present // FRAMES_PER_RESERVED


def setup_per_zone_wmarks(managed: int) -> tuple[int, int, int]:
    """min, low and high, in pages.

    min_free_kbytes grows with the root of memory: four times as much needs twice the reserve. It is worked out before
    the memory of initialisation is given free, so a little less memory counts.
    """
    lowmem_kbytes = (managed - INIT_FRAMES) << (PAGE_SHIFT - 10)
    pages_min = min(max(isqrt(lowmem_kbytes * 16), 128), 262144) >> (PAGE_SHIFT - 10)
    gap = max(pages_min >> 2, managed * WATERMARK_SCALE_FACTOR // 10000)
    return pages_min, pages_min + gap, pages_min + 2 * gap


def zone_watermark_ok(k: Machine, mark: int) -> bool:
    """Whether more than ``mark`` frames are free."""
    return k.vmstat.nr_free_pages > mark


# Taking a frame.


async def __alloc_pages_nodemask(k: Machine, gfp_mask: gfp_t) -> Page | None:
    """A zeroed frame, with one reference for the caller; may sleep if ``gfp_mask`` allows it. None if there is none.

    Not a stage of its own: it would double every other one.
    """
    page = get_page_from_freelist(k, k.zone.low) or await __alloc_pages_slowpath(k, gfp_mask)
    if page is not None and gfp_mask & __GFP_ACCOUNT and await __memcg_kmem_charge_page(k, page, gfp_mask):
        __free_pages(k, page)
        return None
    return page


def get_page_from_freelist(k: Machine, mark: int) -> Page | None:
    """A frame, if that leaves more than ``mark`` free."""
    return memblock_alloc(k) if zone_watermark_ok(k, mark) else None


@kernel_function(inlined=True)
async def __alloc_pages_slowpath(k: Machine, gfp_mask: gfp_t) -> Page | None:
    """Less than the low watermark is free: wake kswapd, take from the reserve, reclaim, and in the end kill.

    Readahead gives up after one round of reclaim. Others go on as long as there is a chance.
    """
    no_progress_loops = 0
    while True:
        if gfp_mask & __GFP_KSWAPD_RECLAIM:
            wake_all_kswapds(k)
        page = get_page_from_freelist(k, mark_for(k, gfp_mask))
        if page is not None or not gfp_mask & __GFP_DIRECT_RECLAIM or k.current._memalloc:
            return page
        progress = await __alloc_pages_direct_reclaim(k, gfp_mask)
        page = get_page_from_freelist(k, mark_for(k, gfp_mask))
        if page is not None or gfp_mask & __GFP_NORETRY:
            return page
        no_progress_loops = 0 if progress else no_progress_loops + 1
        if should_reclaim_retry(k, no_progress_loops):
            continue
        page, killed = __alloc_pages_may_oom(k)
        if page is not None or task_is_dying(k.current) or not killed:
            return page
        no_progress_loops = 0
        await schedule_timeout_uninterruptible(k, 1)


def mark_for(k: Machine, gfp_mask: gfp_t) -> int:
    """How much must stay free: all of the reserve, half of it for the urgent and the dying, none for reclaim itself."""
    if k.current._memalloc:
        return 0
    if gfp_mask & __GFP_HIGH or task_is_dying(k.current):
        return k.zone.min // 2
    return k.zone.min


@kernel_function(inlined=True)
def wake_all_kswapds(k: Machine) -> None:
    """One thread for each node; here there is one."""
    from webapp.kernel.mm.kswapd import wakeup_kswapd  # which stands on everything that allocates

    wakeup_kswapd(k)


@kernel_function(inlined=True)
async def __alloc_pages_direct_reclaim(k: Machine, gfp_mask: gfp_t) -> int:
    """Free some pages oneself; may sleep. How many."""
    from webapp.kernel.mm.vmscan import try_to_free_pages  # which stands on everything that allocates

    task = k.current
    task._memalloc = True
    progress = await try_to_free_pages(k, gfp_mask)
    task._memalloc = False
    return progress


@kernel_function(inlined=True)
def should_reclaim_retry(k: Machine, no_progress_loops: int) -> bool:
    """Whether another round makes sense: not after 16 in vain, nor if all that is reclaimable would not be enough."""
    if no_progress_loops > MAX_RECLAIM_RETRIES:
        return False
    reclaimable = k.lru.inactive_file + k.lru.active_file
    return k.vmstat.nr_free_pages + reclaimable > k.zone.min


@kernel_function(inlined=True)
def __alloc_pages_may_oom(k: Machine) -> tuple[Page | None, bool]:
    """The last resort. First a last look: somebody may have freed a lot meanwhile. (A frame, was somebody killed?)"""
    page = get_page_from_freelist(k, k.zone.high)
    return page, page is None and out_of_memory(k, None)


def memblock_alloc(k: Machine, order: int = 0, index: int = 0, flags: int = 0, mapcount: int = 0) -> Page:
    """2^order zeroed neighbouring frames, aligned to their size, whatever the watermarks say.

    The page stands for the first frame; the other arguments say what it is used for.
    """
    free, frames = k.free_frames, 1 << order
    if len(free) < frames:
        raise NotModelled(
            f"All {k.settings.memory_mib} MiB of memory are in use by the program's own image, which is not reclaimed. "
            "Give the machine more memory (memory_mib)."
        )
    pfn = free.reused.pop() if free.reused and not order else free.take(frames)
    for frame in range(pfn, pfn + frames):
        k.ram.clear(frame)
    page = Page(k.journal, pfn=pfn, index=index, flags=flags, mapcount=mapcount)
    k.mem_map[pfn] = page
    k.vmstat.nr_free_pages -= frames
    return page


def __free_pages(k: Machine, page: Page, order: int = 0) -> None:
    """The last reference is gone: the frames are free again, and this incarnation of the page ends."""
    mem_cgroup_uncharge(k, page)
    del k.mem_map[page.pfn]
    page.forget()
    k.free_frames.reused += range(page.pfn, page.pfn + (1 << order))
    k.vmstat.nr_free_pages += 1 << order
