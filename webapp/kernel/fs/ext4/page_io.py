"""Writing pages: collecting neighbours in a bio, and what happens when it is done.

Linux 5.10: fs/ext4/page-io.c.  Not modelled: encryption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.block.blk_core import submit_bio
from webapp.kernel.fs.ext4.extents import block_of
from webapp.kernel.include.linux.bio import BIO_MAX_SEGMENTS, SECTORS_PER_PAGE, Bio, BioOp
from webapp.kernel.include.linux.page_flags import PG_error
from webapp.kernel.include.uapi.asm_generic.errno import EIO
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_errors import mapping_set_error
from webapp.kernel.mm.page_cache import unlock_page
from webapp.kernel.mm.page_writeback import end_page_writeback, set_page_writeback

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.writeback import WritebackControl
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/ext4/page-io.c"


@dataclass
class Ext4IoSubmit:
    """struct ext4_io_submit: the bio that is being filled, if any."""

    inode: Inode
    wbc: WritebackControl
    bio: Bio | None = None

    def brief(self) -> dict[str, str]:
        """What a stage shows of it."""
        return {"inode": self.inode.ref, "bio": self.bio.ref if self.bio else "none"}


@kernel_function
def ext4_bio_write_page(k: Machine, io: Ext4IoSubmit, page: Page, length: int) -> int:
    """Put a page under writeback, into a bio, and unlock it: others may read and even dirty it while it is written.

    ``length`` is what of it belongs to the file. The bytes behind the end of the file are zeroed: a program may have
    written there, but they are nobody's.
    """
    set_page_writeback(k, page)
    page.flags &= ~PG_error
    if length < PAGE_SIZE:
        k.ram.frame(page.pfn)[length:] = bytes(PAGE_SIZE - length)
    io_submit_add_bh(k, io, page)
    unlock_page(k, page)
    return 0


@kernel_function(inlined=True)
def io_submit_add_bh(k: Machine, io: Ext4IoSubmit, page: Page) -> None:
    """Add the page to the bio if its block follows the last one's; otherwise submit that bio and begin another."""
    bio = io.bio
    sector = block_of(io.inode, page.index)
    assert sector is not None
    if bio is not None and (sector != bio.sector + bio.nr_sectors or segments(bio._pages) == BIO_MAX_SEGMENTS):
        ext4_io_submit(k, io)
        bio = None
    if bio is None:
        bio = io_submit_init_bio(k, io, page, sector)
    bio._pages.append(page)
    bio.pages = [bio.pages[0], page.index]
    bio.nr_sectors = len(bio._pages) * SECTORS_PER_PAGE


def segments(pages: list[Page]) -> int:
    """How many pieces of memory these pages are: neighbouring frames are one."""
    return sum(i == 0 or page.pfn != pages[i - 1].pfn + 1 for i, page in enumerate(pages))


@kernel_function(inlined=True)
def io_submit_init_bio(k: Machine, io: Ext4IoSubmit, page: Page, sector: int) -> Bio:
    """An empty write request that begins at the page's block."""
    op: BioOp = "WS" if io.wbc.sync_mode == "WB_SYNC_ALL" else "W"
    io.bio = Bio(
        k.journal, op=op, inode=io.inode, sector=sector, nr_sectors=0, pages=[page.index, page.index],
        submitted=k.now,
    )  # fmt: skip
    return io.bio


@kernel_function
def ext4_io_submit(k: Machine, io: Ext4IoSubmit) -> None:
    """Send off the bio that was being filled. It is marked synchronous when somebody waits for it."""
    bio, io.bio = io.bio, None
    if bio is not None:
        submit_bio(k, bio, ext4_end_bio)


@kernel_function
def ext4_end_bio(k: Machine, bio: Bio) -> None:
    """The disk has taken the data, or could not: the interrupt at the end of a write.

    An error is noted with the file (mapping_set_error), for whoever calls fsync. Nobody else is told: the task that
    wrote to the page may have ended long ago.
    """
    failed = bio.bi_status != "BLK_STS_OK"
    k.stage(
        "io-done",
        f"{bio.op} sector {bio.sector} + {bio.nr_sectors} {'ends with an I/O error' if failed else 'is done'}: "
        f"pages {bio.pages[0]}-{bio.pages[1]}",
        bio=bio.ref,
    )
    if failed:
        mapping_set_error(k, bio.inode.mapping, -EIO)
    ext4_finish_bio(k, bio)


@kernel_function
def ext4_finish_bio(k: Machine, bio: Bio) -> None:
    """End the writeback of each page of the bio.

    Also after an error the page is clean, although the disk does not have it: the kernel does not try again, and the
    change is lost when the page leaves memory. PG_error says so only until somebody waits for the page.
    """
    for page in bio._pages:
        if bio.bi_status != "BLK_STS_OK":
            page.flags |= PG_error
            mapping_set_error(k, bio.inode.mapping, -EIO)
        end_page_writeback(k, page)
