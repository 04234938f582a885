"""Charging: who pays for a page.

The pages of a file belong to the group whose process read them first, private pages to the group of their process. A
machine without a limit has only the root group, which nobody counts: then nothing here does anything.

Rules for callers:
    * `mem_cgroup_charge` before a page can be found by others; it may sleep, and may fail.
    * The charge goes with the page: `mem_cgroup_uncharge` when its last reference is gone.

Linux 5.10: mm/memcontrol.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.gfp import gfp_t
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

MEMCG_CHARGE_BATCH = 32  # pages that a CPU takes from the counter at once


async def mem_cgroup_charge(k: Machine, page: Page, gfp_mask: gfp_t) -> int:
    """Charge a new page to the group of the current process; may sleep. 0 or -ENOMEM."""
    memcg = k.memcg
    if memcg is None or k.current.mm is None:
        return 0
    error = await try_charge(k, memcg, gfp_mask)
    if not error:
        page._memcg = memcg
        memcg.pgpgin += 1
    return error


@kernel_function
async def try_charge(k: Machine, memcg: MemCgroup, gfp_mask: gfp_t) -> int:
    """Take one page from what the group may use; may sleep. 0 or -ENOMEM."""
    if memcg.stock:
        memcg.stock -= 1
        return 0
    memcg.usage += MEMCG_CHARGE_BATCH
    memcg.stock = MEMCG_CHARGE_BATCH - 1
    return 0


def mem_cgroup_uncharge(k: Machine, page: Page) -> None:
    """The page is freed: its group has one more to use."""
    memcg, page._memcg = page._memcg, None
    if memcg is not None:
        memcg.usage -= 1
        memcg.pgpgout += 1
