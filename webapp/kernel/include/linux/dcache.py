"""Dentries: names of files, kept in memory so that a path need not be read from the disk again.

Fields only.  Linux 5.10: include/linux/dcache.h, fs/mount.h
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from webapp.kernel.journal import Tracked

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode

DCACHE_REFERENCED = 0x40  # used again while it was on the list of the unused
DCACHE_LRU_LIST = 0x80000  # it is on that list


@dataclass(eq=False)
class Dentry(Tracked):
    """struct dentry: one name in one directory, and the inode that it leads to.

    Without an inode it is *negative*: it is known that there is no such file. ``d_count`` counts open files and walks
    that hold it, and names below it. At 0 it stays, for the next who asks for the name, on a list of unused dentries
    (DCACHE_LRU_LIST in ``d_flags``) from which reclaim takes them.
    """

    KIND: ClassVar[str] = "dentry"
    d_name: str
    d_parent: Dentry | None
    d_inode: Inode | None = None
    d_count: int = 1
    d_flags: int = 0
