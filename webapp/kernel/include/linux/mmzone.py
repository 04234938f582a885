"""Counters, LRU lists, the zone with its watermarks, and the node that kswapd looks after.

Linux 5.10: include/linux/mmzone.h, include/linux/vmstat.h
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from webapp.kernel.include.linux.wait import WaitQueueHead
from webapp.kernel.journal import Tracked
from webapp.kernel.lib.percpu_counter import PercpuCounter

if TYPE_CHECKING:
    from webapp.kernel.include.linux.memcontrol import MemCgroup
    from webapp.kernel.include.linux.mm_types import Page

LruList = Literal["inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable"]
LRUVEC_STATE = ("inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable", "workingset_activate")
EVICTABLE: tuple[LruList, ...] = ("inactive_anon", "active_anon", "inactive_file", "active_file")
STAT_BATCH = 7  # on a machine with one CPU and 512 MiB


def node_counter() -> PercpuCounter:
    """A counter of the node."""
    return PercpuCounter(STAT_BATCH)


@dataclass(eq=False)
class VmStat(Tracked):
    """/proc/vmstat, as far as it is modelled. ``pgpgin`` and ``pgpgout`` are KiB, the nr_ figures pages.

    The nr_ figures are what is now, except nr_dirtied, nr_written and the two nr_vmscan_, which like all others count
    since the start. What a memory group's own reclaim scans and frees is counted for the group (memory.stat), not
    here: pgscan, pgsteal, pgrefill and allocstall are about the whole machine running short.
    """

    KIND: ClassVar[str] = "vmstat"
    SINGLE: ClassVar[bool] = True
    nr_free_pages: int = 0
    nr_file_pages: int = 0
    nr_mapped: int = 0
    nr_anon_pages: int = 0
    nr_page_table_pages: int = 0
    nr_dirty: int = 0
    nr_writeback: int = 0
    nr_dirtied: int = 0
    nr_written: int = 0
    nr_mlock: int = 0
    nr_vmscan_write: int = 0
    nr_vmscan_immediate_reclaim: int = 0
    workingset_nodes: int = 0
    workingset_refault_file: int = 0
    workingset_activate_file: int = 0
    workingset_restore_file: int = 0
    workingset_nodereclaim: int = 0
    pgalloc: int = 0
    pgfree: int = 0
    pgfault: int = 0
    pgmajfault: int = 0
    pgpgin: int = 0
    pgpgout: int = 0
    pgactivate: int = 0
    pgdeactivate: int = 0
    pglazyfree: int = 0
    pglazyfreed: int = 0
    pgreuse: int = 0
    pgrefill: int = 0
    pgrotated: int = 0
    pgscan_kswapd: int = 0
    pgscan_direct: int = 0
    pgscan_file: int = 0
    pgscan_anon: int = 0
    pgsteal_kswapd: int = 0
    pgsteal_direct: int = 0
    pgsteal_file: int = 0
    pgsteal_anon: int = 0
    pgscan_direct_throttle: int = 0
    pginodesteal: int = 0
    kswapd_inodesteal: int = 0
    slabs_scanned: int = 0
    pageoutrun: int = 0
    kswapd_low_wmark_hit_quickly: int = 0
    kswapd_high_wmark_hit_quickly: int = 0
    allocstall_normal: int = 0
    allocstall_high: int = 0
    allocstall_movable: int = 0
    oom_kill: int = 0
    drop_pagecache: int = 0
    drop_slab: int = 0
    unevictable_pgs_culled: int = 0
    unevictable_pgs_rescued: int = 0
    unevictable_pgs_mlocked: int = 0
    unevictable_pgs_munlocked: int = 0
    unevictable_pgs_cleared: int = 0
    unevictable_pgs_stranded: int = 0
    # nr_dirty and nr_writeback as the kernel reads them
    _file_dirty: PercpuCounter = field(default_factory=node_counter)
    _under_writeback: PercpuCounter = field(default_factory=node_counter)
    _updated: int = 0  # the second in which vmstat_update ran


@dataclass(eq=False)
class Lru(Tracked):
    """struct lruvec, and this CPU's pagevecs; a page's own ``lru_pos`` keeps the order.

    Pages of files and pages that would have to be swapped out (anonymous and shared memory) have lists of their own;
    ``unevictable`` holds those that must stay. ``pagevec`` counts pages that still wait to be put on a list. Some
    places of that pagevec are taken by pages that are not followed here (``_others``): the loader's, and blocks of
    directories.

    All pages that are followed belong to one group: the program's own, if it has a limit, otherwise the root group.
    So one lruvec is enough. ``nonresident_age`` counts evictions and activations: the clock of workingset detection.
    """

    KIND: ClassVar[str] = "lru"
    SINGLE: ClassVar[bool] = True
    inactive_file: int = 0
    active_file: int = 0
    inactive_anon: int = 0
    active_anon: int = 0
    unevictable: int = 0
    isolated_file: int = 0
    isolated_anon: int = 0
    pagevec: int = 0
    nonresident_age: int = 0
    file_cost: int = 0
    anon_cost: int = 0
    _refaults: int = 0  # workingset_activate_file when reclaim last ended
    _memcg: MemCgroup | None = None  # the group that has a limit, if there is one
    _state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LRUVEC_STATE, 0))  # lruvec_page_state
    _pending: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LRUVEC_STATE, 0))  # not yet in it
    _lists: dict[LruList, OrderedDict[Page, None]] = field(
        default_factory=lambda: {name: OrderedDict() for name in (*EVICTABLE, "unevictable")}  # oldest page first
    )
    _lru_add: list[Page] = field(default_factory=list)
    _others: int = 0
    _lru_deactivate: list[Page] = field(default_factory=list)
    _lru_lazyfree: list[Page] = field(default_factory=list)
    _activate_page: list[Page] = field(default_factory=list)
    _lru_rotate: list[Page] = field(default_factory=list)
    _lru_deactivate_file: list[Page] = field(default_factory=list)
    _newest: int = 0  # lru_pos of the page at the head
    _oldest: int = 0  # lru_pos of the page at the tail, counted down


@dataclass(eq=False)
class Zone(Tracked):
    """struct zone: all of RAM, as this machine has no high memory. Figures are pages.

    Below ``low`` free pages kswapd is woken and works until there are more than ``high``. Below ``min`` whoever wants
    a page has to reclaim some by himself.
    """

    KIND: ClassVar[str] = "zone"
    SINGLE: ClassVar[bool] = True
    present: int
    managed: int
    min: int
    low: int
    high: int


@dataclass(eq=False)
class Node(Tracked):
    """struct pglist_data: what kswapd works on. The memory of this machine is one node with one zone.

    ``kswapd_failures`` counts its rounds without success; after 16 it gives up. ``dirty`` and ``writeback`` are
    PGDAT_DIRTY and PGDAT_WRITEBACK: what it met at the end of the list.
    """

    KIND: ClassVar[str] = "node"
    SINGLE: ClassVar[bool] = True
    kswapd_failures: int = 0
    dirty: bool = False
    writeback: bool = False
    _kswapd_wait: WaitQueueHead = field(default_factory=lambda: WaitQueueHead("kswapd_wait"))
    _pfmemalloc_wait: WaitQueueHead = field(default_factory=lambda: WaitQueueHead("pfmemalloc_wait"))
