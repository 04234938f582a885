"""Faults on mapped files, served from the page cache.

Interface:
    * `filemap_map_pages` maps what is ready around a fault and never sleeps.
    * `filemap_fault` gets one page ready and may sleep. It never waits for the disk with mmap_lock held on a
      first attempt: it drops the lock and returns VM_FAULT_RETRY, and the fault is tried again.

Linux 5.10: mm/filemap.c.  read(2) and write(2) are in mm/filemap_read.py and mm/filemap_write.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.fs.ext4.readpage import ext4_readpage
from webapp.kernel.fs.file_table import fput, get_file
from webapp.kernel.include.linux.fs import AddressSpace, File, FileRaState, ReadaheadControl
from webapp.kernel.include.linux.gfp import GFP_HIGHUSER_MOVABLE
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_ALLOW_RETRY,
    FAULT_FLAG_RETRY_NOWAIT,
    FAULT_FLAG_TRIED,
    VM_FAULT_LOCKED,
    VM_FAULT_MAJOR,
    VM_FAULT_OOM,
    VM_FAULT_RETRY,
    VM_FAULT_SIGBUS,
    VM_RAND_READ,
    VM_SEQ_READ,
    vm_fault_t,
)
from webapp.kernel.include.linux.mm_types import Page, VmFault
from webapp.kernel.include.linux.page_flags import PG_error, PG_locked, PG_readahead, PG_uptodate
from webapp.kernel.include.uapi.asm_generic.errno import EEXIST
from webapp.kernel.locking.rwsem import up_read
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_pte import alloc_set_pte
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import (
    add_to_page_cache_lru,
    find_get_entry,
    lock_page,
    pages_in,
    trylock_page,
    unlock_page,
    wait_on_page_bit_common,
    wait_on_page_locked,
)
from webapp.kernel.mm.readahead import do_page_cache_ra, page_cache_async_ra, page_cache_sync_ra
from webapp.kernel.mm.swap import put_page

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

MMAP_LOTSAMISS = 100  # once misses outnumber pages found by so many, reading around is given up
MMAP_MISS_MAX = MMAP_LOTSAMISS * 10
FGP_LOCK, FGP_CREAT, FGP_WRITE, FGP_FOR_MMAP = 0x2, 0x4, 0x8, 0x40


@kernel_function
def filemap_map_pages(k: Machine, vmf: VmFault, start_pgoff: int, end_pgoff: int) -> None:
    """Map every page of the range that is cached and ready; leave the others alone.

    Not ready is: being read (locked, not up to date), beyond the end of the file, or marked PG_readahead.
    The marked page is left out on purpose: touching it must fault, because that fault starts the next
    readahead. Every page that is passed here also takes one off mmap_miss, the count of misses.
    """
    assert vmf.vma.vm_file is not None
    file = vmf.vma.vm_file
    mapping = file.inode.mapping
    first_address, misses = vmf.address, file.f_ra.mmap_miss
    for index in range(start_pgoff, end_pgoff + 1):
        page = mapping._pages.get(index)
        if page is None or page.flags & (PG_locked | PG_readahead) or not page.flags & PG_uptodate:
            continue
        if index >= pages_in(file.inode.i_size):
            continue
        misses = max(misses - 1, 0)
        page.flags |= PG_locked
        vmf.address = first_address + (index - start_pgoff) * PAGE_SIZE
        if alloc_set_pte(k, vmf, page) == 0:
            page.refcount += 1
        unlock_page(k, page)
    file.f_ra.mmap_miss = misses


@kernel_function
async def filemap_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Get the page at ``vmf.pgoff`` into the page cache, up to date and locked.

    Cached: see whether it is the readahead marker. Not cached: read around it (the fault is major), then
    find or create the page. Then take its lock, which is where a fault waits for the disk. If mmap_lock had
    to be dropped for that, the page is ready but the VMA may be gone: VM_FAULT_RETRY.

    A page that is still not up to date when it is unlocked could not be read. Readahead may have failed because of
    another page, so this one is read once more, alone. Only if that fails on the last attempt, the fault does.
    """
    assert vmf.vma.vm_file is not None
    inode, mapping = vmf.vma.vm_file.inode, vmf.vma.vm_file.inode.mapping
    if vmf.pgoff >= pages_in(inode.i_size):
        k.stage("note", f"page {vmf.pgoff} lies past the end of {inode.name} ({pages_in(inode.i_size)} pages)")
        return VM_FAULT_SIGBUS
    ret, fpin = 0, None
    page = await pagecache_get_page(k, mapping, vmf.pgoff, 0)
    if page is not None and not vmf.flags & FAULT_FLAG_TRIED:
        fpin = await do_async_mmap_readahead(k, vmf, page)
    elif page is None:
        k.vmstat.pgmajfault += 1
        ret = VM_FAULT_MAJOR
        fpin = await do_sync_mmap_readahead(k, vmf)
    while True:
        if page is None:
            page = await pagecache_get_page(k, mapping, vmf.pgoff, FGP_CREAT | FGP_FOR_MMAP)
            if page is None:
                return out_retry(k, None, fpin, ret) if fpin is not None else VM_FAULT_OOM
        locked, fpin = await lock_page_maybe_drop_mmap(k, vmf, page, fpin)
        if not locked:
            return out_retry(k, page, fpin, ret)
        if page.mapping is not mapping:  # truncated or reclaimed while we slept
            unlock_page(k, page)
            put_page(k, page)
            page = None  # retry_find
            continue
        if page.flags & PG_uptodate:
            break
        page.flags &= ~PG_error
        fpin = maybe_unlock_mmap_for_io(k, vmf, fpin)
        ext4_readpage(k, inode, page)
        await wait_on_page_locked(k, page)
        failed = not page.flags & PG_uptodate
        if fpin is not None:
            return out_retry(k, page, fpin, ret)
        put_page(k, page)
        if failed:
            shrink_readahead_size_eio(k, vmf.vma.vm_file.f_ra)
            return VM_FAULT_SIGBUS
        page = None  # retry_find
    if fpin is not None:
        unlock_page(k, page)
        return out_retry(k, page, fpin, ret)
    if vmf.pgoff >= pages_in(inode.i_size):
        unlock_page(k, page)
        put_page(k, page)
        return VM_FAULT_SIGBUS
    vmf.page = page
    return ret | VM_FAULT_LOCKED


@kernel_function(inlined=True)
def shrink_readahead_size_eio(k: Machine, ra: FileRaState) -> None:
    """A block could not be read: make the window of this open file four times smaller, since it costs more than one."""
    ra.ra_pages //= 4
    k.stage("note", f"the page could not be read; from now on at most {ra.ra_pages} pages are read ahead", ra=ra.ref)


def out_retry(k: Machine, page: Page | None, fpin: File | None, ret: vm_fault_t) -> vm_fault_t:
    """Give page and file back and ask for another attempt. The end of filemap_fault when mmap_lock was dropped."""
    if page is not None:
        put_page(k, page)
    if fpin is not None:
        fput(k, fpin)
    return ret | VM_FAULT_RETRY


@kernel_function
async def pagecache_get_page(k: Machine, mapping: AddressSpace, offset: int, fgp_flags: int) -> Page | None:
    """Find a cached page; with FGP_CREAT, make an empty one if there is none, with FGP_LOCK, lock it: both may sleep.

    None: not cached, or no memory for it.
    """
    while True:
        page = find_get_entry(k, mapping, offset)
        if page is not None and fgp_flags & FGP_LOCK:
            await lock_page(k, page)
            if page.mapping is not mapping:  # truncated while we waited
                unlock_page(k, page)
                put_page(k, page)
                continue
        if page is not None or not fgp_flags & FGP_CREAT:
            return page
        page = await __alloc_pages_nodemask(k, GFP_HIGHUSER_MOVABLE)
        if page is None:
            return None
        error = await add_to_page_cache_lru(k, page, mapping, offset, GFP_HIGHUSER_MOVABLE)
        if not error:
            break
        put_page(k, page)
        if error != -EEXIST:
            return None
    if fgp_flags & FGP_FOR_MMAP:
        unlock_page(k, page)
    return page


@kernel_function
async def grab_cache_page_write_begin(k: Machine, mapping: AddressSpace, index: int) -> Page | None:
    """The page that write(2) will fill, locked, made if need be; may sleep. None if there is no memory."""
    return await pagecache_get_page(k, mapping, index, FGP_LOCK | FGP_WRITE | FGP_CREAT)


@kernel_function(inlined=True)
async def do_sync_mmap_readahead(k: Machine, vmf: VmFault) -> File | None:
    """The page is not cached: start reading more than the one page that was asked for.

    Normally half of the window lies before the missing page and half behind it, and a marker is set a
    quarter before the end. VM_SEQ_READ (madvise) asks the sequential algorithm instead. With VM_RAND_READ, or
    after too many misses, nothing is read here: only the page itself will be. Whatever is read, this function
    only submits it; the wait comes later, for the page lock.
    """
    vma, file = vmf.vma, vmf.vma.vm_file
    assert file is not None
    ra = file.f_ra
    if vma.vm_flags & VM_RAND_READ or not ra.ra_pages:
        return None
    ractl = ReadaheadControl(file, file.inode.mapping, ra, vmf.pgoff)
    if vma.vm_flags & VM_SEQ_READ:
        fpin = maybe_unlock_mmap_for_io(k, vmf, None)
        await page_cache_sync_ra(k, ractl, ra.ra_pages)
        return fpin
    if ra.mmap_miss < MMAP_MISS_MAX:
        ra.mmap_miss += 1
    if ra.mmap_miss > MMAP_LOTSAMISS:
        k.stage("note", f"{ra.mmap_miss} misses: reading around does not pay here, so only the page is read")
        return None
    fpin = maybe_unlock_mmap_for_io(k, vmf, None)
    ra.start = ractl.index = max(0, vmf.pgoff - ra.ra_pages // 2)
    ra.size, ra.async_size = ra.ra_pages, ra.ra_pages // 4
    k.stage(
        "ra-window",
        f"read around page {vmf.pgoff}: start {ra.start}, size {ra.size}, async {ra.async_size}",
        start=ra.start, size=ra.size, async_size=ra.async_size,
    )  # fmt: skip
    await do_page_cache_ra(k, ractl, ra.size, ra.async_size)
    return fpin


@kernel_function(inlined=True)
async def do_async_mmap_readahead(k: Machine, vmf: VmFault, page: Page) -> File | None:
    """The page is cached. If it carries the marker, the program has come near the end of what was read: go on.

    Nobody waits for these pages now; they are read while the program works on those it has.
    """
    vma, file = vmf.vma, vmf.vma.vm_file
    assert file is not None
    ra = file.f_ra
    if vma.vm_flags & VM_RAND_READ or not ra.ra_pages:
        return None
    if ra.mmap_miss > 0:
        ra.mmap_miss -= 1
    if not page.flags & PG_readahead:
        return None
    fpin = maybe_unlock_mmap_for_io(k, vmf, None)
    await page_cache_async_ra(k, ReadaheadControl(file, file.inode.mapping, ra, vmf.pgoff), page, ra.ra_pages)
    return fpin


@kernel_function(inlined=True, file="mm/internal.h")
def maybe_unlock_mmap_for_io(k: Machine, vmf: VmFault, fpin: File | None) -> File | None:
    """Drop mmap_lock before waiting for the disk, but only on a first attempt that may be retried.

    The file is pinned by a reference, since without the lock the VMA may vanish. Returns that pin.
    """
    if fpin is not None or not vmf.flags & FAULT_FLAG_ALLOW_RETRY:
        return fpin
    if vmf.flags & (FAULT_FLAG_TRIED | FAULT_FLAG_RETRY_NOWAIT):
        return None
    mm, file = vmf.vma.vm_mm, vmf.vma.vm_file
    assert file is not None
    fpin = get_file(file)
    up_read(k, mm._sem)
    return fpin


@kernel_function(inlined=True)
async def lock_page_maybe_drop_mmap(
    k: Machine, vmf: VmFault, page: Page, fpin: File | None
) -> tuple[bool, File | None]:
    """Take the page lock, waiting if the page is being read; (locked?, pinned file).

    mmap_lock is dropped before the wait, if that has not happened already and is allowed.
    """
    if trylock_page(page):
        return True, fpin
    if vmf.flags & FAULT_FLAG_RETRY_NOWAIT:
        return False, fpin
    fpin = maybe_unlock_mmap_for_io(k, vmf, fpin)
    while not trylock_page(page):
        await wait_on_page_bit_common(k, page)
    return True, fpin
