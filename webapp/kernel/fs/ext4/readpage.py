"""From pages to requests: where the blocks of a file lie, and one bio for neighbours.

Interface: the pages come locked and not up to date, and are unlocked when their read is done.

Linux 5.10: fs/ext4/readpage.c, fs/ext4/inode.c.  Not modelled: encryption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.block.blk_core import submit_bio
from webapp.kernel.fs.buffer import block_read_full_page
from webapp.kernel.fs.ext4.extents import block_of
from webapp.kernel.hw.medium import content
from webapp.kernel.include.linux.bio import BIO_MAX_SEGMENTS, SECTORS_PER_PAGE, Bio
from webapp.kernel.include.linux.page_flags import PG_error, PG_mappedtodisk, PG_uptodate
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_cache import unlock_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode, ReadaheadControl
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine


@kernel_function(file="fs/ext4/inode.c")
def ext4_readahead(k: Machine, rac: ReadaheadControl) -> None:
    """Read the batch of pages that readahead has put into the cache."""
    pages = [rac.mapping._pages[i] for i in range(rac.index, rac.index + rac.nr_pages)]
    ext4_mpage_readpages(k, rac.mapping.inode, pages, True)


@kernel_function(file="fs/ext4/inode.c")
def ext4_readpage(k: Machine, inode: Inode, page: Page) -> None:
    """Read one locked page that somebody needs now."""
    ext4_mpage_readpages(k, inode, [page], False)


@kernel_function
def ext4_mpage_readpages(k: Machine, inode: Inode, pages: list[Page], readahead: bool) -> None:
    """Map pages to disk blocks and collect neighbours into as few bios as possible.

    A page in a hole has no block. It is zeros, and ready at once.
    """
    op: Literal["RA", "R"] = "RA" if readahead else "R"
    mapped: list[tuple[Page, int]] = []
    for page in pages:
        sector = block_of(inode, page.index)
        if page._buffer_uptodate:
            block_read_full_page(k, page)
        elif sector is None:
            read_hole(k, inode, page)
        else:
            page.flags |= PG_mappedtodisk
            mapped.append((page, sector))
    for batch, sector in bios_of(mapped):
        first = batch[0].index
        bio = Bio(
            k.journal,
            op=op,
            inode=inode,
            sector=sector,
            nr_sectors=len(batch) * SECTORS_PER_PAGE,
            pages=[first, batch[-1].index],
            submitted=k.now,
            _pages=batch,
        )
        submit_bio(k, bio, mpage_end_io)


def read_hole(k: Machine, inode: Inode, page: Page) -> None:
    """Fill a locked page with zeros and unlock it. (A part of ext4_mpage_readpages in Linux.)"""
    k.ram.frame(page.pfn)[:] = bytes(PAGE_SIZE)
    page.flags |= PG_uptodate
    k.stage("note", f"page {page.index} of {inode.name} has no block: it is zeros, and no disk is asked", page=page.ref)
    unlock_page(k, page)


def bios_of(pages: list[tuple[Page, int]]) -> list[tuple[list[Page], int]]:
    """Cut pages with their sectors into bios of neighbouring blocks, each with the sector that it begins at.

    A bio has at most 256 memory segments, and adjoining frames share one.
    """
    bios: list[tuple[list[Page], int]] = []
    segments, following = 0, -1
    before: Page | None = None
    for page, sector in pages:
        adjoining = before is not None and page.pfn == before.pfn + 1 and sector == following
        if sector != following or (not adjoining and segments == BIO_MAX_SEGMENTS):
            bios.append(([], sector))
            segments = 0
        segments += not adjoining
        bios[-1][0].append(page)
        before, following = page, sector + SECTORS_PER_PAGE
    return bios


@kernel_function
def mpage_end_io(k: Machine, bio: Bio) -> None:
    """The read is done: its pages hold the file's bytes. Mark them up to date, unlock them, wake who waits.

    After an error none of the pages is up to date, not even those that are not bad: each will be read again, by itself,
    when it is needed.
    """
    failed = bio.bi_status != "BLK_STS_OK"
    for page in bio._pages:
        if failed:
            page.flags &= ~(PG_uptodate | PG_error)
        else:
            k.ram.frame(page.pfn)[:] = content(bio.inode, page.index)
            page.flags |= PG_uptodate
    k.stage(
        "io-done",
        f"{bio.op} sector {bio.sector} + {bio.nr_sectors} {'ends with an I/O error' if failed else 'is done'}: "
        f"pages {bio.pages[0]}-{bio.pages[1]}",
        bio=bio.ref,
    )
    for page in bio._pages:
        unlock_page(k, page)
