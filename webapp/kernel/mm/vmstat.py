"""/proc/vmstat: the counters of memory management.

Interface: `vmstat_show` takes rows (`fs/proc/rows.py`) and returns the file, less the counters that this model does not
keep. They are in Linux's order.

Linux 5.10: mm/vmstat.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.journal import Rows

# In the order of vmstat_text.
_TEXT = """
nr_free_pages nr_zone_inactive_anon nr_zone_active_anon nr_zone_inactive_file nr_zone_active_file nr_zone_unevictable
nr_zone_write_pending nr_mlock nr_page_table_pages nr_bounce nr_zspages nr_inactive_anon nr_active_anon
nr_inactive_file nr_active_file nr_unevictable nr_isolated_anon nr_isolated_file workingset_nodes
workingset_refault_anon workingset_refault_file workingset_activate_anon workingset_activate_file
workingset_restore_anon workingset_restore_file workingset_nodereclaim nr_anon_pages nr_mapped nr_file_pages nr_dirty
nr_writeback nr_writeback_temp nr_shmem nr_shmem_hugepages nr_shmem_pmdmapped nr_file_hugepages nr_file_pmdmapped
nr_anon_transparent_hugepages nr_vmscan_write nr_vmscan_immediate_reclaim nr_dirtied nr_written nr_dirty_threshold
nr_dirty_background_threshold pgpgin pgpgout pswpin pswpout pgalloc_dma pgalloc_normal pgalloc_high pgalloc_movable
allocstall_dma allocstall_normal allocstall_high allocstall_movable pgfree pgactivate pgdeactivate pglazyfree pgfault
pgmajfault pglazyfreed pgrefill pgreuse pgsteal_kswapd pgsteal_direct pgscan_kswapd pgscan_direct
pgscan_direct_throttle pgscan_anon pgscan_file pgsteal_anon pgsteal_file pginodesteal slabs_scanned kswapd_inodesteal
kswapd_low_wmark_hit_quickly kswapd_high_wmark_hit_quickly pageoutrun pgrotated drop_pagecache drop_slab oom_kill
unevictable_pgs_culled unevictable_pgs_scanned unevictable_pgs_rescued unevictable_pgs_mlocked
unevictable_pgs_munlocked unevictable_pgs_cleared unevictable_pgs_stranded swap_ra swap_ra_hit nr_unstable
"""
# This machine has no high memory, no swap area, no huge pages and no zswap, so these never move.
_NEVER = """
nr_bounce nr_zspages nr_writeback_temp nr_shmem_hugepages nr_shmem_pmdmapped nr_file_hugepages nr_file_pmdmapped
nr_anon_transparent_hugepages pswpin pswpout pgalloc_normal pgalloc_high pgalloc_movable allocstall_dma swap_ra
swap_ra_hit nr_unstable workingset_refault_anon workingset_activate_anon workingset_restore_anon
"""
NAMES, NEVER = _TEXT.split(), _NEVER.split()
LISTS = ("inactive_anon", "active_anon", "inactive_file", "active_file", "unevictable")


def vmstat_show(rows: Rows) -> str:
    """/proc/vmstat: the first part says what is now (pages), the second counts what has happened since the start."""
    stat, lru = rows["vmstat"], rows["lru"]
    known = {name: 0 for name in NEVER}
    for name in LISTS:
        known[f"nr_{name}"] = known[f"nr_zone_{name}"] = lru[name]
    known |= {f"nr_isolated_{kind}": lru[f"isolated_{kind}"] for kind in ("anon", "file")}
    known |= stat
    known["nr_zone_write_pending"] = stat["nr_dirty"] + stat["nr_writeback"]
    return "".join(f"{name} {known[name]}\n" for name in NAMES if name in known)
