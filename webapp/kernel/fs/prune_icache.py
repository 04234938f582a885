"""Inodes that nobody uses leave memory.

The pages of a file hang on its inode: an inode that leaves memory takes them along. So one that has pages is spared at
first: its pages go, and it goes itself if it is found without pages another time.

Linux 5.10: fs/inode.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.inode import iput
from webapp.kernel.include.linux.fs import I_REFERENCED
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.list_lru import LruStatus, list_lru_walk
from webapp.kernel.mm.scan_control import current_is_kswapd
from webapp.kernel.mm.truncate import invalidate_mapping_pages, truncate_inode_pages_range

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.machine import Machine
    from webapp.kernel.mm.scan_control import ScanControl

LINUX_FILE = "fs/inode.c"
WHOLE_FILE = (1 << 63) - 1


@kernel_function
async def prune_icache_sb(k: Machine, sc: ScanControl, nr_to_scan: int) -> int:
    """Look at so many unused inodes, the longest unused first; may sleep. How many went off the list."""
    freeable: list[Inode] = []

    async def isolate(inode: Inode) -> LruStatus:
        return await inode_lru_isolate(k, inode, sc, freeable)

    freed = await list_lru_walk(k.fs.s_inode_lru, isolate, nr_to_scan)
    await dispose_list(k, freeable)
    return freed


@kernel_function
async def inode_lru_isolate(k: Machine, inode: Inode, sc: ScanControl, freeable: list[Inode]) -> LruStatus:
    """Is this one to go?  Not if it is in use again or dirty, and not this time if it was used again; may sleep.

    If it has pages, those that can go do, and count as reclaimed. Then it is met once more, as one that was just used.
    """
    if inode.i_count or inode.i_state & ~I_REFERENCED:
        inode.i_lru = False
        return LruStatus.REMOVED
    if inode.i_state & I_REFERENCED:
        inode.i_state &= ~I_REFERENCED
        return LruStatus.ROTATE
    if inode.mapping.nrpages:
        inode.i_count += 1
        reap = await invalidate_mapping_pages(k, inode.mapping, 0, WHOLE_FILE)
        if current_is_kswapd(k):
            k.vmstat.kswapd_inodesteal += reap
        else:
            k.vmstat.pginodesteal += reap
        sc.reclaimed_slab += reap
        k.stage("reclaim", f"{reap} cached pages of the unused inode {inode.i_ino} ({inode.name}) go", pages=reap)
        iput(k, inode)
        return LruStatus.RETRY
    inode.i_lru = False
    freeable.append(inode)
    return LruStatus.REMOVED


@kernel_function
async def dispose_list(k: Machine, inodes: list[Inode]) -> None:
    """Take these inodes out of memory; may sleep."""
    for inode in inodes:
        await evict(k, inode)


@kernel_function
async def evict(k: Machine, inode: Inode) -> None:
    """An unused inode leaves memory, with all that hangs on it; may sleep. The file stays, on the disk."""
    await truncate_inode_pages_range(k, inode.mapping, 0)
    inode.mapping.wb_err = inode.mapping.writeback_index = 0
    inode.i_cached = False
    k.fs.s_inodes.remove(inode)
    k.stage("reclaim", f"inode {inode.i_ino} ({inode.name}) leaves memory", inode=inode.ref)
