"""Counters and LRU lists.  Linux 5.10: include/linux/mmzone.h, include/linux/vmstat.h"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from webapp.kernel.journal import Tracked
from webapp.kernel.lib.percpu_counter import PercpuCounter

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page

STAT_BATCH = 7  # on a machine with one CPU and 512 MiB


def node_counter() -> PercpuCounter:
    """A counter of the node."""
    return PercpuCounter(STAT_BATCH)


@dataclass(eq=False)
class VmStat(Tracked):
    """/proc/vmstat, as far as it is modelled. ``pgpgin`` and ``pgpgout`` are KiB, the nr_ figures pages.

    ``nr_dirty`` and ``nr_writeback`` are what they are now, ``nr_dirtied`` and ``nr_written`` count since the start.
    """

    KIND: ClassVar[str] = "vmstat"
    SINGLE: ClassVar[bool] = True
    nr_free_pages: int = 0
    nr_file_pages: int = 0
    nr_mapped: int = 0
    nr_anon_pages: int = 0
    nr_page_table_pages: int = 0
    nr_inactive_file: int = 0
    nr_active_file: int = 0
    nr_dirty: int = 0
    nr_writeback: int = 0
    nr_dirtied: int = 0
    nr_written: int = 0
    nr_mlock: int = 0
    pgalloc: int = 0
    pgfree: int = 0
    pgfault: int = 0
    pgmajfault: int = 0
    pgpgin: int = 0
    pgpgout: int = 0
    pgactivate: int = 0
    pgdeactivate: int = 0
    pglazyfree: int = 0
    pgreuse: int = 0
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
    """The LRU lists of the node and this CPU's pagevecs; a page's own ``lru_pos`` keeps the order.

    Pages of files and pages that would have to be swapped out (anonymous and shared memory) have lists of their own.
    ``pagevec`` counts pages that still wait to be put on a list. Some places of it are taken by pages that are not
    followed here (``_others``): the loader's, and blocks of directories.
    """

    KIND: ClassVar[str] = "lru"
    SINGLE: ClassVar[bool] = True
    inactive_file: int = 0
    active_file: int = 0
    inactive_anon: int = 0
    active_anon: int = 0
    unevictable: int = 0
    pagevec: int = 0
    _lru_add: list[Page] = field(default_factory=list)
    _others: int = 0
    _lru_deactivate: list[Page] = field(default_factory=list)
    _lru_lazyfree: list[Page] = field(default_factory=list)
    _activate_page: list[Page] = field(default_factory=list)
    _newest: int = 0  # lru_pos of the page at the head
