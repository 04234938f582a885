"""Writing to a page that is mapped read-only: copy it, or make it writable; and what follows from a shared write.

The PTE of a page that must not be written to unnoticed is read-only although the VMA allows writing. So the first
write to it faults, and the kernel gets the chance to do what has to be done before the bytes change:

    private file page, zero page    give the program a copy of its own (copy-on-write)
    own copy, nobody else has it    just make the PTE writable
    shared file page                tell the file system, mark the page dirty, make the PTE writable

Interface:
    * `do_wp_page` for a present PTE. It returns VM_FAULT_ bits; with VM_FAULT_RETRY mmap_lock has been dropped.
    * `do_page_mkwrite` before and `fault_dirty_shared_page` after a PTE of a shared mapping becomes writable.

Linux 5.10: mm/memory.c.  Not modelled: pages without struct page, KSM, userfaultfd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_RDONLY, L_PTE_YOUNG, mk_pte
from webapp.kernel.arch.arm.mm.copypage_v6 import v6_copy_user_highpage_nonaliasing
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.fs.ext4.inode import ext4_page_mkwrite
from webapp.kernel.fs.file_table import fput
from webapp.kernel.fs.inode import file_update_time
from webapp.kernel.include.linux.gfp import GFP_HIGHUSER_MOVABLE, GFP_KERNEL
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_MKWRITE,
    FAULT_FLAG_WRITE,
    VM_FAULT_ERROR,
    VM_FAULT_LOCKED,
    VM_FAULT_NOPAGE,
    VM_FAULT_OOM,
    VM_FAULT_RETRY,
    VM_FAULT_WRITE,
    VM_LOCKED,
    VM_SHARED,
    VM_WRITE,
    vm_fault_t,
)
from webapp.kernel.include.linux.page_flags import PG_swapbacked, PG_uptodate
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_prepare
from webapp.kernel.mm.balance_dirty_pages import balance_dirty_pages_ratelimited
from webapp.kernel.mm.filemap import maybe_unlock_mmap_for_io
from webapp.kernel.mm.memcontrol import mem_cgroup_charge
from webapp.kernel.mm.memory_pte import vm_normal_page
from webapp.kernel.mm.munlock import munlock_vma_page
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import lock_page, trylock_page, unlock_page
from webapp.kernel.mm.page_writeback import set_page_dirty
from webapp.kernel.mm.pgtable_generic import ptep_clear_flush, ptep_set_access_flags
from webapp.kernel.mm.rmap import page_add_new_anon_rmap, page_remove_rmap
from webapp.kernel.mm.swap import lru_cache_add_inactive_or_unevictable, put_page

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import Page, VmArea, VmFault
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/memory.c"


def has_page_mkwrite(vma: VmArea) -> bool:
    """Whether the file system wants to hear of the first write to each page."""
    return vma._vm_ops == "ext4_file_vm_ops"


def table_of(vmf: VmFault) -> PageTable:
    """The page of PTEs for the fault; there is one."""
    return vmf.vma.vm_mm._tables[pgd_index(vmf.address)]


def maybe_mkwrite(pte: int, vma: VmArea) -> int:
    """Make the PTE writable if the VMA allows writing: not everything that a debugger writes to is."""
    return pte & ~L_PTE_RDONLY if vma.vm_flags & VM_WRITE else pte


@kernel_function
async def do_wp_page(k: Machine, vmf: VmFault) -> vm_fault_t:
    """A write met a read-only PTE. Who else has the page decides: reuse it, share it, or copy it.

    A page of one's own is reused only if no reference but that of this PTE exists. Even one that waits in a pagevec
    for its place on an LRU list has another, and is copied once more.
    """
    vma = vmf.vma
    page = vmf.page = vm_normal_page(k, vmf.orig_pte)
    if page is None:
        return await wp_page_copy(k, vmf)
    if page.anonymous:
        if page.refcount == 1 and trylock_page(page):
            sole = page.mapcount == 1 and page.refcount == 1
            unlock_page(k, page)
            if sole:
                wp_page_reuse(k, vmf)
                return VM_FAULT_WRITE
    elif vma.vm_flags & (VM_WRITE | VM_SHARED) == VM_WRITE | VM_SHARED:
        return await wp_page_shared(k, vmf)
    page.refcount += 1
    return await wp_page_copy(k, vmf)


@kernel_function(inlined=True)
def wp_page_reuse(k: Machine, vmf: VmFault) -> None:
    """No copy is needed: make the PTE writable, young and dirty."""
    entry = maybe_mkwrite(vmf.orig_pte | L_PTE_YOUNG | L_PTE_DIRTY, vmf.vma)
    ptep_set_access_flags(k, vmf.vma, vmf.address, table_of(vmf), entry)
    k.vmstat.pgreuse += 1


@kernel_function
async def wp_page_copy(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Copy-on-write: a new page with the same bytes takes the old one's place in this address space.

    The old PTE is cleared and flushed before the new one is set, so that no CPU uses both. The old page loses a PTE
    and a reference; if it belongs to a file, it stays in the page cache, unchanged.
    """
    vma, mm, old_page = vmf.vma, vmf.vma.vm_mm, vmf.page
    if anon_vma_prepare(k, vma):
        return VM_FAULT_OOM
    new_page = await __alloc_pages_nodemask(
        k, GFP_HIGHUSER_MOVABLE
    )  # zeroed: for the zero page that is all there is to copy
    if new_page is None:
        return wp_page_oom(k, old_page)
    if old_page is not None:
        cow_user_page(k, new_page, old_page, vmf)
    if await mem_cgroup_charge(k, new_page, GFP_KERNEL):
        put_page(k, new_page)
        return wp_page_oom(k, old_page)
    new_page.flags |= PG_uptodate

    count_copy(vma, old_page)
    table = table_of(vmf)
    entry = maybe_mkwrite(mk_pte(new_page.pfn, vma.vm_page_prot) | L_PTE_YOUNG | L_PTE_DIRTY, vma)
    ptep_clear_flush(k, vma, vmf.address, table)
    page_add_new_anon_rmap(k, new_page, vma, vmf.address)
    lru_cache_add_inactive_or_unevictable(k, new_page, vma)
    set_pte_at(k, mm, table, vmf.address, entry)
    k.fault.set_pte()
    if old_page is not None:
        page_remove_rmap(k, old_page)
        put_page(k, old_page)  # the reference of the old PTE
        if vma.vm_flags & VM_LOCKED:  # the copy is what must stay in memory now
            await lock_page(k, old_page)
            munlock_vma_page(k, old_page)
            unlock_page(k, old_page)
        put_page(k, old_page)  # and that of do_wp_page
    return VM_FAULT_WRITE


def wp_page_oom(k: Machine, old_page: Page | None) -> vm_fault_t:
    """No frame for the copy: give back the reference of do_wp_page. (The label oom of wp_page_copy.)"""
    if old_page is not None:
        put_page(k, old_page)
    return VM_FAULT_OOM


@kernel_function(inlined=True)
def cow_user_page(k: Machine, dst: Page, src: Page, vmf: VmFault) -> None:
    """Copy the bytes."""
    v6_copy_user_highpage_nonaliasing(k, dst, src, vmf.address)


def count_copy(vma: VmArea, old_page: Page | None) -> None:
    """The resident set has one anonymous page more, in the place of what was there."""
    mm = vma.vm_mm
    if old_page is not None and old_page.anonymous:
        return
    mm.rss_anon += 1
    if old_page is not None and old_page.flags & PG_swapbacked:
        mm.rss_shmem -= 1
    elif old_page is not None:
        mm.rss_file -= 1


@kernel_function(inlined=True)
async def wp_page_shared(k: Machine, vmf: VmFault) -> vm_fault_t:
    """A write to a page of a shared mapping: everybody shall see it, so there is no copy; may sleep.

    The file system is asked first, since it must be able to bring the page to the disk later.
    """
    page = vmf.page
    assert page is not None
    page.refcount += 1
    if has_page_mkwrite(vmf.vma):
        tmp = await do_page_mkwrite(k, vmf)
        if not tmp or tmp & (VM_FAULT_ERROR | VM_FAULT_NOPAGE):
            put_page(k, page)
            return tmp
        tmp = finish_mkwrite_fault(k, vmf)
        if tmp & (VM_FAULT_ERROR | VM_FAULT_NOPAGE):
            unlock_page(k, page)
            put_page(k, page)
            return tmp
    else:
        wp_page_reuse(k, vmf)
        await lock_page(k, page)
    ret = VM_FAULT_WRITE | await fault_dirty_shared_page(k, vmf)
    put_page(k, page)
    return ret


@kernel_function
def finish_mkwrite_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """The page is prepared: make its PTE writable, unless somebody changed it while we slept."""
    if table_of(vmf).linux(pte_index(vmf.address)) != vmf.orig_pte:
        return VM_FAULT_NOPAGE
    wp_page_reuse(k, vmf)
    return 0


@kernel_function
async def do_page_mkwrite(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Ask the file system whether the page may be written to; may sleep.

    VM_FAULT_LOCKED if so: the page comes back locked, so that it cannot be truncated or cleaned before the PTE is
    set. 0 if the page was truncated meanwhile.
    """
    page = vmf.page
    assert page is not None
    flags, vmf.flags = vmf.flags, FAULT_FLAG_WRITE | FAULT_FLAG_MKWRITE
    ret = await ext4_page_mkwrite(k, vmf)
    vmf.flags = flags
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE) or ret & VM_FAULT_LOCKED:
        return ret
    await lock_page(k, page)
    if page.mapping is None:
        unlock_page(k, page)
        return 0
    return ret | VM_FAULT_LOCKED


@kernel_function
async def fault_dirty_shared_page(k: Machine, vmf: VmFault) -> vm_fault_t:
    """A page of a shared mapping is about to be written to: mark it dirty, and unlock it; may sleep.

    Then the task is held up if there are too many dirty pages. That may take long, so mmap_lock is dropped before,
    if this is the first attempt, and VM_FAULT_RETRY makes the fault start again. It finds the PTE in order, but
    counts as major, although nothing was read.
    """
    vma, page = vmf.vma, vmf.page
    assert page is not None
    assert vma.vm_file is not None
    dirtied = set_page_dirty(k, page)
    mapping = page.mapping
    unlock_page(k, page)
    if not has_page_mkwrite(vma):
        file_update_time(k, vma.vm_file)
    if mapping is not None and (dirtied or has_page_mkwrite(vma)):
        fpin = maybe_unlock_mmap_for_io(k, vmf, None)
        await balance_dirty_pages_ratelimited(k, mapping)
        if fpin is not None:
            fput(k, fpin)
            return VM_FAULT_RETRY
    return 0
