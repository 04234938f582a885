"""One page that must stay: PG_mlocked, and the unevictable list.

A page in locked memory gets PG_mlocked when it is met: anonymous pages when they are made, pages of files when
mlock reads them in, and the rest when reclaim finds them. It then lies on a list of its own, so that reclaim need not
look at it again and again.

Linux 5.10: mm/mlock.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.page_flags import PG_lru, PG_mlocked, PG_unevictable
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.swap import isolate_lru_page, putback_lru_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mlock.c"


@kernel_function
def mlock_vma_page(k: Machine, page: Page) -> None:
    """Mark a locked-in page, whose page lock is held. From its list it goes to the unevictable one, by the pagevec."""
    if page.flags & PG_mlocked:
        return
    page.flags |= PG_mlocked
    k.vmstat.nr_mlock += 1
    k.vmstat.unevictable_pgs_mlocked += 1
    if page.flags & PG_lru:
        isolate_lru_page(k, page)
        putback_lru_page(k, page)


@kernel_function
def clear_page_mlock(k: Machine, page: Page) -> None:
    """The last PTE of the page is gone: nobody has it locked any more, and it may be reclaimed like any other."""
    page.flags &= ~PG_mlocked
    k.vmstat.nr_mlock -= 1
    k.vmstat.unevictable_pgs_cleared += 1
    if page.flags & PG_lru:
        isolate_lru_page(k, page)
        putback_lru_page(k, page)
    elif page.flags & PG_unevictable:
        k.vmstat.unevictable_pgs_stranded += 1
