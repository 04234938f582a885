"""The LRU lists: where pages wait between being read and being reclaimed.

Pages do not go on a list one by one, as the lists have a lock that every CPU wants. They wait in a pagevec of 15 until
it is full, or until somebody needs exact lists and drains it. Until then a page is where it was: a new one on no list.

Interface:
    * `lru_cache_add` for a new page, `lru_cache_add_inactive_or_unevictable` for a new anonymous one.
    * `mark_page_accessed` when a page was used: unreferenced -> referenced -> active.
    * `deactivate_file_page`, `deactivate_page`, `mark_page_lazyfree`, `rotate_reclaimable_page`: it may go sooner.
    * `lru_add_drain` empties this CPU's pagevecs now.

Linux 5.10: mm/swap.c
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from webapp.kernel.include.linux.mm import VM_LOCKED, VM_SPECIAL
from webapp.kernel.include.linux.mm_inline import (
    add_page_to_lru_list,
    add_page_to_lru_list_tail,
    del_page_from_lru_list,
    page_evictable,
)
from webapp.kernel.include.linux.page_flags import (
    PG_active,
    PG_dirty,
    PG_locked,
    PG_lru,
    PG_mlocked,
    PG_reclaim,
    PG_referenced,
    PG_swapbacked,
    PG_unevictable,
    PG_writeback,
)
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_alloc import __free_pages
from webapp.kernel.mm.workingset import workingset_activation, workingset_age_nonresident

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.machine import Machine

PAGEVEC_SIZE = 15
Mover = Callable[["Machine", "Page"], None]


# New pages.


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


def lru_cache_add_other(k: Machine) -> None:
    """The same for a block of the disk's inode table, which nobody looks at here: it only takes a place in the pagevec.

    It is used twice as soon as it is read, so it starts active. Recordings show that two activations count by then.
    """
    k.lru._others += 1
    workingset_age_nonresident(k, 2)
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
    add_page_to_lru_list(k, page)


def isolate_lru_page(k: Machine, page: Page) -> None:
    """Take one page off its list, with a reference. (mm/vmscan.c)"""
    del_page_from_lru_list(k, page)
    mark_isolated(page)


def mark_isolated(page: Page) -> None:
    """The page is on no list, and whoever took it off has a reference."""
    page.flags &= ~PG_lru
    page.refcount += 1
    page.lru = "isolated"


def putback_lru_page(k: Machine, page: Page) -> None:
    """A page that was isolated goes back to the LRU, through the pagevec like a new one. (mm/vmscan.c)"""
    lru_cache_add(k, page)
    put_page(k, page)


# Used pages.


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
            queue(k, lru._activate_page, page, __activate_page)
        elif page in lru._lru_add:
            page.flags |= PG_active
        page.flags &= ~PG_referenced
        workingset_activation(k, page)


@kernel_function
def __activate_page(k: Machine, page: Page) -> None:
    """Move a page from the inactive to the head of the active list."""
    if page.flags & PG_lru and not page.flags & (PG_active | PG_unevictable):
        del_page_from_lru_list(k, page)
        page.flags |= PG_active
        add_page_to_lru_list(k, page)
        k.vmstat.pgactivate += 1


# Pages that may go sooner.


@kernel_function
def deactivate_file_page(k: Machine, page: Page) -> None:
    """Nobody wants this page of a file any more, but it could not be dropped: let it be the next to go."""
    if not page.flags & PG_unevictable:
        queue(k, k.lru._lru_deactivate_file, page, lru_deactivate_file_fn)


def lru_deactivate_file_fn(k: Machine, page: Page) -> None:
    """To the tail of the inactive list, if it is clean. A dirty one is written first; PG_reclaim moves it then."""
    if not page.flags & PG_lru or page.flags & PG_unevictable or page.mapcount:
        return
    active = page.flags & PG_active
    del_page_from_lru_list(k, page)
    page.flags &= ~(PG_active | PG_referenced)
    if page.flags & (PG_writeback | PG_dirty):
        add_page_to_lru_list(k, page)
        page.flags |= PG_reclaim
    else:
        add_page_to_lru_list_tail(k, page)
        k.vmstat.pgrotated += 1
    if active:
        k.vmstat.pgdeactivate += 1


@kernel_function
def deactivate_page(k: Machine, page: Page) -> None:
    """MADV_COLD: an active page loses its privilege."""
    if page.flags & PG_lru and page.flags & PG_active and not page.flags & PG_unevictable:
        queue(k, k.lru._lru_deactivate, page, lru_deactivate_fn)


def lru_deactivate_fn(k: Machine, page: Page) -> None:
    """To the head of the inactive list, as if it were new."""
    if page.flags & PG_lru and page.flags & PG_active and not page.flags & PG_unevictable:
        del_page_from_lru_list(k, page)
        page.flags &= ~(PG_active | PG_referenced)
        add_page_to_lru_list(k, page)
        k.vmstat.pgdeactivate += 1


@kernel_function
def mark_page_lazyfree(k: Machine, page: Page) -> None:
    """MADV_FREE: the program does not need the content of this anonymous page any more, if it stays unwritten."""
    if lazily_freeable(page):
        queue(k, k.lru._lru_lazyfree, page, lru_lazyfree_fn)


def lazily_freeable(page: Page) -> bool:
    """Whether this is an anonymous page on a list that may be reclaimed."""
    return bool(
        page.flags & PG_lru and page.anonymous and page.flags & PG_swapbacked and not page.flags & PG_unevictable
    )


def lru_lazyfree_fn(k: Machine, page: Page) -> None:
    """To the inactive list of file pages: without PG_swapbacked it can be dropped like a clean page of a file."""
    if lazily_freeable(page):
        del_page_from_lru_list(k, page)
        page.flags &= ~(PG_active | PG_referenced | PG_swapbacked)
        add_page_to_lru_list(k, page)
        k.vmstat.pglazyfree += 1


@kernel_function
def rotate_reclaimable_page(k: Machine, page: Page) -> None:
    """The write that reclaim waited for is done: to the tail with the page, where it is found at once."""
    if not page.flags & (PG_locked | PG_dirty | PG_unevictable) and page.flags & PG_lru:
        queue(k, k.lru._lru_rotate, page, pagevec_move_tail_fn)


def pagevec_move_tail_fn(k: Machine, page: Page) -> None:
    """To the tail of the inactive list."""
    if page.flags & PG_lru and not page.flags & PG_unevictable:
        del_page_from_lru_list(k, page)
        page.flags &= ~PG_active
        add_page_to_lru_list_tail(k, page)
        k.vmstat.pgrotated += 1


# Pagevecs.


def queue(k: Machine, pagevec: list[Page], page: Page, move: Mover) -> None:
    """Let the page wait in a pagevec, with a reference; the fifteenth drains it."""
    page.refcount += 1
    pagevec.append(page)
    if len(pagevec) == PAGEVEC_SIZE:
        pagevec_lru_move_fn(k, pagevec, move)


def pagevec_lru_move_fn(k: Machine, pagevec: list[Page], move: Mover) -> None:
    """Move every page that waits. What has changed about it meanwhile is for ``move`` to see."""
    waiting = list(pagevec)
    pagevec.clear()
    for page in waiting:
        move(k, page)
        put_page(k, page)


@kernel_function
def lru_add_drain(k: Machine) -> None:
    """Empty this CPU's pagevecs, so that lists and reference counts are exact."""
    lru = k.lru
    if lru._lru_add or lru._others:
        __pagevec_lru_add(k)
    for pagevec, move in (
        (lru._lru_rotate, pagevec_move_tail_fn),
        (lru._lru_deactivate_file, lru_deactivate_file_fn),
        (lru._lru_deactivate, lru_deactivate_fn),
        (lru._lru_lazyfree, lru_lazyfree_fn),
        (lru._activate_page, __activate_page),
    ):
        if pagevec:
            pagevec_lru_move_fn(k, pagevec, move)


def put_page(k: Machine, page: Page) -> None:
    """Drop one reference; the last one frees the frame."""
    page.refcount -= 1
    if page.refcount == 0:
        if page.flags & PG_lru:
            page.flags &= ~PG_lru
            del_page_from_lru_list(k, page)
        __free_pages(k, page)
