"""The block layer: where a request leaves for the disk.

Linux 5.10: block/blk-core.c.  Not modelled: merging, plugging, I/O schedulers, limits per group.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.bio import Bio
    from webapp.kernel.machine import Machine

LINUX_FILE = "block/blk-core.c"


@kernel_function
def submit_bio(k: Machine, bio: Bio, end_io: Callable[[Machine, Bio], None]) -> None:
    """Queue one request and return: nobody waits here. ``end_io`` runs in the interrupt when the disk is done.

    A request tagged RA is readahead, which a busy device may drop. A flush has no sectors.
    """
    if bio.writes:
        k.vmstat.pgpgout += bio.nr_sectors // 2
    else:
        k.vmstat.pgpgin += bio.nr_sectors // 2
    k.disk.submit(k, bio, lambda: end_io(k, bio))
    k.stage(
        "submit-bio",
        f"queued {bio.op} sector {bio.sector} + {bio.nr_sectors}: pages {bio.pages[0]}-{bio.pages[1]}"
        if bio.nr_sectors
        else f"queued {bio.op}: the disk shall write its cache to the medium",
        bio=bio.ref, pages=bio.nr_pages,
    )  # fmt: skip
