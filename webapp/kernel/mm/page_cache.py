"""The page cache itself: pages of files in memory, found by (file, page index).

Interface:
    * `find_get_entry` looks a page up and takes a reference for the caller; `put_page` gives it back.
    * A page that is being read is locked and not up to date. `lock_page` sleeps until it is unlocked.
    * `unlock_page` is called by whoever locked it, usually the interrupt at the end of the read.
    * `delete_from_page_cache` takes a locked page out; the cache's own reference goes with it.

Linux 5.10: mm/filemap.c (the index is an XArray of 64-slot nodes there).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.include.linux.gfp import __GFP_WRITE
from webapp.kernel.include.linux.memcontrol import mod_memcg_state
from webapp.kernel.include.linux.page_flags import PG_locked, PG_waiters
from webapp.kernel.include.uapi.asm_generic.errno import EEXIST
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import mem_cgroup_charge, mem_cgroup_uncharge
from webapp.kernel.mm.shadow_nodes import charge_node, workingset_update_node
from webapp.kernel.mm.swap import lru_cache_add, put_page
from webapp.kernel.mm.workingset import workingset_refault
from webapp.kernel.sched.core import io_schedule, try_to_wake_up

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.gfp import gfp_t
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/filemap.c"


def pages_in(size: int) -> int:
    """How many pages ``size`` bytes touch."""
    return (size + PAGE_SIZE - 1) >> PAGE_SHIFT


@kernel_function
def find_get_entry(k: Machine, mapping: AddressSpace, offset: int) -> Page | None:
    """Look page ``offset`` of a file up in its page cache; the caller gets a reference."""
    page = mapping._pages.get(offset)
    if page is None:
        k.stage("lookup", f"page {offset} of {mapping.inode.name} is not cached", index=offset, found=False)
        return None
    page.refcount += 1
    k.stage("lookup", f"page {offset} of {mapping.inode.name} is cached: {page.ref}", index=offset, page=page.ref)
    return page


def page_is_cached(mapping: AddressSpace, offset: int) -> bool:
    """Whether the index holds a page there; takes no reference (xa_load)."""
    return offset in mapping._pages


@kernel_function(leaf=True)
async def add_to_page_cache_lru(k: Machine, page: Page, mapping: AddressSpace, offset: int, gfp_mask: gfp_t) -> int:
    """Insert a new page, locked and without content, and queue it for the LRU; may sleep. 0, -EEXIST or -ENOMEM.

    From now on others find the page and wait for its lock, so that nobody reads the same block twice. Somebody may
    have been faster while its charge was waited for.
    """
    error = await __add_to_page_cache_locked(k, page, mapping, offset, gfp_mask)
    if error:
        return error
    k.stage("add-to-cache", f"page {offset} of {mapping.inode.name} is in the page cache, locked, empty", index=offset)
    lru_cache_add(k, page)
    return 0


async def __add_to_page_cache_locked(
    k: Machine, page: Page, mapping: AddressSpace, offset: int, gfp_mask: gfp_t
) -> int:
    """Charge the page and put it into the index; may sleep. 0, -EEXIST or -ENOMEM."""
    error = await mem_cgroup_charge(k, page, gfp_mask) or await charge_node(k, mapping, offset, gfp_mask)
    if error:
        mem_cgroup_uncharge(k, page)
        return error
    if offset in mapping._pages:
        mem_cgroup_uncharge(k, page)
        return -EEXIST
    shadow = insert_page(k, page, mapping, offset)
    if shadow is not None and not gfp_mask & __GFP_WRITE:
        workingset_refault(k, page, shadow)
    return 0


def insert_page(k: Machine, page: Page, mapping: AddressSpace, offset: int) -> int | None:
    """Lock a page and put it into the index, with a reference for the cache; the shadow that was there, if any."""
    page.flags |= PG_locked
    page.mapping, page.index = mapping, offset
    page.refcount += 1
    shadow = mapping._shadows.pop(offset, None)
    mapping._pages[offset] = page
    mapping.note(offset, shadow, page.ref)
    if shadow is not None:
        mapping.nrexceptional -= 1
    mapping.nrpages += 1
    workingset_update_node(k, mapping, offset, 1, 0 if shadow is None else -1)
    k.vmstat.nr_file_pages += 1
    mod_memcg_state(page._memcg, "cache", 1)
    return shadow


@kernel_function
def delete_from_page_cache(k: Machine, page: Page) -> None:
    """Take a page out of its file's cache: nobody finds it any more, and who still has a reference has the last one."""
    __delete_from_page_cache(k, page, None)
    put_page(k, page)


def __delete_from_page_cache(k: Machine, page: Page, shadow: int | None) -> None:
    """Empty the page's slot, or leave its shadow there. The cache's reference is the caller's to drop."""
    mapping = page.mapping
    assert mapping is not None
    del mapping._pages[page.index]
    mapping.note(page.index, page.ref, shadow)
    mapping.nrpages -= 1
    if shadow is not None:
        mapping._shadows[page.index] = shadow
        mapping.nrexceptional += 1
    workingset_update_node(k, mapping, page.index, -1, 0 if shadow is None else 1)
    k.vmstat.nr_file_pages -= 1
    mod_memcg_state(page._memcg, "cache", -1)
    page.mapping = None


def trylock_page(page: Page) -> bool:
    """Take the page lock if it is free."""
    if page.flags & PG_locked:
        return False
    page.flags |= PG_locked
    return True


def unlock_page(k: Machine, page: Page) -> None:
    """Let go of the page lock and wake whoever waits for it."""
    page.flags &= ~PG_locked
    wake_up_page(k, page, PG_locked)


def wake_up_page(k: Machine, page: Page, bit: int) -> None:
    """Wake the tasks that sleep until this bit of the page is clear."""
    if not page.flags & PG_waiters:
        return
    waiting = k.page_waiters.pop(page.ref, [])
    others = [(task, other) for task, other in waiting if other != bit]
    if others:
        k.page_waiters[page.ref] = others
    else:
        page.flags &= ~PG_waiters
    for task, awaited in waiting:
        if awaited == bit:
            try_to_wake_up(k, task)


async def lock_page(k: Machine, page: Page) -> None:
    """Take the page lock; may sleep until a read has finished."""
    while not trylock_page(page):
        await wait_on_page_bit_common(k, page)


async def wait_on_page_locked(k: Machine, page: Page) -> None:
    """Sleep until the page is unlocked, without taking the lock."""
    while page.flags & PG_locked:
        await wait_on_page_bit_common(k, page)


@kernel_function(inlined=True)
async def wait_on_page_bit_common(k: Machine, page: Page, bit: int = PG_locked) -> None:
    """Sleep on a page that is locked (or under writeback). Whoever clears the bit wakes us; then test again."""
    if not page.flags & bit:  # an interrupt was faster
        return
    page.flags |= PG_waiters
    k.page_waiters.setdefault(page.ref, []).append((k.current, bit))
    k.current._until = "unlocked" if bit == PG_locked else "written"
    k.current.state, k.current.waiting = "sleeping", page.ref
    await io_schedule(k)


def page_cache_next_miss(mapping: AddressSpace, index: int, max_scan: int) -> int:
    """The first page not cached at or after ``index``; the last page looked at if all ``max_scan`` are cached."""
    last = index + max_scan - 1
    return next((i for i in range(index, last) if i not in mapping._pages), last)


def page_cache_prev_miss(mapping: AddressSpace, index: int, max_scan: int) -> int:
    """The nearest page not cached at or before ``index`` (-1: none down to the file's start).

    If all ``max_scan`` pages are cached, the last one looked at.
    """
    last = index - max_scan + 1
    return next((i for i in range(index, last, -1) if i < 0 or i not in mapping._pages), last)
