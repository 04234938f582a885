"""The LRU lists: where pages wait between being read and being reclaimed.

Interface:
    * `lru_cache_add` for a new page: it waits in a per-CPU pagevec of 15 before it is put on a list in one go.
    * `lru_cache_add_inactive_or_unevictable` for a new anonymous page, which goes to lists of its own.
    * `mark_page_accessed` when a page was used: unreferenced -> referenced -> active.
    * `deactivate_page`, `mark_page_lazyfree`: it may go sooner.
    * `lru_add_drain` empties this CPU's pagevecs now.

Linux 5.10: mm/swap.c.  Not modelled yet: reclaim.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from webapp.kernel.include.linux.mm import VM_LOCKED, VM_SPECIAL
from webapp.kernel.include.linux.page_flags import (
    PG_active,
    PG_lru,
    PG_mlocked,
    PG_referenced,
    PG_swapbacked,
    PG_unevictable,
)
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import mem_cgroup_uncharge
from webapp.kernel.mm.page_alloc import __free_pages

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.machine import Machine

PAGEVEC_SIZE = 15
Mover = Callable[["Machine", "Page"], None]


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
    """Queue a new anonymous page. It starts inactive, like a page of a file; locked memory is never reclaimed."""
    if vma.vm_flags & (VM_LOCKED | VM_SPECIAL) == VM_LOCKED and not page.flags & PG_mlocked:
        page.flags |= PG_mlocked
        k.vmstat.nr_mlock += 1
        k.vmstat.unevictable_pgs_mlocked += 1
    lru_cache_add(k, page)


def __pagevec_lru_add(k: Machine) -> None:
    """Put every waiting page at the head of its list: active if it was marked so, else inactive."""
    lru = k.lru
    waiting, lru._lru_add, lru._others = lru._lru_add, [], 0
    for page in waiting:
        lru.pagevec -= 1
        __pagevec_lru_add_fn(k, page)
        put_page(k, page)


def __pagevec_lru_add_fn(k: Machine, page: Page) -> None:
    """Put one page on its list. Whether it may be reclaimed at all is decided here, once."""
    was_unevictable = page.flags & PG_unevictable
    page.flags = page.flags & ~PG_unevictable | PG_lru
    if page_evictable(page):
        k.vmstat.unevictable_pgs_rescued += bool(was_unevictable)
    else:
        page.flags = page.flags & ~PG_active | PG_unevictable
        k.vmstat.unevictable_pgs_culled += not was_unevictable
    _add_to_list(k, page)


def page_evictable(page: Page) -> bool:
    """Whether reclaim may take the page: not if it is locked in memory."""
    return not page.flags & PG_mlocked


def isolate_lru_page(k: Machine, page: Page) -> None:
    """Take one page off its list, with a reference. (mm/vmscan.c)"""
    _del_from_list(k, page)
    page.flags &= ~PG_lru
    page.refcount += 1


def putback_lru_page(k: Machine, page: Page) -> None:
    """A page that was isolated goes back to the LRU, through the pagevec like a new one. (mm/vmscan.c)"""
    lru_cache_add(k, page)
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
    if page.flags & PG_unevictable:
        return "unevictable"
    kind = "anon" if page.flags & PG_swapbacked else "file"
    return f"{'active' if page.flags & PG_active else 'inactive'}_{kind}"


@kernel_function
def __activate_page(k: Machine, page: Page) -> None:
    """Move a page from the inactive to the head of the active list."""
    if page.flags & PG_lru and not page.flags & (PG_active | PG_unevictable):
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


@kernel_function
def deactivate_page(k: Machine, page: Page) -> None:
    """MADV_COLD: an active page loses its privilege."""
    if page.flags & PG_lru and page.flags & PG_active and not page.flags & PG_unevictable:
        _queue(k, k.lru._lru_deactivate, page, lru_deactivate_fn)


def lru_deactivate_fn(k: Machine, page: Page) -> None:
    """To the head of the inactive list, as if it were new."""
    if page.flags & PG_lru and page.flags & PG_active and not page.flags & PG_unevictable:
        _del_from_list(k, page)
        page.flags &= ~(PG_active | PG_referenced)
        _add_to_list(k, page)
        k.vmstat.pgdeactivate += 1


@kernel_function
def mark_page_lazyfree(k: Machine, page: Page) -> None:
    """MADV_FREE: the program does not need the content of this anonymous page any more, if it stays unwritten."""
    if lazily_freeable(page):
        _queue(k, k.lru._lru_lazyfree, page, lru_lazyfree_fn)


def lazily_freeable(page: Page) -> bool:
    """Whether this is an anonymous page on a list that may be reclaimed."""
    return bool(
        page.flags & PG_lru and page.anonymous and page.flags & PG_swapbacked and not page.flags & PG_unevictable
    )


def lru_lazyfree_fn(k: Machine, page: Page) -> None:
    """To the inactive list of file pages: without PG_swapbacked it can be dropped like a clean page of a file."""
    if lazily_freeable(page):
        _del_from_list(k, page)
        page.flags &= ~(PG_active | PG_referenced | PG_swapbacked)
        _add_to_list(k, page)
        k.vmstat.pglazyfree += 1


def _queue(k: Machine, pagevec: list[Page], page: Page, move: Mover) -> None:
    """Let the page wait in a pagevec, with a reference; the fifteenth drains it."""
    page.refcount += 1
    pagevec.append(page)
    if len(pagevec) == PAGEVEC_SIZE:
        _drain(k, pagevec, move)


def _drain(k: Machine, pagevec: list[Page], move: Mover) -> None:
    waiting = list(pagevec)
    pagevec.clear()
    for page in waiting:
        move(k, page)
        put_page(k, page)


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
    _drain(k, k.lru._lru_deactivate, lru_deactivate_fn)
    _drain(k, k.lru._lru_lazyfree, lru_lazyfree_fn)
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
