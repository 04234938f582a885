"""Charging: who pays for a page, and what happens when he cannot.

The pages of a file belong to the group whose process read them first, private pages and page tables to the group of
their process. A machine without a limit (``memcg_pages``) has only the root group, which nobody counts: then nothing
here does anything.

Rules for callers:
    * `mem_cgroup_charge` before a page can be found by others; it may sleep, and may fail.
    * The charge goes with the page: `mem_cgroup_uncharge` when its last reference is gone.

Linux 5.10: mm/memcontrol.c, mm/page_counter.c.  Not modelled: groups within groups, soft limits, swap accounting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.include.linux.gfp import (
    __GFP_ATOMIC,
    __GFP_DIRECT_RECLAIM,
    __GFP_NOFAIL,
    __GFP_NORETRY,
    __GFP_RETRY_MAYFAIL,
)
from webapp.kernel.include.linux.memcontrol import MEMCG_CHARGE_BATCH, mod_memcg_state
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.oom_kill import out_of_memory, task_is_dying

if TYPE_CHECKING:
    from webapp.kernel.include.linux.gfp import gfp_t
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

MAX_RECLAIM_RETRIES = 16


async def mem_cgroup_charge(k: Machine, page: Page, gfp_mask: gfp_t) -> int:
    """Charge a new page to the group of the current process; may sleep. 0 or -ENOMEM."""
    memcg = k.memcg
    if memcg is None or k.current.mm is None:
        return 0
    error = await try_charge(k, memcg, gfp_mask)
    if not error:
        page._memcg = memcg
        mod_memcg_state(memcg, "pgpgin", 1)
    return error


async def mem_cgroup_charge_other(k: Machine, gfp_mask: gfp_t) -> None:
    """Charge a page of the disk's own, such as a block of its inode table, which is not followed here any further."""
    memcg = k.memcg
    if memcg is not None and not await try_charge(k, memcg, gfp_mask):
        mod_memcg_state(memcg, "pgpgin", 1)


def page_counter_charge_other(k: Machine, nr_pages: int) -> None:
    """The same for several, where nobody may sleep: even beyond the limit."""
    memcg = k.memcg
    for _ in range(nr_pages if memcg is not None and k.current.mm is not None else 0):
        assert memcg is not None
        if not charge_from_stock(memcg):
            page_counter_charge(memcg, 1)
        mod_memcg_state(memcg, "pgpgin", 1)


async def __memcg_kmem_charge_page(k: Machine, page: Page, gfp_mask: gfp_t) -> int:
    """The same for memory of the kernel's that serves one process, such as its page tables. 0 or -ENOMEM."""
    memcg = k.memcg
    if memcg is None or k.current.mm is None:
        return 0
    error = await try_charge(k, memcg, gfp_mask)
    if not error:
        page._memcg = memcg
        page._kmem = True
    return error


async def obj_cgroup_charge(k: Machine, size: int, gfp_mask: gfp_t) -> int:
    """Charge a small object of the kernel's: a page at a time, of which the next objects use the rest; may sleep."""
    memcg = k.memcg
    if memcg is None or k.current.mm is None:
        return 0
    if memcg._objects < size:
        error = await try_charge(k, memcg, gfp_mask)
        if error:
            return error
        memcg._objects += PAGE_SIZE
    memcg._objects -= size
    return 0


def obj_cgroup_uncharge(k: Machine, size: int) -> None:
    """Small objects are gone. A whole page of nothing is given back."""
    memcg = k.memcg
    if memcg is not None:
        memcg._objects += size
        memcg.usage -= memcg._objects // PAGE_SIZE
        memcg._objects %= PAGE_SIZE


def mem_cgroup_uncharge(k: Machine, page: Page) -> None:
    """The page is freed: its group has one more to use."""
    memcg, page._memcg = page._memcg, None
    if memcg is not None:
        memcg.usage -= 1
        if not page._kmem:
            mod_memcg_state(memcg, "pgpgout", 1)


@kernel_function
async def try_charge(k: Machine, memcg: MemCgroup, gfp_mask: gfp_t) -> int:
    """Take one page from what the group may use; may sleep. 0 or -ENOMEM.

    Mostly this CPU has some in stock. If not, it takes 32 at once, or one if so many are not left. If not even one
    is: reclaim within the group, again and again as long as that yields anything, and in the end kill one of its
    processes. Whoever reclaims already, or dies already, is let through.
    """
    nr_retries, drained, passed_oom = MAX_RECLAIM_RETRIES, False, False
    while not charge_from_stock(memcg):
        if gfp_mask & __GFP_ATOMIC or k.current._memalloc:
            page_counter_charge(memcg, 1)
            return 0
        if not gfp_mask & __GFP_DIRECT_RECLAIM:
            return -ENOMEM
        memcg.failcnt += 1
        k.stage("memcg", f"the group has used all of its {memcg.limit} pages: reclaim within it", usage=memcg.usage)
        nr_reclaimed = await reclaim_within(k, memcg, gfp_mask)
        if mem_cgroup_margin(memcg):
            continue
        if not drained:
            drain_all_stock(memcg)
            drained = True
            continue
        if gfp_mask & __GFP_NORETRY:
            return -ENOMEM
        if nr_reclaimed:
            continue
        if nr_retries:
            nr_retries -= 1
            continue
        if gfp_mask & __GFP_RETRY_MAYFAIL:
            return -ENOMEM
        if gfp_mask & __GFP_NOFAIL:
            page_counter_charge(memcg, 1)
            return 0
        if passed_oom and task_is_dying(k.current):
            return -ENOMEM
        if not mem_cgroup_oom(k, memcg):
            return -ENOMEM
        passed_oom, nr_retries = True, MAX_RECLAIM_RETRIES
    return 0


def charge_from_stock(memcg: MemCgroup) -> bool:
    """One page from this CPU's stock, after filling it up if the limit allows; false at the limit."""
    if not memcg.stock:
        batch = MEMCG_CHARGE_BATCH if mem_cgroup_margin(memcg) >= MEMCG_CHARGE_BATCH else 1
        if mem_cgroup_margin(memcg) < batch:
            return False
        page_counter_charge(memcg, batch)
        memcg.stock = batch
    memcg.stock -= 1
    return True


def page_counter_charge(memcg: MemCgroup, nr_pages: int) -> None:
    """Count pages as used, whatever the limit says."""
    memcg.usage += nr_pages
    memcg.max_usage = max(memcg.max_usage, memcg.usage)


def mem_cgroup_margin(memcg: MemCgroup) -> int:
    """Pages that could still be charged."""
    return max(memcg.limit - memcg.usage, 0)


def drain_all_stock(memcg: MemCgroup) -> None:
    """Give back what CPUs hold in stock."""
    memcg.usage -= memcg.stock
    memcg.stock = 0


async def reclaim_within(k: Machine, memcg: MemCgroup, gfp_mask: gfp_t) -> int:
    """Reclaim at least one page of the group, usually 32; may sleep. The number of pages that were freed."""
    from webapp.kernel.mm.vmscan import try_to_free_mem_cgroup_pages  # which charges and frees pages itself

    return await try_to_free_mem_cgroup_pages(k, memcg, 1, gfp_mask)


@kernel_function
def mem_cgroup_oom(k: Machine, memcg: MemCgroup) -> bool:
    """Reclaim has failed for good: kill a process of the group. True if one was found, or is dying already."""
    return mem_cgroup_out_of_memory(k, memcg)


@kernel_function
def mem_cgroup_out_of_memory(k: Machine, memcg: MemCgroup) -> bool:
    """Unless there is room after all."""
    return bool(mem_cgroup_margin(memcg)) or task_is_dying(k.current) or out_of_memory(k, memcg)
