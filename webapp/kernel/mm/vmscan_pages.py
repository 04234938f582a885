"""What becomes of each page that reclaim has taken off a list: freed, kept for another round, or activated.

Interface: `shrink_page_list` takes isolated pages and frees those that it can. What it leaves goes back to the lists.

Linux 5.10: mm/vmscan.c.  Not modelled: swapping out (this machine has no swap area, so anonymous pages stay), huge
pages, congested disks.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from webapp.kernel.fs.buffer import try_to_release_page
from webapp.kernel.include.linux.gfp import __GFP_FS, __GFP_IO
from webapp.kernel.include.linux.mm import VM_EXEC, VM_LOCKED
from webapp.kernel.include.linux.mm_inline import page_evictable, page_is_file_lru
from webapp.kernel.include.linux.page_flags import (
    PG_active,
    PG_dirty,
    PG_mlocked,
    PG_private,
    PG_reclaim,
    PG_referenced,
    PG_swapbacked,
    PG_writeback,
)
from webapp.kernel.include.linux.writeback import WritebackControl
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.page_cache import __delete_from_page_cache, trylock_page, unlock_page
from webapp.kernel.mm.page_writeback import clear_page_dirty_for_io, wait_on_page_writeback
from webapp.kernel.mm.rmap_walk import page_referenced, try_to_unmap
from webapp.kernel.mm.scan_control import SWAP_CLUSTER_MAX, ReclaimStat, ScanControl, cgroup_reclaim, current_is_kswapd
from webapp.kernel.mm.swap import put_page
from webapp.kernel.mm.workingset import workingset_eviction
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/vmscan.c"
LLONG_MAX = (1 << 63) - 1


class PageReferences(Enum):
    """enum page_references: what its use says about a page."""

    RECLAIM = "not used: it may go"
    RECLAIM_CLEAN = "used before, but not since: it may go if it is clean"
    KEEP = "used for the first time since the last look: it gets another round"
    ACTIVATE = "used again: it belongs to the active list"

    def brief(self) -> str:
        """What a stage shows of it."""
        return self.name


class Fate(Enum):
    """Where shrink_page_list's jumps lead: its labels keep_locked, activate_locked and free_it, and its loop."""

    KEEP = "kept"
    ACTIVATE = "activated"
    FREE = "freed"
    AGAIN = "looked at again"


Verdict = tuple[Fate, str]


@kernel_function
async def shrink_page_list(
    k: Machine, page_list: list[Page], sc: ScanControl, stat: ReclaimStat, ignore_references: bool
) -> int:
    """Free what can be freed of these pages, oldest first; may sleep. The number freed; the others stay in the list.

    Nobody else finds the pages through the LRU meanwhile, since they are on no list. Who finds them otherwise is kept
    off by the page lock, or seen in the reference count.
    """
    await cond_resched()
    todo, kept, nr_reclaimed = deque(page_list), [], 0
    while todo:
        page = todo.popleft()
        mapping = page.mapping
        if not trylock_page(page):
            told(k, page, mapping, Fate.KEEP, "somebody has locked it, most likely to read it")
            kept.append(page)
            continue
        sc.nr_scanned += 1
        fate, why = fate_of(k, page, sc, stat, ignore_references)
        if fate is Fate.ACTIVATE and not page.flags & PG_mlocked:
            page.flags |= PG_active
            stat.activate += 1
        unlock_page(k, page)
        told(k, page, mapping, fate, why)
        if fate is Fate.AGAIN:
            await wait_on_page_writeback(k, page)
            todo.appendleft(page)
        elif fate is Fate.FREE:
            nr_reclaimed += 1
            put_page(k, page)
        else:
            kept.append(page)
    page_list[:] = kept
    k.vmstat.pgactivate += stat.activate
    return nr_reclaimed


def told(k: Machine, page: Page, mapping: AddressSpace | None, fate: Fate, why: str) -> None:
    """Record what became of a page, and which one it was: ``mapping`` is its file's, from before it was freed."""
    if mapping is None:
        what = "an anonymous page" if page.anonymous else "a page that its file has lost"
        k.stage("reclaim", f"{what} is {fate.value}: {why}", page=page.ref, fate=fate.value)
        return
    whose = {"page": page.ref, "inode": mapping.inode.ref, "index": page.index}
    k.stage("reclaim", f"page {page.index} of {mapping.inode.name} is {fate.value}: {why}", **whose, fate=fate.value)


def fate_of(k: Machine, page: Page, sc: ScanControl, stat: ReclaimStat, ignore_references: bool) -> Verdict:
    """All the tests that a locked page has to pass on its way out, in Linux's order. (The loop of shrink_page_list.)"""
    if not page_evictable(page):
        return Fate.ACTIVATE, "it is locked in memory, and goes to the unevictable list"
    if not sc.may_unmap and page.mapcount:
        return Fate.KEEP, "it is mapped"
    count_dirty(page, stat)
    if page.flags & PG_writeback:
        return fate_under_writeback(k, page, sc, stat)
    references = PageReferences.RECLAIM if ignore_references else page_check_references(k, page, sc)
    if references is PageReferences.ACTIVATE:
        return Fate.ACTIVATE, references.value
    if references is PageReferences.KEEP:
        stat.ref_keep += 1
        return Fate.KEEP, references.value
    if page.anonymous and page.flags & PG_swapbacked:
        if not sc.gfp_mask & __GFP_IO:
            return Fate.KEEP, "swapping it out would need I/O, which is not allowed here"
        return Fate.ACTIVATE, "it could only be swapped out, and there is no swap area"
    if page.mapcount and not try_to_unmap(k, page):
        stat.unmap_fail += 1
        return Fate.ACTIVATE, "somebody who maps it needs it"
    if page.flags & PG_dirty:
        verdict = fate_of_dirty(k, page, sc, stat, references)
        if verdict is not None:
            return verdict
    if page.flags & PG_private and not try_to_release_page(k, page):
        return Fate.ACTIVATE, "its buffers are in use"
    return fate_of_clean(k, page, sc, references)


def fate_of_clean(k: Machine, page: Page, sc: ScanControl, references: PageReferences) -> Verdict:
    """Unmapped, clean, without buffers: take it out of the page cache, unless somebody else has a reference."""
    if page.anonymous:  # and lazily freed
        if page.refcount != 1:
            return Fate.KEEP, "somebody else has a reference to it"
        k.vmstat.pglazyfreed += 1
        return Fate.FREE, "the program does not need its content any more"
    mapping = page.mapping
    if mapping is None or not __remove_mapping(k, mapping, page, True, sc.target_mem_cgroup):
        return Fate.KEEP, "somebody else has a reference to it"
    return Fate.FREE, references.value


def count_dirty(page: Page, stat: ReclaimStat) -> None:
    """Count pages that only the disk can make free, and those of them that nobody has sent there yet."""
    if not page_is_file_lru(page):
        return
    dirty, writeback = page.flags & PG_dirty, page.flags & PG_writeback
    stat.dirty += bool(dirty or writeback)
    stat.unqueued_dirty += bool(dirty and not writeback)
    stat.congested += bool(writeback and page.flags & PG_reclaim)


def fate_under_writeback(k: Machine, page: Page, sc: ScanControl, stat: ReclaimStat) -> Verdict:
    """The page is being written. Waiting for it would make reclaim as slow as the disk, so mostly it is put aside.

    kswapd counts pages that come round again before they are written: then it is too fast for the disk. Whoever
    reclaims for a group waits at the second meeting, as nothing else slows down a group that dirties too much.
    """
    if current_is_kswapd(k) and page.flags & PG_reclaim and k.node.writeback:
        stat.immediate += 1
        return Fate.ACTIVATE, "it has come round again while it is being written"
    if not cgroup_reclaim(sc) or not page.flags & PG_reclaim or not sc.gfp_mask & __GFP_FS:
        page.flags |= PG_reclaim
        stat.writeback += 1
        return Fate.ACTIVATE, "it is being written; when that is done it is first in line"
    return Fate.AGAIN, "it is still being written: wait for that"


def fate_of_dirty(
    k: Machine, page: Page, sc: ScanControl, stat: ReclaimStat, references: PageReferences
) -> Verdict | None:
    """The page has to be written before it can go. None: it is clean now, go on.

    Writing single pages in the order of the LRU is the worst that one can do to a disk. So a dirty page of a file is
    put aside until the flusher has written it, and only kswapd, meeting nothing but dirty pages, writes by itself.
    """
    if page_is_file_lru(page) and not (current_is_kswapd(k) and page.flags & PG_reclaim and k.node.dirty):
        k.vmstat.nr_vmscan_immediate_reclaim += 1
        page.flags |= PG_reclaim
        return Fate.ACTIVATE, "it is dirty: the flusher has to write it first"
    if references is PageReferences.RECLAIM_CLEAN:
        return Fate.KEEP, "it is dirty, and was used"
    if not sc.gfp_mask & __GFP_FS or not sc.may_writepage:
        return Fate.KEEP, "it is dirty, and this reclaim must not write"
    return pageout(k, page, stat)


@kernel_function(inlined=True)
def pageout(k: Machine, page: Page, stat: ReclaimStat) -> Verdict | None:
    """Have the file system write one dirty page, if nobody else has a reference to it. None: it is clean already.

    The page comes back locked.
    """
    mapping = page.mapping
    if page.refcount - bool(page.flags & PG_private) != 2:
        return Fate.KEEP, "it is dirty, and somebody else has a reference to it"
    if mapping is None or mapping._a_ops is None or mapping._a_ops.writepage is None:
        return Fate.ACTIVATE, "it is dirty, and nothing can write it"
    if not clear_page_dirty_for_io(k, page):
        return None
    page.flags |= PG_reclaim
    mapping._a_ops.writepage(k, page, WritebackControl("WB_SYNC_NONE", 0, LLONG_MAX, SWAP_CLUSTER_MAX))
    if not page.flags & PG_writeback:
        page.flags &= ~PG_reclaim
    k.vmstat.nr_vmscan_write += 1
    stat.pageout += 1
    trylock_page(page)
    if page.flags & (PG_writeback | PG_dirty):
        return Fate.KEEP, "it is being written now"
    return None


@kernel_function(inlined=True)
def page_check_references(k: Machine, page: Page, sc: ScanControl) -> PageReferences:
    """Was the page used?  The PTEs say so, young or old, and PG_referenced says what was found the last time.

    One use is forgiven: a page that is read once is young when it comes to the end of the list, and would otherwise
    never go. So the first time only PG_referenced is set. A page that is found young again then, or in two mappings
    at once, or that is a program's code, has earned its place.
    """
    referenced_ptes, vm_flags = page_referenced(k, page, True, sc.target_mem_cgroup)
    referenced_page = page.flags & PG_referenced
    page.flags &= ~PG_referenced
    if vm_flags & VM_LOCKED:
        return PageReferences.RECLAIM  # try_to_unmap will find out, and mark the page
    if referenced_ptes:
        page.flags |= PG_referenced
        if referenced_page or referenced_ptes > 1:
            return PageReferences.ACTIVATE
        if vm_flags & VM_EXEC and not page.flags & PG_swapbacked:
            return PageReferences.ACTIVATE
        return PageReferences.KEEP
    if referenced_page and not page.flags & PG_swapbacked:
        return PageReferences.RECLAIM_CLEAN
    return PageReferences.RECLAIM


@kernel_function
def __remove_mapping(
    k: Machine, mapping: AddressSpace, page: Page, reclaimed: bool, target_memcg: MemCgroup | None
) -> bool:
    """Take a clean page out of its file's cache; false if anybody else still uses it. A reclaimed one leaves a shadow.

    Exactly two references may be left: the cache's, and that of who isolated the page. One more, and somebody has
    just looked the page up.
    """
    if page.refcount != 2 or page.flags & PG_dirty:
        return False
    shadow = workingset_eviction(k, page, target_memcg) if reclaimed and page_is_file_lru(page) else None
    __delete_from_page_cache(k, page, shadow)
    put_page(k, page)
    return True
