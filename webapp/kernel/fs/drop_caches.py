"""Emptying the caches on request: what "echo 3 > /proc/sys/vm/drop_caches" does.

    1  the page cache: of every file, the pages that are clean and unmapped
    2  unused names and inodes, and what else has a shrinker
    3  both, in this order

It is a means for measuring, not for having more memory: what is dropped would have been given up on demand anyway. To
have dirty pages go too, sync first.

Linux 5.10: fs/drop_caches.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.inode import iput
from webapp.kernel.fs.prune_icache import WHOLE_FILE
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.shrinker import drop_slab
from webapp.kernel.mm.truncate import invalidate_mapping_pages

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

PAGECACHE, SLAB = 1, 2


@kernel_function
async def drop_caches_sysctl_handler(k: Machine, value: int) -> None:
    """Drop what the bits of ``value`` say (4 only silences the kernel's own message); may sleep."""
    k.sysctl_drop_caches = value
    if value & PAGECACHE:
        await drop_pagecache_sb(k)
        k.vmstat.drop_pagecache += 1
    if value & SLAB:
        await drop_slab(k)
        k.vmstat.drop_slab += 1


@kernel_function
async def drop_pagecache_sb(k: Machine) -> None:
    """Go over all inodes in memory, the latest first, and invalidate the pages of each; may sleep.

    An inode is let go only when the next one is held, so that the way through the list is not lost.
    """
    before = None
    for inode in list(k.fs.s_inodes):
        if not inode.i_cached or not inode.mapping.nrpages:
            continue
        inode.i_count += 1
        dropped = await invalidate_mapping_pages(k, inode.mapping, 0, WHOLE_FILE)
        k.stage("reclaim", f"{dropped} cached pages of {inode.name} are dropped", pages=dropped)
        if before is not None:
            iput(k, before)
        before = inode
    if before is not None:
        iput(k, before)
