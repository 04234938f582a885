"""One request to the block layer.  Linux 5.10: include/linux/blk_types.h"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from webapp.kernel.include.linux.fs import Inode
from webapp.kernel.include.linux.mm_types import Page
from webapp.kernel.journal import Tracked

BIO_MAX_SEGMENTS = 256
SECTORS_PER_PAGE = 8


@dataclass(eq=False)
class Bio(Tracked):
    """A read of neighbouring sectors (512 B) into pages. ``op`` is "RA" for readahead, "R" for a plain read.

    ``pages`` is [first, last] page index; ``submitted`` and ``due`` are virtual ns.
    """

    KIND: ClassVar[str] = "bio"
    op: Literal["RA", "R"]
    inode: Inode
    sector: int
    nr_sectors: int
    pages: list[int]
    state: Literal["queued", "serving", "done"] = "queued"
    submitted: int = 0
    due: int = 0
    _pages: list[Page] = field(default_factory=list)

    @property
    def nr_pages(self) -> int:
        """Pages that the data fills."""
        return len(self._pages)
