"""Reclaim at the end of one LRU list: take 32 pages off, look at them, put back those that stay.

    active list:    the oldest pages go to the inactive list, used or not (code that was used stays)
    inactive list:  the oldest pages are freed, get another round, or go to the active list

So a page has the whole length of the inactive list to be used a second time.

Linux 5.10: mm/vmscan.c.  Not modelled: several zones, pages of high orders.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING

from webapp.kernel.fs.fs_writeback import wakeup_flusher_threads
from webapp.kernel.include.linux.gfp import __GFP_FS, __GFP_IO
from webapp.kernel.include.linux.jiffies import HZ
from webapp.kernel.include.linux.mm import VM_EXEC
from webapp.kernel.include.linux.mm_inline import (
    add_page_to_lru_list,
    isolate_from_lru_list,
    mod_lruvec_state,
    page_evictable,
    page_is_file_lru,
)
from webapp.kernel.include.linux.page_flags import PG_active, PG_lru, PG_workingset
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.rmap_walk import page_referenced
from webapp.kernel.mm.scan_control import ReclaimStat, ScanControl, cgroup_reclaim, current_is_kswapd
from webapp.kernel.mm.swap import lru_add_drain, mark_isolated, put_page, putback_lru_page
from webapp.kernel.mm.vmscan_pages import shrink_page_list
from webapp.kernel.mm.workingset import lru_note_cost, workingset_age_nonresident
from webapp.kernel.sched.core import cond_resched
from webapp.kernel.time.timer import schedule_timeout

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.include.linux.mmzone import LruList
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/vmscan.c"


@kernel_function
def isolate_lru_pages(k: Machine, nr_to_scan: int, sc: ScanControl, lru: LruList) -> list[Page]:
    """Take up to ``nr_to_scan`` pages off the tail of a list, oldest first, with a reference to each.

    Now the lock of the lists can be let go while the pages are looked at. A page that is mapped is left where it is,
    if this reclaim must not unmap.
    """
    pages = k.lru._lists[lru]
    taken: list[Page] = []
    for page in list_tail(pages, nr_to_scan):
        if not sc.may_unmap and page.mapcount:
            pages.move_to_end(page)
            continue
        isolate_from_lru_list(k, page)
        mark_isolated(page)
        taken.append(page)
    mod_lruvec_state(k.lru, lru, -len(taken))
    count_isolated(k, lru in ("inactive_file", "active_file"), len(taken))
    k.stage("isolate", f"{len(taken)} pages are taken off the tail of the {lru.replace('_', ' ')} list", lru=lru)
    return taken


def list_tail(pages: OrderedDict[Page, None], number: int) -> list[Page]:
    """The oldest pages of a list."""
    return list(islice(pages, number))


def count_isolated(k: Machine, file: bool, pages: int) -> None:
    """So many more pages are between the lists."""
    if file:
        k.lru.isolated_file += pages
    else:
        k.lru.isolated_anon += pages


@kernel_function
def move_pages_to_lru(k: Machine, pages: list[Page]) -> int:
    """Put pages back, each at the head of its list; the number of pages. One whose last reference this was is freed."""
    nr_moved = 0
    for page in pages:
        if not page_evictable(page):
            putback_lru_page(k, page)
            continue
        page.flags |= PG_lru
        add_page_to_lru_list(k, page)
        if page.refcount > 1:
            nr_moved += 1
            if page.flags & PG_active:
                workingset_age_nonresident(k, 1)
        put_page(k, page)
    return nr_moved


@kernel_function
async def shrink_active_list(k: Machine, nr_to_scan: int, sc: ScanControl, lru: LruList) -> None:
    """Move the oldest active pages to the inactive list. Only a program's code that was used stays active.

    Having been used does not help other pages here: they get their chance on the inactive list. That they have been
    active is noted in PG_workingset, in case they are evicted and come back.
    """
    lru_add_drain(k)
    held = isolate_lru_pages(k, nr_to_scan, sc, lru)
    if not cgroup_reclaim(sc):
        k.vmstat.pgrefill += len(held)
    active, inactive = [], []
    await cond_resched()
    for page in held:
        if not page_evictable(page):
            putback_lru_page(k, page)
            continue
        referenced, vm_flags = page_referenced(k, page, False, sc.target_mem_cgroup)
        if referenced and vm_flags & VM_EXEC and page_is_file_lru(page):
            active.append(page)
            continue
        page.flags = page.flags & ~PG_active | PG_workingset
        inactive.append(page)
    nr_activate, nr_deactivate = move_pages_to_lru(k, active), move_pages_to_lru(k, inactive)
    count_isolated(k, lru == "active_file", -len(held))
    k.vmstat.pgdeactivate += nr_deactivate
    k.stage("deactivate", f"{nr_deactivate} pages are inactive now, {nr_activate} stay active", pages=nr_deactivate)


@kernel_function
async def shrink_inactive_list(k: Machine, nr_to_scan: int, sc: ScanControl, lru: LruList) -> int:
    """Try to free the oldest inactive pages; may sleep. The number freed."""
    if not await not_too_many_isolated(k, sc, lru):
        return 0
    lru_add_drain(k)
    page_list = isolate_lru_pages(k, nr_to_scan, sc, lru)
    nr_taken, file = len(page_list), lru == "inactive_file"
    count_scan(k, sc, nr_taken, file)
    if not nr_taken:
        return 0
    stat = ReclaimStat(taken=nr_taken, file_taken=nr_taken if file else 0)
    nr_reclaimed = await shrink_page_list(k, page_list, sc, stat, False)
    move_pages_to_lru(k, page_list)
    count_isolated(k, file, -nr_taken)
    lru_note_cost(k, file, stat.pageout)
    count_steal(k, sc, nr_reclaimed, file)
    if stat.unqueued_dirty == nr_taken:  # nothing but dirty pages, and nobody has begun to write them
        wakeup_flusher_threads(k, "vmscan")
    add_stat(sc.nr, stat)
    k.stage(
        "shrink", f"{nr_reclaimed} of {nr_taken} pages are freed", scanned=nr_taken, reclaimed=nr_reclaimed,
        priority=sc.priority,
    )  # fmt: skip
    return nr_reclaimed


def add_stat(total: ReclaimStat, stat: ReclaimStat) -> None:
    """Add what one list had to what this round over the node met."""
    for name in ("dirty", "congested", "unqueued_dirty", "writeback", "immediate", "taken", "file_taken"):
        setattr(total, name, getattr(total, name) + getattr(stat, name))


def count_scan(k: Machine, sc: ScanControl, pages: int, file: bool) -> None:
    """Count pages looked at: by whom, unless it was for a group, and of which kind."""
    stat = k.vmstat
    if current_is_kswapd(k):
        stat.pgscan_kswapd += pages
    elif not cgroup_reclaim(sc):
        stat.pgscan_direct += pages
    if file:
        stat.pgscan_file += pages
    else:
        stat.pgscan_anon += pages


def count_steal(k: Machine, sc: ScanControl, pages: int, file: bool) -> None:
    """Count pages freed, in the same way."""
    stat = k.vmstat
    if current_is_kswapd(k):
        stat.pgsteal_kswapd += pages
    elif not cgroup_reclaim(sc):
        stat.pgsteal_direct += pages
    if file:
        stat.pgsteal_file += pages
    else:
        stat.pgsteal_anon += pages


async def not_too_many_isolated(k: Machine, sc: ScanControl, lru: LruList) -> bool:
    """Before taking more pages off the lists: are as many off them already?  Then sleep for 100 ms, once."""
    if not too_many_isolated(k, sc, lru == "inactive_file"):
        return True
    k.current.state, k.current.waiting = "sleeping", "isolated pages"
    await schedule_timeout(k, HZ // 10)
    return not too_many_isolated(k, sc, lru == "inactive_file")


@kernel_function
def too_many_isolated(k: Machine, sc: ScanControl, file: bool) -> bool:
    """Whether others have taken more pages off the lists than are left; kswapd and groups are not held up."""
    if current_is_kswapd(k) or cgroup_reclaim(sc):
        return False
    inactive = k.lru.inactive_file if file else k.lru.inactive_anon
    isolated = k.lru.isolated_file if file else k.lru.isolated_anon
    if sc.gfp_mask & (__GFP_IO | __GFP_FS) == __GFP_IO | __GFP_FS:
        inactive >>= 3
    return isolated > inactive
