"""Shrinkers: the kernel's own caches give way to memory pressure too.

Page cache and programs are not all that fills memory. The names and inodes of files are cached, and the nodes of the
page cache's index that hold shadows only. Each such cache has a shrinker with two functions: how many objects could
go, and let so many go. How many is asked for follows from the priority of the scan, in the same proportion as pages.

Interface: `shrink_slab` is called after each pass over the lists.

Linux 5.10: mm/vmscan.c, mm/workingset.c.  The shrinker of names and inodes is in fs/super.py.  Not modelled: the other
caches of the kernel, such as ext4's of extents.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.kernel.include.linux.gfp import GFP_KERNEL
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.scan_control import SHRINK_STOP, ScanControl
from webapp.kernel.mm.shadow_nodes import count_shadow_nodes, scan_shadow_nodes

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/vmscan.c"
SHRINK_BATCH = 128
DROP_AGAIN = 10  # objects: drop_slab goes round again if more went


@dataclass
class Shrinker:
    """struct shrinker. ``seeks`` is what an object costs to make again, in disk seeks; 0: nothing, so half may go.

    ``nr_deferred`` is what was asked for so far and not done, because it was less than a batch.
    """

    name: str
    seeks: int
    count_objects: Callable[[Machine, ScanControl], int]
    scan_objects: Callable[[Machine, ScanControl, int], Awaitable[int]]
    batch: int = SHRINK_BATCH
    nr_deferred: int = 0

    def brief(self) -> str:
        """What a stage shows of it."""
        return self.name


@kernel_function
async def shrink_slab(k: Machine, sc: ScanControl) -> int:
    """Ask every shrinker for its part; may sleep. How many objects went; their pages count in ``sc.reclaimed_slab``."""
    freed = 0
    for shrinker in k.shrinkers:
        freed += await do_shrink_slab(k, shrinker, sc)
    return freed


@kernel_function
async def do_shrink_slab(k: Machine, shrinker: Shrinker, sc: ScanControl) -> int:
    """Let the part of the objects go that the priority asks for, in batches; may sleep. The number that went.

    A request for less than a batch is deferred and added to the next. But a cache that is asked for little can never
    lose more than half of its objects by what has gathered.
    """
    freeable = shrinker.count_objects(k, sc)
    if freeable <= 0:
        return 0
    deferred, shrinker.nr_deferred = shrinker.nr_deferred, 0
    delta = (freeable >> sc.priority) * 4 // shrinker.seeks if shrinker.seeks else freeable // 2
    total_scan = next_deferred = deferred + delta
    if delta < freeable // 4:
        total_scan = min(total_scan, freeable // 2)
    total_scan = min(total_scan, freeable * 2)
    freed = scanned = 0
    k.stage(
        "slab", f"{shrinker.name}: {freeable} objects could go, and {total_scan} shall be looked at",
        objects=freeable, total_scan=total_scan, priority=sc.priority,
    )  # fmt: skip
    while total_scan >= shrinker.batch or total_scan >= freeable:
        nr_to_scan = min(shrinker.batch, total_scan)
        done = await shrinker.scan_objects(k, sc, nr_to_scan)
        if done == SHRINK_STOP:
            break
        freed += done
        k.vmstat.slabs_scanned += nr_to_scan
        total_scan -= nr_to_scan
        scanned += nr_to_scan
    shrinker.nr_deferred += max(next_deferred - scanned, 0)
    return freed


@kernel_function
async def drop_slab(k: Machine) -> None:
    """Ask every shrinker for all that it has, again and again as long as more than ten objects go; may sleep."""
    while await shrink_slab(k, ScanControl(GFP_KERNEL, priority=0)) > DROP_AGAIN:
        pass


async def scan_shadows(k: Machine, sc: ScanControl, nr_to_scan: int) -> int:
    """scan_objects of the shadow shrinker."""
    return scan_shadow_nodes(k, nr_to_scan)


def shadow_shrinker() -> Shrinker:
    """The shrinker of the page cache's index."""
    return Shrinker("mm-shadow", 0, lambda k, sc: count_shadow_nodes(k, sc.target_mem_cgroup), scan_shadows)
