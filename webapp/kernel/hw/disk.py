"""The disk: takes requests in order, one at a time, and interrupts when each is done.

It reads and writes memory by itself. What a write brings is on the medium when the request is done.

Pages can be bad (`BadPages`): a request that touches one ends with an error, takes its time, and changes nothing.

A request costs ``disk_request_us`` plus ``disk_page_us`` for every page, both machine settings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from webapp.kernel.hw.bad_pages import BadPages
from webapp.kernel.hw.medium import keep
from webapp.kernel.journal import Tracked

if TYPE_CHECKING:
    from webapp.kernel.include.linux.bio import Bio
    from webapp.kernel.machine import Machine


@dataclass(eq=False)
class Disk(Tracked):
    """``queued`` counts requests not yet done, ``reads`` and ``writes`` those done, sectors are of 512 B.

    ``read_error`` and ``write_error`` name the bad pages, such as "data.bin:5-7".
    """

    KIND: ClassVar[str] = "disk"
    SINGLE: ClassVar[bool] = True
    queued: int = 0
    reads: int = 0
    sectors_read: int = 0
    writes: int = 0
    sectors_written: int = 0
    read_error: str | None = None
    write_error: str | None = None
    _bad: tuple[BadPages, ...] = ()
    _queue: deque[tuple[Bio, Callable[[], None]]] = field(default_factory=deque)

    def submit(self, k: Machine, bio: Bio, done: Callable[[], None]) -> None:
        """Queue a request; ``done`` runs in interrupt context when it has been served."""
        self._queue.append((bio, done))
        self.queued += 1
        if len(self._queue) == 1:
            self._serve(k)

    def _serve(self, k: Machine) -> None:
        bio, _ = self._queue[0]
        settings = k.settings
        bio.state = "serving"
        bio.due = k.now + int(1000 * (settings.disk_request_us + bio.nr_pages * settings.disk_page_us))
        k.at(bio.due, lambda: self._done(k))

    def _done(self, k: Machine) -> None:
        bio, done = self._queue.popleft()
        bio.state = "done"
        self.queued -= 1
        if bio.nr_sectors and any(bad.hit(bio.writes, bio.inode.name, *bio.pages) for bad in self._bad):
            bio.bi_status = "BLK_STS_IOERR"
        elif bio.writes:
            self.writes += 1
            self.sectors_written += bio.nr_sectors
            for page in bio._pages:
                keep(bio.inode, page.index, bytes(k.ram.frame(page.pfn)))
        else:
            self.reads += 1
            self.sectors_read += bio.nr_sectors
        if self._queue:
            self._serve(k)
        done()
