"""The LRU lists: where pages wait between being read and being reclaimed.

Interface:
    * `lru_cache_add` for a new page: it waits in a per-CPU pagevec of 15 before it is put on a list in one go.
    * `lru_cache_add_inactive_or_unevictable` for a new anonymous page, which goes to lists of its own.
    * `mark_page_accessed` when a page was used: unreferenced -> referenced -> active.
    * `lru_add_drain` empties this CPU's pagevecs now.

Linux 5.10: mm/swap.c.  Not modelled yet: deactivation, reclaim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.page_flags import PG_active, PG_lru, PG_referenced, PG_swapbacked, PG_unevictable
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import mem_cgroup_uncharge
from webapp.kernel.mm.page_alloc import __free_pages

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea
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
    if len(lru._lru_add) + lru._others == PAGEVEC_SIZE:
        __pagevec_lru_add(k)


def lru_cache_add_other(k: Machine, pages: int = 1) -> None:
    """The same for pages that nobody looks at here: they only take places in the pagevec."""
    k.lru._others += pages
    if len(k.lru._lru_add) + k.lru._others >= PAGEVEC_SIZE:
        __pagevec_lru_add(k)


@kernel_function
def lru_cache_add_inactive_or_unevictable(k: Machine, page: Page, vma: VmArea) -> None:
    """Queue a new anonymous page. It starts inactive, like a page of a file."""
    lru_cache_add(k, page)


def __pagevec_lru_add(k: Machine) -> None:
    """Put every waiting page at the head of its list: active if it was marked so, else inactive."""
    lru = k.lru
    waiting, lru._lru_add, lru._others = lru._lru_add, [], 0
    for page in waiting:
        page.flags |= PG_lru
        _add_to_list(k, page)
        lru.pagevec -= 1
        put_page(k, page)


def _add_to_list(k: Machine, page: Page) -> None:
    lru = k.lru
    lru._newest += 1
    page.lru_pos = lru._newest
    page.lru = page_lru(page)
    setattr(lru, page.lru, getattr(lru, page.lru) + 1)


def _del_from_list(k: Machine, page: Page) -> None:
    assert page.lru is not None
    setattr(k.lru, page.lru, getattr(k.lru, page.lru) - 1)
    page.lru = None


def page_lru(page: Page) -> str:
    """The list for a page. Memory that only a swap area could hold is kept apart from pages of files."""
    kind = "anon" if page.flags & PG_swapbacked else "file"
    return f"{'active' if page.flags & PG_active else 'inactive'}_{kind}"


@kernel_function
def __activate_page(k: Machine, page: Page) -> None:
    """Move a page from the inactive to the head of the active list."""
    if page.flags & PG_lru and not page.flags & PG_active:
        _del_from_list(k, page)
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
    if k.lru._lru_add or k.lru._others:
        __pagevec_lru_add(k)
    if k.lru._activate_page:
        _drain_activations(k)


def put_page(k: Machine, page: Page) -> None:
    """Drop one reference; the last one frees the frame."""
    page.refcount -= 1
    if page.refcount == 0:
        if page.flags & PG_lru:
            page.flags &= ~PG_lru
            _del_from_list(k, page)
        mem_cgroup_uncharge(k, page)
        __free_pages(k, page)
