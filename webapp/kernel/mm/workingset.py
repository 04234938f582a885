"""Did we evict the wrong page?  What an evicted page leaves behind, and what is read off it when the page comes back.

The slot of an evicted page in the page cache is not empty: it holds a *shadow*, a number that says how old the lists
were when the page went. ``nonresident_age`` is that age. It grows by one with every eviction and every activation, so
it tells how many pages have gone past the end of the inactive list. When the page is read again (a *refault*), the
difference to now is its refault distance: with that many more pages of room it would still be here. If the active list
is at least as long as that, its pages hold room that this page would have used better. So the page starts on the
active list, and has to compete with them.

A shadow has 32 bits, of which little is left for the age:

    age >> bucket_order, 14 bits | group, 16 bits | PG_workingset | 1: a value, not a pointer

Interface: `workingset_eviction` makes a shadow, `workingset_refault` reads one.

Linux 5.10: mm/workingset.c.  Not modelled: anonymous pages, which have no shadows without a swap area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from webapp.kernel.include.linux.mm_inline import lruvec_page_state, mod_lruvec_state
from webapp.kernel.include.linux.mmzone import EVICTABLE
from webapp.kernel.include.linux.page_flags import PG_active, PG_workingset
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

BITS_PER_LONG = 32
MEMCG_ID_BITS = 16
# BITS_PER_XA_VALUE is 31; PG_workingset takes one more bit, the node none.
EVICTION_SHIFT = (BITS_PER_LONG - (BITS_PER_LONG - 1)) + 1 + MEMCG_ID_BITS
EVICTION_MASK = (1 << (BITS_PER_LONG - EVICTION_SHIFT)) - 1  # 14 bits
ROOT_MEMCG_ID, MEMCG_ID = 1, 2


class Shadow(NamedTuple):
    """A shadow taken apart. ``eviction`` is the age to the nearest bucket below."""

    memcg_id: int
    eviction: int
    workingset: bool


def bucket_order(k: Machine) -> int:
    """By how much ages are rounded, so that 14 bits of them can tell as many pages apart as there are."""
    return max((k.zone.managed - 1).bit_length() - EVICTION_MASK.bit_length(), 0)


def pack_shadow(k: Machine, memcg_id: int, eviction: int, workingset: bool) -> int:
    """The number that is left in the page cache."""
    eviction = (eviction >> bucket_order(k)) & EVICTION_MASK
    value = (eviction << MEMCG_ID_BITS | memcg_id) << 1 | workingset
    return value << 1 | 1


def unpack_shadow(k: Machine, shadow: int) -> Shadow:
    """The other way round."""
    value = shadow >> 1
    entry = value >> 1
    eviction = entry >> MEMCG_ID_BITS << bucket_order(k)
    return Shadow(entry & ((1 << MEMCG_ID_BITS) - 1), eviction, bool(value & 1))


def workingset_age_nonresident(k: Machine, nr_pages: int) -> None:
    """So many pages have left the inactive list, or have been put before it."""
    k.lru.nonresident_age += nr_pages


@kernel_function
def workingset_eviction(k: Machine, page: Page, target_memcg: MemCgroup | None) -> int:
    """The shadow for a page that is being evicted, on behalf of the group ``target_memcg`` or of the whole machine."""
    workingset_age_nonresident(k, 1)
    memcg_id = ROOT_MEMCG_ID if target_memcg is None else MEMCG_ID
    return pack_shadow(k, memcg_id, k.lru.nonresident_age, bool(page.flags & PG_workingset))


@kernel_function
def workingset_refault(k: Machine, page: Page, shadow: int) -> None:
    """A page comes back that was evicted: should it have stayed?

    The distance is masked like the age in the shadow, but not rounded, so on large machines it comes out too small
    rather than too large.
    """
    lru, stat = k.lru, k.vmstat
    found = unpack_shadow(k, shadow)
    distance = (lru.nonresident_age - found.eviction) & EVICTION_MASK
    stat.workingset_refault_file += 1
    workingset_size = lruvec_page_state(lru, "active_file")
    if distance > workingset_size:
        k.stage(
            "refault",
            f"page {page.index} was evicted {distance} pages ago; the active list has {workingset_size}, so it would "
            "not have been kept by a better order: it starts inactive",
            distance=distance, size=workingset_size,
        )  # fmt: skip
        return
    page.flags |= PG_active
    workingset_age_nonresident(k, 1)
    stat.workingset_activate_file += 1
    mod_lruvec_state(lru, "workingset_activate", 1)
    k.stage(
        "refault",
        f"page {page.index} was evicted only {distance} pages ago, and the active list has {workingset_size}: "
        "it starts active",
        distance=distance, size=workingset_size,
    )  # fmt: skip
    if found.workingset:
        page.flags |= PG_workingset
        lru_note_cost(k, True, 1)
        stat.workingset_restore_file += 1


def workingset_activation(k: Machine, page: Page) -> None:
    """A page was activated: one more has gone past the inactive list."""
    workingset_age_nonresident(k, 1)


@kernel_function(file="mm/swap.c")
def lru_note_cost(k: Machine, file: bool, nr_pages: int) -> None:
    """Reclaiming this kind of page has cost I/O: remember it, the older the less. It weighs files against swapping."""
    lru = k.lru
    if file:
        lru.file_cost += nr_pages
    else:
        lru.anon_cost += nr_pages
    size = sum(lruvec_page_state(lru, name) for name in EVICTABLE)
    if lru.file_cost + lru.anon_cost > size // 4:
        lru.file_cost //= 2
        lru.anon_cost //= 2
