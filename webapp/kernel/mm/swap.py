"""The LRU lists: where pages wait between being read and being reclaimed.

Interface:
    * `lru_cache_add` for a new page: it waits in a per-CPU pagevec of 15 before it is put on a list in one go.
    * `mark_page_accessed` when a page was used: unreferenced -> referenced -> active.
    * `lru_add_drain` empties this CPU's pagevecs now.

Linux 5.10: mm/swap.c.  Not modelled yet: lists of anonymous pages, deactivation, reclaim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.page_flags import PG_active, PG_lru, PG_referenced, PG_unevictable
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_alloc import __free_pages

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

PAGEVEC_SIZE = 15


@kernel_function(leaf=True)
def lru_cache_add(k: Machine, page: Page) -> None:
    """Queue a new page for the LRU. Until the pagevec is full and drained, the page is on no list."""
    lru = k.lru
    page.refcount += 1
    page.lru = "pagevec"
    lru._lru_add.append(page)
    lru.pagevec += 1
    if len(lru._lru_add) == PAGEVEC_SIZE:
        __pagevec_lru_add(k)


def __pagevec_lru_add(k: Machine) -> None:
    """Put every waiting page at the head of its list: active if it was marked so, else inactive."""
    lru = k.lru
    waiting, lru._lru_add = lru._lru_add, []
    for page in waiting:
        page.flags |= PG_lru
        _add_to_list(k, page)
        lru.pagevec -= 1
        put_page(k, page)


def _add_to_list(k: Machine, page: Page) -> None:
    lru = k.lru
    lru._newest += 1
    page.lru_pos = lru._newest
    if page.flags & PG_active:
        page.lru = "active_file"
        lru.active_file += 1
    else:
        page.lru = "inactive_file"
        lru.inactive_file += 1


@kernel_function
def __activate_page(k: Machine, page: Page) -> None:
    """Move a page from the inactive to the head of the active list."""
    if page.flags & PG_lru and not page.flags & PG_active:
        k.lru.inactive_file -= 1
        page.flags |= PG_active
        _add_to_list(k, page)
        k.vmstat.pgactivate += 1


@kernel_function(leaf=True)
def mark_page_accessed(k: Machine, page: Page) -> None:
    """Somebody used the page: give it its first, then its second chance.

    An unreferenced page becomes referenced. A referenced, inactive one is queued for the active list and becomes
    unreferenced; it moves when the pagevec that collects such pages is drained.
    """
    lru = k.lru
    if not page.flags & PG_referenced:
        page.flags |= PG_referenced
    elif page.flags & (PG_active | PG_unevictable):
        return
    else:
        if page.flags & PG_lru:
            page.refcount += 1
            lru._activate_page.append(page)
            if len(lru._activate_page) == PAGEVEC_SIZE:
                _drain_activations(k)
        elif page in lru._lru_add:
            page.flags |= PG_active
        page.flags &= ~PG_referenced


def _drain_activations(k: Machine) -> None:
    waiting, k.lru._activate_page = k.lru._activate_page, []
    for page in waiting:
        __activate_page(k, page)
        put_page(k, page)


@kernel_function
def lru_add_drain(k: Machine) -> None:
    """Empty this CPU's pagevecs, so that lists and reference counts are exact."""
    if k.lru._lru_add:
        __pagevec_lru_add(k)
    if k.lru._activate_page:
        _drain_activations(k)


def put_page(k: Machine, page: Page) -> None:
    """Drop one reference; the last one frees the frame."""
    page.refcount -= 1
    if page.refcount == 0:
        __free_pages(k, page)
