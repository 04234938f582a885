"""mremap: give a mapping another length, and if need be another place.

Shrinking is an munmap of the tail. Growing is a matter of moving vm_end, as long as nothing is in the way. Otherwise
the mapping moves: not the bytes, not the pages, only the PTEs go to other page tables (`mm/mremap_move.py`).

Rules for callers: mremap takes mmap_lock for writing, and may have it turned into a read hold by the munmap of a tail.

Linux 5.10: mm/mremap.c.  Not modelled: userfaultfd, huge pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, TASK_SIZE, page_align
from webapp.kernel.include.linux.mm import (
    VM_ACCOUNT,
    VM_DONTEXPAND,
    VM_LOCKED,
    VM_MAYSHARE,
    VM_PFNMAP,
    VM_SHARED,
)
from webapp.kernel.include.uapi.asm_generic.errno import EAGAIN, EFAULT, EINTR, EINVAL, ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import (
    MAP_FIXED,
    MAP_SHARED,
    MREMAP_DONTUNMAP,
    MREMAP_FIXED,
    MREMAP_MAYMOVE,
)
from webapp.kernel.locking.rwsem import down_write_killable, up_read, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.do_mmap import get_unmapped_area
from webapp.kernel.mm.gup import __mm_populate
from webapp.kernel.mm.mremap_move import move_vma
from webapp.kernel.mm.munmap import DOWNGRADED, __do_munmap, do_munmap
from webapp.kernel.mm.vma import (
    MAX_MAP_COUNT,
    RLIMIT_MEMLOCK,
    find_vma,
    may_expand_vm,
    vm_stat_account,
    vma_next,
)
from webapp.kernel.mm.vma_adjust import __vma_adjust
from webapp.kernel.security.security import CAP_IPC_LOCK, capable, security_vm_enough_memory_mm

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF
KNOWN_FLAGS = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP


@kernel_function
async def sys_mremap(k: Machine, addr: int, old_len: int, new_len: int, flags: int, new_addr: int) -> int:
    """Make [addr, addr + old_len) a mapping of ``new_len`` bytes; may sleep. Its address, or a negative errno.

    What the new part of locked memory needs is read at once, after mmap_lock is dropped.
    """
    addr, new_addr, flags = addr & MASK, new_addr & MASK, flags & MASK
    if flags & ~KNOWN_FLAGS or (flags & MREMAP_FIXED and not flags & MREMAP_MAYMOVE):
        return -EINVAL
    if flags & MREMAP_DONTUNMAP and (not flags & MREMAP_MAYMOVE or old_len & MASK != new_len & MASK):
        return -EINVAL
    if addr % PAGE_SIZE:
        return -EINVAL
    old_len, new_len = page_align(old_len), page_align(new_len)
    if not new_len:
        return -EINVAL

    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    if not flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) and old_len >= new_len:
        return await shrink(k, mm, addr, old_len, new_len)
    if flags & (MREMAP_FIXED | MREMAP_DONTUNMAP):
        ret, locked = await mremap_to(k, addr, old_len, new_addr, new_len, flags)
    else:
        ret, locked = await grow(k, mm, addr, old_len, new_len, flags)
    up_write(k, mm._sem)
    if ret >= 0 and locked and new_len > old_len:
        await __mm_populate(k, ret + old_len, new_len - old_len, True)
    return ret


async def shrink(k: Machine, mm: Mm, addr: int, old_len: int, new_len: int) -> int:
    """Unmap the tail. That is all, and a mapping need not even be there for it. (A part of mremap in Linux.)"""
    ret = await __do_munmap(k, mm, addr + new_len & MASK, old_len - new_len, True)
    if ret == DOWNGRADED:
        up_read(k, mm._sem)
        return addr
    up_write(k, mm._sem)
    return ret if ret < 0 and old_len != new_len else addr


async def grow(k: Machine, mm: Mm, addr: int, old_len: int, new_len: int, flags: int) -> tuple[int, bool]:
    """Grow in place if the mapping ends here and the space above is free; else move. (A part of mremap in Linux.)

    The address or a negative errno, and whether the new part is locked memory.
    """
    vma = vma_to_resize(k, addr, old_len, new_len, flags)
    if isinstance(vma, int):
        return vma, False
    more = new_len - old_len
    if old_len == vma.vm_end - addr and vma_expandable(k, vma, more):
        pages = more >> PAGE_SHIFT
        __vma_adjust(k, vma, vma.vm_start, addr + new_len, vma.vm_pgoff, None, None)
        vm_stat_account(k, mm, vma.vm_flags, pages)
        k.stage("vma", f"grown in place by {pages} pages, up to {vma.vm_end:#x}", vma=vma.ref)
        if vma.vm_flags & VM_LOCKED:
            mm.locked_vm += pages
        return addr, bool(vma.vm_flags & VM_LOCKED)

    if not flags & MREMAP_MAYMOVE:
        return -ENOMEM, False
    map_flags = MAP_SHARED if vma.vm_flags & VM_MAYSHARE else 0
    new_addr = get_unmapped_area(k, vma.vm_file, 0, new_len, linear_page_index(vma, addr), map_flags)
    if new_addr < 0:
        return new_addr, False
    return await move_vma(k, vma, addr, old_len, new_len, new_addr, flags)


def linear_page_index(vma: VmArea, addr: int) -> int:
    """The page of the file that an address of the VMA stands for."""
    return vma.vm_pgoff + ((addr - vma.vm_start) >> PAGE_SHIFT)


@kernel_function(inlined=True)
def vma_to_resize(k: Machine, addr: int, old_len: int, new_len: int, flags: int) -> VmArea | int:
    """The VMA at ``addr``, if it may get the new length; else a negative errno.

    The old range must lie in one VMA (-EFAULT). An old length of 0 asks for a second view of the same memory, which
    only shared mappings can have. Growing is subject to what mmap is subject to: limits and promises of memory.
    """
    mm = k.mm
    vma = find_vma(k, mm, addr)
    if vma is None or vma.vm_start > addr:
        return -EFAULT
    if not old_len and not vma.vm_flags & (VM_SHARED | VM_MAYSHARE):
        return -EINVAL
    if flags & MREMAP_DONTUNMAP and (vma._vm_ops is not None or vma.vm_flags & VM_SHARED):
        return -EINVAL
    if old_len > vma.vm_end - addr:
        return -EFAULT
    if new_len == old_len:
        return vma
    if linear_page_index(vma, addr) + (new_len >> PAGE_SHIFT) > MASK:
        return -EINVAL
    if vma.vm_flags & (VM_DONTEXPAND | VM_PFNMAP):
        return -EFAULT
    more = (new_len - old_len) >> PAGE_SHIFT
    if vma.vm_flags & VM_LOCKED and mm.locked_vm + more > RLIMIT_MEMLOCK >> PAGE_SHIFT:
        if not capable(k, CAP_IPC_LOCK):
            return -EAGAIN
    if not may_expand_vm(k, mm, vma.vm_flags, more):
        return -ENOMEM
    if vma.vm_flags & VM_ACCOUNT and security_vm_enough_memory_mm(k, more):
        return -ENOMEM
    return vma


@kernel_function(inlined=True)
def vma_expandable(k: Machine, vma: VmArea, delta: int) -> bool:
    """Whether ``delta`` bytes after the VMA are free. Linux does not ask for a guard gap here."""
    end = vma.vm_end + delta
    above = vma_next(vma.vm_mm, vma)
    if end > MASK or (above is not None and above.vm_start < end):
        return False
    return get_unmapped_area(k, None, vma.vm_start, end - vma.vm_start, 0, MAP_FIXED) >= 0


@kernel_function(inlined=True)
async def mremap_to(k: Machine, addr: int, old_len: int, new_addr: int, new_len: int, flags: int) -> tuple[int, bool]:
    """Move to an address of the caller's choice (MREMAP_FIXED), or leave the old range mapped and empty
    (MREMAP_DONTUNMAP).

    What is mapped at the new address is unmapped first, even if the move then fails. The address or a negative errno,
    and whether it is locked memory.
    """
    mm = k.mm
    if new_addr % PAGE_SIZE or new_len > TASK_SIZE or new_addr > TASK_SIZE - new_len:
        return -EINVAL, False
    if addr + old_len > new_addr and new_addr + new_len > addr:
        return -EINVAL, False
    if mm.map_count + 2 >= MAX_MAP_COUNT - 3:
        return -ENOMEM, False
    if flags & MREMAP_FIXED:
        ret = await do_munmap(k, mm, new_addr, new_len)
        if ret:
            return ret, False
    if old_len >= new_len:
        ret = await do_munmap(k, mm, addr + new_len & MASK, old_len - new_len)
        if ret and old_len != new_len:
            return ret, False
        old_len = new_len

    vma = vma_to_resize(k, addr, old_len, new_len, flags)
    if isinstance(vma, int):
        return vma, False
    if flags & MREMAP_DONTUNMAP and not may_expand_vm(k, mm, vma.vm_flags, old_len >> PAGE_SHIFT):
        return -ENOMEM, False
    map_flags = MAP_FIXED if flags & MREMAP_FIXED else 0
    if vma.vm_flags & VM_MAYSHARE:
        map_flags |= MAP_SHARED
    found = get_unmapped_area(k, vma.vm_file, new_addr, new_len, linear_page_index(vma, addr), map_flags)
    if found < 0:
        return found, False
    return await move_vma(k, vma, addr, old_len, new_len, new_addr if flags & MREMAP_FIXED else found, flags)
