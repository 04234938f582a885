"""The shrinker of a file system: how its unused names and inodes give way to memory pressure.

Linux 5.10: fs/super.c.  Not modelled: objects of the file system's own (ext4 has none here), unmounting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.dcache import prune_dcache_sb
from webapp.kernel.fs.prune_icache import prune_icache_sb
from webapp.kernel.include.linux.gfp import __GFP_FS
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.scan_control import SHRINK_STOP
from webapp.kernel.mm.shrinker import Shrinker

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine
    from webapp.kernel.mm.scan_control import ScanControl

DEFAULT_SEEKS = 2
BATCH = 1024


@kernel_function
def super_cache_count(k: Machine) -> int:
    """How many names and inodes are unused."""
    return len(k.fs.s_dentry_lru) + len(k.fs.s_inode_lru)


@kernel_function
async def super_cache_scan(k: Machine, sc: ScanControl, nr_to_scan: int) -> int:
    """Look at so many names and inodes, of each kind in proportion and one more; may sleep. How many went.

    Names first, because they hold inodes. Not if the caller is inside a file system already, and could get in its own
    way.
    """
    if not sc.gfp_mask & __GFP_FS:
        return SHRINK_STOP
    inodes, dentries = len(k.fs.s_inode_lru), len(k.fs.s_dentry_lru)
    total_objects = dentries + inodes + 1
    freed = await prune_dcache_sb(k, nr_to_scan * dentries // total_objects + 1)
    return freed + await prune_icache_sb(k, sc, nr_to_scan * inodes // total_objects + 1)


def super_shrinker() -> Shrinker:
    """The shrinker of the disk's names and inodes."""
    return Shrinker("ext4", DEFAULT_SEEKS, lambda k, sc: super_cache_count(k), super_cache_scan, BATCH)
