"""Who maps a page: counts kept when a PTE is set or cleared.

For pages of a file no list of PTEs is kept: the inode's i_mmap finds the VMAs when they are needed.

Linux 5.10: mm/rmap.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine


@kernel_function(leaf=True)
def page_add_file_rmap(k: Machine, page: Page) -> None:
    """One more PTE points at this page of the page cache."""
    page.mapcount += 1
    if page.mapcount == 1:
        k.vmstat.nr_mapped += 1


@kernel_function(leaf=True)
def page_remove_rmap(k: Machine, page: Page) -> None:
    """One PTE less points at the page. The page itself stays: the page cache holds it."""
    page.mapcount -= 1
    if page.mapcount == 0 and not page.anonymous:
        k.vmstat.nr_mapped -= 1
