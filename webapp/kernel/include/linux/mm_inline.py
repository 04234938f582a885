"""Putting a page on an LRU list and taking it off.  Linux 5.10: include/linux/mm_inline.h

The head of a list is its newest end. Reclaim looks at the tail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.memcontrol import MEMCG_CHARGE_BATCH, MEMORY_STAT, mod_memcg_state
from webapp.kernel.include.linux.page_flags import PG_active, PG_mlocked, PG_swapbacked, PG_unevictable

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.mmzone import Lru, LruList
    from webapp.kernel.machine import Machine


def page_is_file_lru(page: Page) -> bool:
    """Whether the page could go without a swap area: pages of files, and lazily freed ones."""
    return not page.flags & PG_swapbacked


def page_lru(page: Page) -> LruList:
    """The list for a page. Memory that only a swap area could hold is kept apart from pages of files."""
    if page.flags & PG_unevictable:
        return "unevictable"
    if page.flags & PG_swapbacked:
        return "active_anon" if page.flags & PG_active else "inactive_anon"
    return "active_file" if page.flags & PG_active else "inactive_file"


def page_evictable(page: Page) -> bool:
    """Whether reclaim may think of it at all: not if somebody has locked it in memory."""
    return not page.flags & PG_mlocked


def add_page_to_lru_list(k: Machine, page: Page) -> None:
    """Put the page at the head of its list."""
    lru = k.lru
    lru._newest += 1
    page.lru_pos = lru._newest
    lru._lists[_enter(lru, page)][page] = None


def add_page_to_lru_list_tail(k: Machine, page: Page) -> None:
    """Put the page at the tail: it is the next that reclaim will look at."""
    lru = k.lru
    lru._oldest -= 1
    page.lru_pos = lru._oldest
    pages = lru._lists[_enter(lru, page)]
    pages[page] = None
    pages.move_to_end(page, last=False)


def _enter(lru: Lru, page: Page) -> LruList:
    name = page_lru(page)
    page.lru = name
    setattr(lru, name, getattr(lru, name) + 1)
    mod_lruvec_state(lru, name, 1)
    return name


def del_page_from_lru_list(k: Machine, page: Page) -> None:
    """Take the page off the list that it is on."""
    assert page.lru is not None
    mod_lruvec_state(k.lru, page.lru, -1)
    isolate_from_lru_list(k, page)


def isolate_from_lru_list(k: Machine, page: Page) -> None:
    """The same without telling the statistics, for those who take many pages and tell it once."""
    lru, name = k.lru, page.lru
    assert name is not None
    del lru._lists[name][page]  # type: ignore[index]  # "pagevec" and "isolated" are no lists
    setattr(lru, name, getattr(lru, name) - 1)
    page.lru = None


def mod_lruvec_state(lru: Lru, item: str, pages: int) -> None:
    """Count in the statistics of the lruvec: each CPU keeps changes to itself until they are more than 32 pages.

    So decisions that rest on `lruvec_page_state` rest on figures that may be off by as much. (mm/memcontrol.c)
    """
    if item in MEMORY_STAT:
        mod_memcg_state(lru._memcg, item, pages)
    pending = lru._pending[item] + pages
    if abs(pending) > MEMCG_CHARGE_BATCH:
        lru._state[item] += pending
        pending = 0
    lru._pending[item] = pending


def lruvec_page_state(lru: Lru, item: str) -> int:
    """What the statistics say: the truth of a moment ago."""
    return max(lru._state[item], 0)
