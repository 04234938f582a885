"""What an allocation may do to get its page: sleep, start I/O, call the file system, fail.

Linux 5.10: include/linux/gfp.h (bits as built for ARM)
"""

from __future__ import annotations

gfp_t = int
__GFP_HIGHMEM = 0x2
__GFP_MOVABLE = 0x8
__GFP_HIGH = 0x20  # may dip into the reserve below the min watermark
__GFP_IO = 0x40  # may start I/O
__GFP_FS = 0x80  # may call the file system
__GFP_ATOMIC = 0x200  # cannot sleep, and is urgent
__GFP_DIRECT_RECLAIM = 0x400  # may reclaim by itself, so it may sleep
__GFP_KSWAPD_RECLAIM = 0x800  # may wake kswapd
__GFP_WRITE = 0x1000  # the page will be written to
__GFP_NOWARN = 0x2000
__GFP_RETRY_MAYFAIL = 0x4000
__GFP_NOFAIL = 0x8000
__GFP_NORETRY = 0x10000  # one round of reclaim, then fail
__GFP_HARDWALL = 0x100000
__GFP_ACCOUNT = 0x400000  # kernel memory that its memory group pays for

__GFP_RECLAIM = __GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM
GFP_ATOMIC = __GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM
GFP_NOWAIT = __GFP_KSWAPD_RECLAIM
GFP_NOFS = __GFP_RECLAIM | __GFP_IO
GFP_KERNEL = __GFP_RECLAIM | __GFP_IO | __GFP_FS
GFP_USER = GFP_KERNEL | __GFP_HARDWALL
GFP_HIGHUSER = GFP_USER | __GFP_HIGHMEM
GFP_HIGHUSER_MOVABLE = GFP_HIGHUSER | __GFP_MOVABLE  # pages of programs and of files
GFP_PGTABLE_USER = GFP_KERNEL | __GFP_ACCOUNT  # page tables
# Readahead: nobody needs these pages yet, so rather fail than wait. It holds locked pages that are not submitted yet,
# so reclaim on its behalf must not enter the file system, which could wait for them (memalloc_nofs_save).
GFP_READAHEAD = GFP_HIGHUSER_MOVABLE & ~__GFP_FS | __GFP_NORETRY | __GFP_NOWARN
