"""Where the blocks of a file lie on the disk: a list of extents, with holes between them.

A block is as large as a page here, so a page of a file has one block, or none. None means one of two things:

    * a *hole*: nobody has written there, it reads as zeros, and no disk is asked;
    * *delayed*: it was written to in memory, and gets its block only when it is written back. By then it is known how
      many neighbours come with it, and they can lie together.

Interface: `block_of` looks a page up, `ext4_map_blocks` finds a run of blocks or makes it, `ext4_ext_truncate` frees.

Linux 5.10: fs/ext4/extents.c, fs/ext4/inode.c.  Not modelled: the tree of extents, mballoc's search for a good place
(new blocks come after the last ones), full disks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.hw.medium import forget
from webapp.kernel.include.linux.bio import SECTORS_PER_PAGE
from webapp.kernel.include.linux.fs import Extent, Inode
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import page_counter_charge_other

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

BITMAP_PAGES = 3  # the block bitmap, and the two pages that mballoc makes of it


def block_of(inode: Inode, index: int) -> int | None:
    """The first sector of the block that holds page ``index``; None if it has none."""
    for extent in inode._extents:
        if extent.first <= index <= extent.last:
            return extent.sector + (index - extent.first) * SECTORS_PER_PAGE
    return None


def blocks_in_use(inode: Inode) -> int:
    """How many blocks the file has or has been promised."""
    return sum(extent.last - extent.first + 1 for extent in inode._extents) + len(inode._delayed)


@kernel_function(file="fs/ext4/inode.c")
def ext4_map_blocks(k: Machine, inode: Inode, first: int, length: int) -> int:
    """Give ``length`` pages from ``first`` on, which are delayed, blocks that lie together; the sector of the first.

    The first time, it is read which blocks are free, and the group of whoever writes pays for that.
    """
    if not k.fs.bitmaps_read:
        k.fs.bitmaps_read = True
        page_counter_charge_other(k, BITMAP_PAGES)
    sector = k.fs.take_blocks(length)
    add_extent(inode, Extent(first, first + length - 1, sector))
    inode._delayed.difference_update(range(first, first + length))
    inode._transaction = inode._datasync = True
    k.stage(
        "allocate",
        f"pages {first}-{first + length - 1} of {inode.name} get their blocks: from sector {sector} on",
        first=first, length=length, sector=sector,
    )  # fmt: skip
    return sector


def add_extent(inode: Inode, new: Extent) -> None:
    """Put an extent in its place. If it continues the one before, in the file and on the disk, it lengthens that."""
    inode._extents.append(new)
    inode._extents.sort()
    at = inode._extents.index(new)
    before = inode._extents[at - 1] if at else None
    if before is not None and before.last + 1 == new.first:
        if before.sector + (new.first - before.first) * SECTORS_PER_PAGE == new.sector:
            inode._extents[at - 1 : at + 1] = [Extent(before.first, new.last, before.sector)]
    inode.sector = inode._extents[0].sector


@kernel_function
def ext4_ext_truncate(k: Machine, inode: Inode, first: int) -> None:
    """Free the blocks of page ``first`` and of all that follow, and the promises made for such pages."""
    kept = [extent for extent in inode._extents if extent.first < first]
    inode._extents = [extent._replace(last=min(extent.last, first - 1)) for extent in kept]
    inode._delayed = {index for index in inode._delayed if index < first}
    forget(inode, first)
    k.stage("note", f"the blocks of {inode.name} from page {first} on are free", first=first)
