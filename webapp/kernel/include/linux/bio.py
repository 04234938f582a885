"""One request to the block layer.  Linux 5.10: include/linux/blk_types.h"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from webapp.kernel.include.linux.fs import Inode
from webapp.kernel.include.linux.mm_types import Page
from webapp.kernel.journal import Tracked

BioOp = Literal["RA", "R", "W", "WS", "FWS"]

BIO_MAX_SEGMENTS = 256
SECTORS_PER_PAGE = 8


@dataclass(eq=False)
class Bio(Tracked):
    """A read or write of neighbouring sectors (512 B). ``pages`` is [first, last] page index of the file.

    ``op`` is what block tracing prints: "RA" readahead, "R" a plain read, "W" a write, "WS" a write that somebody
    waits for, "FWS" a flush: no data, but the disk must write its own cache to the medium. ``submitted`` and
    ``due`` are virtual ns; ``bi_status`` says whether the disk could do it.
    """

    KIND: ClassVar[str] = "bio"
    op: BioOp
    inode: Inode
    sector: int
    nr_sectors: int
    pages: list[int]
    state: Literal["queued", "serving", "done"] = "queued"
    submitted: int = 0
    due: int = 0
    bi_status: Literal["BLK_STS_OK", "BLK_STS_IOERR"] = "BLK_STS_OK"
    _pages: list[Page] = field(default_factory=list)

    @property
    def nr_pages(self) -> int:
        """Pages that the data fills."""
        return len(self._pages)

    @property
    def writes(self) -> bool:
        """Whether data goes to the disk."""
        return "W" in self.op
