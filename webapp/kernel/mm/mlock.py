"""mlock: memory that stays. Pages are read in now, and reclaim never takes them.

A range of the address space is locked by a flag, VM_LOCKED, and each page in it by another, PG_mlocked, which puts it
on the unevictable list where reclaim does not look (`mm/mlock_page.py`, `mm/munlock.py`). The flag of the VMA is for
good; pages come and go under it.

Rules for callers: everything here takes mmap_lock for writing itself, and lets go of it before pages are read in.

Linux 5.10: mm/mlock.c.  Not modelled: users other than root, whom RLIMIT_MEMLOCK would stop at 64 KiB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_MASK, PAGE_SHIFT, PAGE_SIZE, TASK_SIZE, page_align
from webapp.kernel.include.linux.mm import VM_LOCKED, VM_LOCKED_CLEAR_MASK, VM_LOCKONFAULT, VM_SPECIAL
from webapp.kernel.include.uapi.asm_generic.errno import EAGAIN, EFAULT, EINTR, EINVAL, ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MLOCK_ONFAULT
from webapp.kernel.locking.rwsem import down_write_killable, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.gup import __mm_populate
from webapp.kernel.mm.munlock import munlock_vma_pages_range
from webapp.kernel.mm.vma import RLIMIT_MEMLOCK, find_vma, vma_next, vma_prev
from webapp.kernel.mm.vma_adjust import split_vma
from webapp.kernel.mm.vma_merge import vma_merge
from webapp.kernel.sched.core import cond_resched
from webapp.kernel.security.security import CAP_IPC_LOCK, capable

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF


@kernel_function
async def sys_mlock(k: Machine, start: int, length: int) -> int:
    """mlock(2)."""
    return await do_mlock(k, start & MASK, length & MASK, VM_LOCKED)


@kernel_function
async def sys_mlock2(k: Machine, start: int, length: int, flags: int) -> int:
    """mlock2(2). With MLOCK_ONFAULT a page is locked when it is touched; those in memory already, at once."""
    if flags & ~MLOCK_ONFAULT:
        return -EINVAL
    return await do_mlock(k, start & MASK, length & MASK, VM_LOCKED | (VM_LOCKONFAULT if flags else 0))


@kernel_function
async def do_mlock(k: Machine, start: int, length: int, flags: int) -> int:
    """Mark the range as locked, then read it in; may sleep. Crooked borders are rounded outwards.

    -ENOMEM for a hole in the range (what lies before it is locked then, but not read in) or a page that cannot be had.
    """
    start, length = page_range(start, length)
    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    error = -ENOMEM
    if mm.locked_vm + (length >> PAGE_SHIFT) <= RLIMIT_MEMLOCK >> PAGE_SHIFT or capable(k, CAP_IPC_LOCK):
        error = await apply_vma_lock_flags(k, mm, start, length, flags)
    up_write(k, mm._sem)
    if error:
        return error
    return __mlock_posix_error_return(await __mm_populate(k, start, length, False))


def page_range(start: int, length: int) -> tuple[int, int]:
    """The whole pages that hold [start, start + length)."""
    return start & PAGE_MASK, page_align(length + start % PAGE_SIZE)


def __mlock_posix_error_return(error: int) -> int:
    """What POSIX wants mlock to say: -ENOMEM for what is not there, -EAGAIN if there is no memory for it now."""
    return {-EFAULT: -ENOMEM, -ENOMEM: -EAGAIN}.get(error, error)


@kernel_function
async def sys_munlock(k: Machine, start: int, length: int) -> int:
    """munlock(2): the pages stay where they are, but reclaim may take them again. May sleep."""
    start, length = page_range(start & MASK, length & MASK)
    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    error = await apply_vma_lock_flags(k, mm, start, length, 0)
    up_write(k, mm._sem)
    return error


@kernel_function(inlined=True)
async def apply_vma_lock_flags(k: Machine, mm: Mm, start: int, length: int, flags: int) -> int:
    """Give each VMA of the range the flags VM_LOCKED and VM_LOCKONFAULT as asked, or neither; may sleep.

    A hole ends it: -ENOMEM.
    """
    end = start + length & MASK
    if end < start:
        return -EINVAL
    if end == start:
        return 0
    vma = find_vma(k, mm, start)
    if vma is None or vma.vm_start > start:
        return -ENOMEM
    prev = vma if start > vma.vm_start else vma_prev(mm, vma)
    while True:
        newflags = vma.vm_flags & VM_LOCKED_CLEAR_MASK | flags
        upto = min(vma.vm_end, end)
        error, prev = await mlock_fixup(k, vma, prev, start, upto, newflags)
        start = max(upto, prev.vm_end)
        if error or start >= end:
            return error
        following = vma_next(mm, prev)
        if following is None or following.vm_start != start:
            return -ENOMEM
        vma = following


@kernel_function(inlined=True)
async def mlock_fixup(
    k: Machine, vma: VmArea, prev: VmArea | None, start: int, end: int, newflags: int
) -> tuple[int, VmArea]:
    """Give [start, end) of one VMA new flags: merge it with a neighbour, or else split off what stays as it was.

    What is unlocked has its pages let go at once; what is locked gets them later, from `__mm_populate`. Mappings of the
    kernel's own, such as [vdso], are passed over. May sleep. An errno, and the VMA that covers the range.
    """
    mm, oldflags = vma.vm_mm, vma.vm_flags
    if newflags == oldflags or oldflags & VM_SPECIAL:
        return 0, vma
    pgoff = vma.vm_pgoff + ((start - vma.vm_start) >> PAGE_SHIFT)
    merged = vma_merge(k, mm, prev, start, end, newflags, vma.anon_vma, vma.vm_file, pgoff)
    if merged is not None:
        vma = merged
    else:
        if start != vma.vm_start and split_vma(k, mm, vma, start, True):
            return -ENOMEM, vma
        if end != vma.vm_end and split_vma(k, mm, vma, end, False):
            return -ENOMEM, vma

    pages = (end - start) >> PAGE_SHIFT
    if not newflags & VM_LOCKED:
        mm.locked_vm -= pages
        await munlock_vma_pages_range(k, vma, start, end)
        return 0, vma
    if not oldflags & VM_LOCKED:
        mm.locked_vm += pages
    vma.vm_flags = newflags
    k.stage("vma", f"{start:#x}-{end:#x} is locked; {mm.locked_vm} pages of the process are", vma=vma.ref)
    return 0, vma


@kernel_function
async def sys_mlockall(k: Machine, flags: int) -> int:
    """mlockall(2): lock what is mapped (MCL_CURRENT), what will be (MCL_FUTURE), or both; may sleep."""
    if not flags or flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) or flags == MCL_ONFAULT:
        return -EINVAL
    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    ret = -ENOMEM
    if not flags & MCL_CURRENT or mm.total_vm <= RLIMIT_MEMLOCK >> PAGE_SHIFT or capable(k, CAP_IPC_LOCK):
        ret = await apply_mlockall_flags(k, mm, flags)
    up_write(k, mm._sem)
    if not ret and flags & MCL_CURRENT:
        await __mm_populate(k, 0, TASK_SIZE, True)
    return ret


@kernel_function
async def sys_munlockall(k: Machine) -> int:
    """munlockall(2): nothing is locked any more, and new mappings will not be. May sleep."""
    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    ret = await apply_mlockall_flags(k, mm, 0)
    up_write(k, mm._sem)
    return ret


@kernel_function(inlined=True)
async def apply_mlockall_flags(k: Machine, mm: Mm, flags: int) -> int:
    """MCL_FUTURE goes into the flags that new mappings begin with, MCL_CURRENT into those of every VMA; may sleep.

    Each call replaces what the one before has set. MCL_FUTURE alone leaves the VMAs as they are.
    """
    onfault = VM_LOCKONFAULT if flags & MCL_ONFAULT else 0
    mm.def_flags &= VM_LOCKED_CLEAR_MASK
    if flags & MCL_FUTURE:
        mm.def_flags |= VM_LOCKED | onfault
        if not flags & MCL_CURRENT:
            return 0
    to_add = VM_LOCKED | onfault if flags & MCL_CURRENT else 0
    vma, prev = vma_next(mm, None), None
    while vma is not None:
        newflags = vma.vm_flags & VM_LOCKED_CLEAR_MASK | to_add
        _, prev = await mlock_fixup(k, vma, prev, vma.vm_start, vma.vm_end, newflags)
        vma = vma_next(mm, prev)
        await cond_resched()
    return 0
