"""Bits of page->flags.  Linux 5.10: include/linux/page-flags.h (bit numbers as built for ARM)."""

from __future__ import annotations

PG_locked = 1 << 0  # I/O in flight, or somebody works on the page: wait for it
PG_referenced = 1 << 1
PG_uptodate = 1 << 2  # the bytes are those of the file
PG_dirty = 1 << 3
PG_lru = 1 << 4  # on an LRU list (not merely waiting in a pagevec)
PG_active = 1 << 5
PG_workingset = 1 << 6
PG_waiters = 1 << 7
PG_error = 1 << 8
PG_private = 1 << 13
PG_writeback = 1 << 15
PG_mappedtodisk = 1 << 17
PG_readahead = 1 << 18  # the marker: touching this page starts the next readahead
PG_reclaim = PG_readahead  # the same bit, once the page is dirty or written: to be reclaimed when it is clean
PG_swapbacked = 1 << 19
PG_unevictable = 1 << 20
PG_mlocked = 1 << 21

PAGE_FLAG_NAMES = {
    "PG_locked": PG_locked, "PG_referenced": PG_referenced, "PG_uptodate": PG_uptodate, "PG_dirty": PG_dirty,
    "PG_lru": PG_lru, "PG_active": PG_active, "PG_workingset": PG_workingset, "PG_waiters": PG_waiters,
    "PG_error": PG_error, "PG_private": PG_private, "PG_writeback": PG_writeback,
    "PG_mappedtodisk": PG_mappedtodisk, "PG_readahead": PG_readahead, "PG_swapbacked": PG_swapbacked,
    "PG_unevictable": PG_unevictable, "PG_mlocked": PG_mlocked,
}  # fmt: skip
