"""From "a page is missing" to a PTE: the part of fault handling that is the same for all architectures.

Interface:
    * `handle_mm_fault` is called with mmap_lock held for reading and a VMA that contains the address.
    * It says what it did in VM_FAULT_ bits; VM_FAULT_RETRY means that mmap_lock has been dropped.
    * It may sleep: reading from disk waits for the disk.

Linux 5.10: mm/memory.c.  Not modelled: swap, huge pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import (
    PAGE_MASK,
    PAGE_SHIFT,
    PAGE_SIZE,
    PTRS_PER_PTE,
    pgd_index,
    pte_index,
)
from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
from webapp.kernel.arch.arm.include.asm.pgtable import (
    L_PTE_DIRTY,
    L_PTE_PRESENT,
    L_PTE_RDONLY,
    L_PTE_YOUNG,
)
from webapp.kernel.arch.arm.mm.copypage_v6 import v6_copy_user_highpage_nonaliasing
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_page
from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.ext4.inode import ext4_filemap_fault
from webapp.kernel.include.linux.gfp import GFP_HIGHUSER_MOVABLE, GFP_KERNEL
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_TRIED,
    FAULT_FLAG_WRITE,
    VM_FAULT_ERROR,
    VM_FAULT_LOCKED,
    VM_FAULT_MAJOR,
    VM_FAULT_NOPAGE,
    VM_FAULT_OOM,
    VM_FAULT_RETRY,
    VM_SHARED,
    vm_fault_t,
)
from webapp.kernel.include.linux.mm_types import VmArea, VmFault
from webapp.kernel.include.linux.page_flags import PG_uptodate
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_prepare
from webapp.kernel.mm.filemap import filemap_map_pages
from webapp.kernel.mm.memcontrol import mem_cgroup_charge
from webapp.kernel.mm.memory_anon import do_anonymous_page
from webapp.kernel.mm.memory_pte import finish_fault, pte_alloc_one, pte_free
from webapp.kernel.mm.memory_wp import do_page_mkwrite, do_wp_page, fault_dirty_shared_page, has_page_mkwrite
from webapp.kernel.mm.page_alloc import __alloc_pages_nodemask
from webapp.kernel.mm.page_cache import lock_page, unlock_page
from webapp.kernel.mm.pgtable_generic import ptep_set_access_flags
from webapp.kernel.mm.shmem import shmem_fault
from webapp.kernel.mm.swap import put_page

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine


@kernel_function
async def handle_mm_fault(k: Machine, vma: VmArea, address: int, flags: int) -> vm_fault_t:
    """Serve one attempt of one fault, and count it.

    Every call counts in pgfault, so a fault that is tried twice counts there twice. The task's own major or
    minor counter moves once, when an attempt has completed.
    """
    k.vmstat.pgfault += 1
    k.fault.attempted()
    fault = await __handle_mm_fault(k, vma, address, flags)
    mm_account_fault(k, fault, flags)
    return fault


@kernel_function(inlined=True)
def mm_account_fault(k: Machine, fault: vm_fault_t, flags: int) -> None:
    """Major or minor? Major if this attempt read from disk, or if it is a second attempt.

    So a page that was already cached but made the fault wait counts as major too. Failed and unfinished
    attempts count as neither.
    """
    if fault & (VM_FAULT_ERROR | VM_FAULT_RETRY):
        return
    if fault & VM_FAULT_MAJOR or flags & FAULT_FLAG_TRIED:
        k.current.maj_flt += 1
    else:
        k.current.min_flt += 1


@kernel_function(inlined=True)
async def __handle_mm_fault(k: Machine, vma: VmArea, address: int, flags: int) -> vm_fault_t:
    """Describe the fault. With two levels of tables there is nothing to allocate on the way down yet."""
    pgoff = ((address - vma.vm_start) >> PAGE_SHIFT) + vma.vm_pgoff
    return await handle_pte_fault(k, VmFault(vma, address & PAGE_MASK, flags, pgoff))


@kernel_function(inlined=True)
async def handle_pte_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Decide by the PTE: nothing there, or there but the hardware could not use it as asked.

    A missing page of PTEs counts as an empty PTE; it is made later, when there is something to put in it.
    """
    table = vmf.vma.vm_mm._tables.get(pgd_index(vmf.address))
    entry = table.linux(pte_index(vmf.address)) if table else 0
    if table is None or entry == 0:
        if vmf.vma._vm_ops is None:
            return await do_anonymous_page(k, vmf)
        return await do_fault(k, vmf)
    vmf.orig_pte = entry
    return await handle_present_pte(k, vmf, table)


async def handle_present_pte(k: Machine, vmf: VmFault, table: PageTable) -> vm_fault_t:
    """The PTE is present, but the hardware could not use it: it was old (not young), or this is a write.

    To a writable PTE that is clean, the first write only makes it dirty. The hardware has no such bit, so Linux shows
    it a read-only entry until then. (The last part of handle_pte_fault in Linux.)
    """
    entry = vmf.orig_pte
    assert entry & L_PTE_PRESENT
    if vmf.flags & FAULT_FLAG_WRITE:
        if entry & L_PTE_RDONLY:
            return await do_wp_page(k, vmf)
        entry |= L_PTE_DIRTY
    entry |= L_PTE_YOUNG
    changed = ptep_set_access_flags(k, vmf.vma, vmf.address, table, entry)
    if not changed and vmf.flags & FAULT_FLAG_WRITE and not vmf.flags & FAULT_FLAG_TRIED:
        flush_tlb_page(k, vmf.vma.vm_mm, vmf.address)  # a stale TLB entry was to blame
    return 0


@kernel_function(inlined=True)
async def do_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Memory with a file behind it: read, private write, or shared write.

    A page of PTEs that was prepared and not needed is given back.
    """
    if vmf.vma._vm_ops == "special_mapping_vmops":
        raise NotModelled(
            f"{vmf.vma.name} at {vmf.address:#010x} is the program's own image, whose faults are not modelled."
        )
    if not vmf.flags & FAULT_FLAG_WRITE:
        ret = await do_read_fault(k, vmf)
    elif not vmf.vma.vm_flags & VM_SHARED:
        ret = await do_cow_fault(k, vmf)
    else:
        ret = await do_shared_fault(k, vmf)
    if vmf.prealloc_pte is not None:
        pte_free(k, vmf.prealloc_pte)
        vmf.prealloc_pte = None
    return ret


@kernel_function(inlined=True)
async def do_read_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """First map what is already cached around the address; only if that did not help, ask the file."""
    if k.settings.fault_around_bytes >> PAGE_SHIFT > 1:
        ret = await do_fault_around(k, vmf)
        if ret:
            return ret
    ret = await __do_fault(k, vmf)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        return ret
    assert vmf.page is not None
    ret |= finish_fault(k, vmf)
    unlock_page(k, vmf.page)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        put_page(k, vmf.page)
    return ret


@kernel_function(inlined=True)
async def do_cow_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """The first touch of a private page is a write: copy the file's page, and map only the copy.

    The frame for the copy is there before the file's page is. If that has to be waited for, it is given back, and
    the second attempt takes another. There is no fault-around: one write, one copy, one PTE.
    """
    if anon_vma_prepare(k, vmf.vma):
        return VM_FAULT_OOM
    cow_page = vmf.cow_page = await __alloc_pages_nodemask(k, GFP_HIGHUSER_MOVABLE)
    if cow_page is None:
        return VM_FAULT_OOM
    if await mem_cgroup_charge(k, cow_page, GFP_KERNEL):
        put_page(k, cow_page)
        return VM_FAULT_OOM
    ret = await __do_fault(k, vmf)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        put_page(k, cow_page)
        return ret
    assert vmf.page is not None
    v6_copy_user_highpage_nonaliasing(k, cow_page, vmf.page, vmf.address)
    cow_page.flags |= PG_uptodate
    ret |= finish_fault(k, vmf)
    unlock_page(k, vmf.page)
    put_page(k, vmf.page)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        put_page(k, cow_page)
    return ret


@kernel_function(inlined=True)
async def do_shared_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """The first touch of a shared page is a write: get the page, tell the file system, map it writable.

    No fault-around here either: it would make neighbours writable that nobody writes to.
    """
    ret = await __do_fault(k, vmf)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        return ret
    assert vmf.page is not None
    if has_page_mkwrite(vmf.vma):
        unlock_page(k, vmf.page)
        tmp = await do_page_mkwrite(k, vmf)
        if not tmp or tmp & (VM_FAULT_ERROR | VM_FAULT_NOPAGE):
            put_page(k, vmf.page)
            return tmp
    ret |= finish_fault(k, vmf)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        unlock_page(k, vmf.page)
        put_page(k, vmf.page)
        return ret
    return ret | await fault_dirty_shared_page(k, vmf)


@kernel_function(inlined=True)
async def do_fault_around(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Choose the pages to try: up to fault_around_bytes, aligned in the *address space*, not in the file.

    The window stays inside the VMA and inside the 2 MiB that one page of PTEs covers. Mapping a cached
    neighbour now is far cheaper than a fault later.
    """
    vma, address = vmf.vma, vmf.address
    nr_pages = k.settings.fault_around_bytes >> PAGE_SHIFT
    start = max(address & ~(nr_pages * PAGE_SIZE - 1), vma.vm_start)
    start_pgoff = vmf.pgoff - (((address - start) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))
    end_pgoff = min(
        start_pgoff + PTRS_PER_PTE - 1 - pte_index(start),
        vma.vm_pgoff + vma.pages - 1,
        start_pgoff + nr_pages - 1,
    )
    if pgd_index(address) not in vma.vm_mm._tables:
        vmf.prealloc_pte = await pte_alloc_one(k)
        if vmf.prealloc_pte is None:
            return 0
    k.fault.tried(start_pgoff, end_pgoff)
    mapped_before = vma.vm_mm.rss_file + vma.vm_mm.rss_shmem
    vmf.address = start
    filemap_map_pages(k, vmf, start_pgoff, end_pgoff)
    vmf.address = address
    mapped = vma.vm_mm.rss_file + vma.vm_mm.rss_shmem - mapped_before
    k.stage(
        "map_pages",
        f"fault-around tried pages {start_pgoff}-{end_pgoff} and set {mapped} PTEs",
        start_pgoff=start_pgoff, end_pgoff=end_pgoff,
    )  # fmt: skip
    solved = vmf.table is not None and vmf.table.linux(pte_index(address)) != 0
    vmf.table = None
    return VM_FAULT_NOPAGE if solved else 0


@kernel_function
async def __do_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """Ask the file for the page: it comes back locked, or not at all."""
    vma = vmf.vma
    if pgd_index(vmf.address) not in vma.vm_mm._tables and vmf.prealloc_pte is None:
        vmf.prealloc_pte = await pte_alloc_one(k)
        if vmf.prealloc_pte is None:
            return VM_FAULT_OOM
    ret = await shmem_fault(k, vmf) if vma._vm_ops == "shmem_vm_ops" else await ext4_filemap_fault(k, vmf)
    if ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY):
        return ret
    if not ret & VM_FAULT_LOCKED:
        assert vmf.page is not None
        await lock_page(k, vmf.page)
    return ret
