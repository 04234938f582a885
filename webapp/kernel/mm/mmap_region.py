"""mmap_region: the address is settled, now make room there and put a VMA in it.

Linux 5.10: mm/mmap.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.arch.arm.include.asm.pgtable import vm_get_page_prot
from webapp.kernel.fork import vm_area_alloc, vm_area_free
from webapp.kernel.fs.ext4.file import ext4_file_mmap
from webapp.kernel.fs.file_table import fput, get_file
from webapp.kernel.include.linux.fs import PROC
from webapp.kernel.include.linux.mm import VM_ACCOUNT, VM_LOCKED, VM_LOCKED_CLEAR_MASK, VM_SHARED, VM_SPECIAL
from webapp.kernel.include.uapi.asm_generic.errno import EIO, ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.munmap import do_munmap, unmap_region
from webapp.kernel.mm.shmem import shmem_zero_setup
from webapp.kernel.mm.vma import (
    accountable_mapping,
    find_vma_links,
    may_expand_vm,
    vm_stat_account,
    vma_set_page_prot,
)
from webapp.kernel.mm.vma_adjust import vma_link
from webapp.kernel.mm.vma_merge import vma_merge
from webapp.kernel.security.security import security_vm_enough_memory_mm

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"


@kernel_function
async def mmap_region(k: Machine, file: File | None, addr: int, length: int, vm_flags: int, pgoff: int) -> int:
    """Map [addr, addr + length): unmap what is there, then extend a neighbour or make a VMA of its own; may sleep.

    Private writable memory is a promise, so whether there could be enough of it is asked here (VM_ACCOUNT marks
    what was promised). Who serves the faults of a new VMA is up to its file, or to shared memory; private memory
    without a file needs nobody, as it begins as zeros. The address, or a negative errno.
    """
    mm = k.mm
    pages = length >> PAGE_SHIFT
    if not may_expand_vm(k, mm, vm_flags, pages):
        return -ENOMEM
    error, prev = await munmap_vma_range(k, mm, addr, length)
    if error:
        return -ENOMEM
    if accountable_mapping(vm_flags):
        if security_vm_enough_memory_mm(k, pages):
            return -ENOMEM
        vm_flags |= VM_ACCOUNT

    vma = vma_merge(k, mm, prev, addr, addr + length, vm_flags, None, file, pgoff)
    if vma is None:
        vma = vm_area_alloc(k, mm)
        vma.vm_start, vma.vm_end, vma.vm_pgoff = addr, addr + length, pgoff
        vma.vm_flags, vma.vm_page_prot = vm_flags, vm_get_page_prot(vm_flags)
        if file is not None:
            vma.vm_file, vma.name = get_file(file), file.inode.name
            error = call_mmap(k, file, vma)
            if error:
                vma.vm_file = None
                fput(k, file)
                await unmap_region(k, mm, [vma], prev, addr, addr + length)
        elif vm_flags & VM_SHARED:
            error = shmem_zero_setup(k, vma)
        if error:
            vm_area_free(k, vma)
            return error
        vma_link(k, mm, vma)
    vm_stat_account(k, mm, vm_flags, pages)
    if vm_flags & VM_LOCKED and vm_flags & VM_SPECIAL:
        vma.vm_flags &= VM_LOCKED_CLEAR_MASK
    elif vm_flags & VM_LOCKED:
        mm.locked_vm += pages
    vma_set_page_prot(k, vma)
    return addr


@kernel_function(inlined=True)
async def munmap_vma_range(k: Machine, mm: Mm, start: int, length: int) -> tuple[int, VmArea | None]:
    """Clear the range of other mappings, which only MAP_FIXED can meet; 0 and the VMA before it, or -ENOMEM."""
    while True:
        occupied, prev = find_vma_links(k, mm, start, start + length)
        if not occupied:
            return 0, prev
        if await do_munmap(k, mm, start, length):
            return -ENOMEM, None


@kernel_function(inlined=True, file="include/linux/fs.h")
def call_mmap(k: Machine, file: File, vma: VmArea) -> int:
    """Let the file system of the file have its say: ``file->f_op->mmap``."""
    if file.inode.s_dev == PROC:
        return -EIO
    return ext4_file_mmap(k, file, vma)
