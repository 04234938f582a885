"""munmap: cutting a range out of an address space.

The VMAs at both ends are split so that whole VMAs can go; these are taken out of the list, their PTEs cleared,
page tables freed, the TLB flushed, and only then are the VMAs themselves dropped. The page cache is not touched.

Rules for callers:
    * `__do_munmap` wants mmap_lock held for writing; unmapping a hole is no error.
    * munmap(2) turns its write hold into a read hold once the VMAs are out of the list, so that others may fault
      during a long unmap.

Linux 5.10: mm/mmap.c.  Not modelled: userfaultfd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import FIRST_USER_ADDRESS, PAGE_SIZE, TASK_SIZE, page_align
from webapp.kernel.fork import vm_area_free
from webapp.kernel.fs.file_table import fput
from webapp.kernel.include.linux.mm import VM_GROWSDOWN, VM_LOCKED
from webapp.kernel.include.uapi.asm_generic.errno import EINTR, EINVAL, ENOMEM
from webapp.kernel.locking.rwsem import down_write_killable, downgrade_write, up_read, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_unmap import free_pgtables, unmap_vmas
from webapp.kernel.mm.mmu_gather import tlb_finish_mmu, tlb_gather_mmu
from webapp.kernel.mm.munlock import munlock_vma_pages_range
from webapp.kernel.mm.swap import lru_add_drain
from webapp.kernel.mm.vma import (
    MAX_MAP_COUNT,
    find_vma,
    update_hiwater_rss,
    update_hiwater_vm,
    vm_stat_account,
    vma_next,
    vma_prev,
)
from webapp.kernel.mm.vma_adjust import __split_vma
from webapp.kernel.mm.vmacache import vmacache_invalidate

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"
USER_PGTABLES_CEILING = 0  # "no VMA above": page tables of user space may all go
DOWNGRADED = 1  # __do_munmap's way of saying that mmap_lock is held for reading now


@kernel_function
async def sys_munmap(k: Machine, addr: int, length: int) -> int:
    """munmap(2)."""
    return await __vm_munmap(k, addr & 0xFFFFFFFF, length & 0xFFFFFFFF, True)


@kernel_function
async def __vm_munmap(k: Machine, start: int, length: int, downgrade: bool) -> int:
    """Unmap [start, start + length) bytes under mmap_lock; may sleep. 0, -EINVAL, -ENOMEM or -EINTR."""
    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    ret = await __do_munmap(k, mm, start, length, downgrade)
    if ret == DOWNGRADED:
        up_read(k, mm._sem)
        return 0
    up_write(k, mm._sem)
    return ret


@kernel_function
async def __do_munmap(k: Machine, mm: Mm, start: int, length: int, downgrade: bool) -> int:
    """Unmap whatever lies in the range: 0, `DOWNGRADED`, or a negative errno; may sleep.

    Only -ENOMEM can come after a change: a first split is not undone if the second fails.
    """
    if start % PAGE_SIZE or start > TASK_SIZE or length > TASK_SIZE - start:
        return -EINVAL
    length = page_align(length)
    end = start + length
    if length == 0:
        return -EINVAL

    vma = find_vma(k, mm, start)
    if vma is None or vma.vm_start >= end:
        return 0
    prev = vma_prev(mm, vma)

    if start > vma.vm_start:
        # A hole in the middle leaves one VMA more than before.
        if end < vma.vm_end and mm.map_count >= MAX_MAP_COUNT:
            return -ENOMEM
        error = __split_vma(k, mm, vma, start, False)
        if error:
            return error
        prev = vma
    last = find_vma(k, mm, end)
    if last is not None and end > last.vm_start:
        error = __split_vma(k, mm, last, end, True)
        if error:
            return error

    vmas = vmas_between(mm, prev, end)
    await munlock_vmas(k, mm, vmas)
    if not detach_vmas_to_be_unmapped(k, mm, vmas, end):
        downgrade = False
    if downgrade:
        downgrade_write(k, mm._sem)
    await unmap_region(k, mm, vmas, prev, start, end)
    remove_vma_list(k, mm, vmas)
    return DOWNGRADED if downgrade else 0


async def munlock_vmas(k: Machine, mm: Mm, vmas: list[VmArea]) -> None:
    """Unlock what is locked of memory that goes away; may sleep. (A part of __do_munmap.)"""
    for vma in vmas if mm.locked_vm else []:
        if vma.vm_flags & VM_LOCKED:
            mm.locked_vm -= vma.pages
            await munlock_vma_pages_range(k, vma, vma.vm_start, vma.vm_end)


def vmas_between(mm: Mm, prev: VmArea | None, end: int) -> list[VmArea]:
    """The VMAs after ``prev`` that begin below ``end``."""
    found = []
    vma = vma_next(mm, prev)
    while vma is not None and vma.vm_start < end:
        found.append(vma)
        vma = vma_next(mm, vma)
    return found


@kernel_function(inlined=True)
async def do_munmap(k: Machine, mm: Mm, start: int, length: int) -> int:
    """Unmap for a caller who needs to keep the write hold of mmap_lock, such as mmap with MAP_FIXED."""
    return await __do_munmap(k, mm, start, length, False)


@kernel_function(inlined=True)
def detach_vmas_to_be_unmapped(k: Machine, mm: Mm, vmas: list[VmArea], end: int) -> bool:
    """Take the VMAs out of the list: from here on no fault finds them.

    False if mmap_lock must stay held for writing, because the VMA above is a stack: it can grow down into
    the range under a mere read hold.
    """
    at = mm._mmap.index(vmas[0])
    del mm._mmap[at : at + len(vmas)]
    for vma in vmas:
        vma.linked = False
    mm.map_count -= len(vmas)
    vmacache_invalidate(mm)
    k.stage("vma", f"{len(vmas)} VMA{'s are' if len(vmas) > 1 else ' is'} out of the address space", vma=vmas[0].ref)
    above = mm._mmap[at] if at < len(mm._mmap) else None
    return not (above is not None and above.vm_flags & VM_GROWSDOWN)


@kernel_function
async def unmap_region(k: Machine, mm: Mm, vmas: list[VmArea], prev: VmArea | None, start: int, end: int) -> None:
    """Clear the PTEs of the range and free the page tables that only it used, with one gathered TLB flush.

    May sleep between 2 MiB slots.
    """
    following = vma_next(mm, prev)
    lru_add_drain(k)
    tlb = tlb_gather_mmu(k, mm, False)
    update_hiwater_rss(mm)
    await unmap_vmas(k, tlb, vmas, start, end)
    floor = prev.vm_end if prev is not None else FIRST_USER_ADDRESS
    ceiling = following.vm_start if following is not None else USER_PGTABLES_CEILING
    free_pgtables(k, tlb, vmas, floor, ceiling)
    tlb_finish_mmu(k, tlb)


@kernel_function(inlined=True)
def remove_vma_list(k: Machine, mm: Mm, vmas: list[VmArea]) -> None:
    """The address space is smaller now; drop the detached VMAs one by one."""
    update_hiwater_vm(mm)
    for vma in vmas:
        vm_stat_account(k, mm, vma.vm_flags, -vma.pages)
        remove_vma(k, vma)


@kernel_function
def remove_vma(k: Machine, vma: VmArea) -> None:
    """Let go of the file, which may have been closed long ago, and of the VMA itself."""
    if vma.vm_file is not None:
        fput(k, vma.vm_file)
    vm_area_free(k, vma)


@kernel_function
async def exit_mmap(k: Machine, mm: Mm) -> None:
    """The program has ended: everything is unmapped, all page tables go, and nobody needs mmap_lock any more."""
    vmas, mm._mmap = mm._mmap, []
    for vma in vmas:
        vma.linked = False
    if not vmas:
        return
    await munlock_vmas(k, mm, vmas)
    lru_add_drain(k)
    tlb = tlb_gather_mmu(k, mm, True)
    await unmap_vmas(k, tlb, vmas, 0, TASK_SIZE)
    free_pgtables(k, tlb, vmas, FIRST_USER_ADDRESS, USER_PGTABLES_CEILING)
    tlb_finish_mmu(k, tlb)
    for vma in vmas:
        remove_vma(k, vma)
    mm.map_count = 0
