"""brk: moving the end of the heap.

The heap is one VMA of private anonymous memory right above the program's data. malloc asks for more of it in steps.

Linux 5.10: mm/mmap.c.  Not modelled: limits on data (unlimited), compat_brk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, page_align
from webapp.kernel.arch.arm.include.asm.pgtable import vm_get_page_prot
from webapp.kernel.fork import vm_area_alloc
from webapp.kernel.include.linux.mm import (
    VM_ACCOUNT,
    VM_LOCKED,
    VM_MAYEXEC,
    VM_MAYREAD,
    VM_MAYWRITE,
    VM_READ,
    VM_WRITE,
)
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import MAP_FIXED
from webapp.kernel.locking.rwsem import down_write_killable, up_read, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.do_mmap import get_unmapped_area, mlock_future_check
from webapp.kernel.mm.mmap_region import munmap_vma_range
from webapp.kernel.mm.munmap import DOWNGRADED, __do_munmap
from webapp.kernel.mm.vma import MAX_MAP_COUNT, count_pages, find_vma, may_expand_vm, vm_start_gap
from webapp.kernel.mm.vma_adjust import vma_link
from webapp.kernel.mm.vma_merge import vma_merge
from webapp.kernel.security.security import security_vm_enough_memory_mm

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"
VM_DATA_DEFAULT_FLAGS = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC


@kernel_function
async def sys_brk(k: Machine, brk: int) -> int:
    """Make the heap end at ``brk``; the end that it has now, which is the old one if that cannot be; may sleep.

    brk(0) only asks. Whole pages come and go; growing stops a guard gap below the next mapping.
    """
    mm = k.mm
    brk &= 0xFFFFFFFF
    await down_write_killable(k, mm._sem)
    origbrk = mm.brk
    if brk < mm.start_brk:
        up_write(k, mm._sem)
        return origbrk
    newbrk, oldbrk = page_align(brk), page_align(mm.brk)
    if oldbrk == newbrk:
        mm.brk = brk
    elif brk <= mm.brk:
        mm.brk = brk
        ret = await __do_munmap(k, mm, newbrk, oldbrk - newbrk, True)
        if ret < 0:
            mm.brk = origbrk
        elif ret == DOWNGRADED:
            up_read(k, mm._sem)
            return mm.brk
    else:
        following = find_vma(k, mm, oldbrk)
        if following is not None and newbrk + (1 << PAGE_SHIFT) > vm_start_gap(following):
            up_write(k, mm._sem)
            return origbrk
        if await do_brk_flags(k, oldbrk, newbrk - oldbrk, 0) == 0:
            mm.brk = brk
            k.stage("vma", f"the heap ends at {brk:#x} now", brk=brk)
    up_write(k, mm._sem)
    return mm.brk


@kernel_function
async def do_brk_flags(k: Machine, addr: int, length: int, flags: int) -> int:
    """Private anonymous memory at a fixed place: what mmap does, made short. Usually the heap's VMA just grows."""
    mm = k.mm
    flags |= VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT | mm.def_flags
    pgoff = addr >> PAGE_SHIFT
    mapped = get_unmapped_area(k, None, addr, length, 0, MAP_FIXED)
    if mapped < 0:
        return mapped
    error = mlock_future_check(k, mm, mm.def_flags, length)
    if error:
        return error
    error, prev = await munmap_vma_range(k, mm, addr, length)
    if error:
        return error
    pages = length >> PAGE_SHIFT
    if not may_expand_vm(k, mm, flags, pages) or mm.map_count > MAX_MAP_COUNT:
        return -ENOMEM
    if security_vm_enough_memory_mm(k, pages):
        return -ENOMEM
    vma = vma_merge(k, mm, prev, addr, addr + length, flags, None, None, pgoff)
    if vma is None:
        vma = vm_area_alloc(k, mm)
        vma.vm_start, vma.vm_end, vma.vm_pgoff, vma.vm_flags = addr, addr + length, pgoff, flags
        vma.vm_page_prot, vma.name = vm_get_page_prot(flags), "[heap]"
        vma_link(k, mm, vma)
    count_pages(mm, flags, pages)
    if flags & VM_LOCKED:
        mm.locked_vm += pages
    return 0
