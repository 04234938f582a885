"""Where ARM puts a mapping for which the program named no address: as high as possible below mmap_base.

Linux 5.10: arch/arm/mm/mmap.c, arch/arm/include/uapi/asm/mman.h.
Not modelled: the bottom-up layout of old programs; colouring, which caches of ARMv7 do not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import FIRST_USER_ADDRESS, TASK_SIZE, page_align
from webapp.kernel.include.uapi.asm_generic.errno import EINVAL, ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import MAP_FIXED
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.unmapped_area import UnmappedAreaInfo, vm_unmapped_area
from webapp.kernel.mm.vma import find_vma, vm_start_gap

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine


def arch_mmap_check(addr: int, flags: int) -> int:
    """Old ARM CPUs keep their exception vectors in the first two pages: MAP_FIXED there is refused."""
    return -EINVAL if flags & MAP_FIXED and addr < FIRST_USER_ADDRESS else 0


@kernel_function
def arch_get_unmapped_area_topdown(
    k: Machine, file: File | None, addr: int, length: int, pgoff: int, flags: int
) -> int:
    """Choose the address: the caller's own if MAP_FIXED, its hint if that is free, else the highest hole.

    A hint is only a wish: it is granted if the whole range lies below TASK_SIZE and touches no VMA above it.
    """
    mm = k.mm
    if length > TASK_SIZE:
        return -ENOMEM
    if flags & MAP_FIXED:
        return addr

    if addr:
        addr = page_align(addr)
        vma = find_vma(k, mm, addr)
        if TASK_SIZE - length >= addr and (vma is None or addr + length <= vm_start_gap(vma)):
            k.stage("note", f"the hint 0x{addr:x} is free and is taken", address=addr)
            return addr

    info = UnmappedAreaInfo(topdown=True, length=length, low_limit=FIRST_USER_ADDRESS, high_limit=mm.mmap_base)
    addr = vm_unmapped_area(k, info)
    if addr < 0:  # no hole below mmap_base is large enough, so look above it
        info = UnmappedAreaInfo(topdown=False, length=length, low_limit=mm.mmap_base, high_limit=TASK_SIZE)
        addr = vm_unmapped_area(k, info)
    return addr
