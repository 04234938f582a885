"""An address space as a list of VMAs in address order: how one is found, and what a new one may cost.

Rules for callers:
    * Hold mmap_lock; for writing if VMAs are added, removed or moved.
    * `find_vma` answers with the lowest VMA that *ends* above the address: test vm_start before using it.
    * Linux 5.10 links the VMAs in a list and in a red-black tree; one sorted list serves for both here.

Linux 5.10: mm/mmap.c.  Not modelled: RLIMIT_AS and RLIMIT_DATA other than unlimited.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.arch.arm.include.asm.pgtable import vm_get_page_prot
from webapp.kernel.include.linux.mm import VM_ACCESS_FLAGS, VM_EXEC, VM_GROWSDOWN, VM_NORESERVE, VM_SHARED, VM_WRITE
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.vmacache import vmacache_find, vmacache_update

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"
MAX_MAP_COUNT = 65530  # vm.max_map_count
STACK_GUARD_GAP = 256 << PAGE_SHIFT  # bytes kept free below a mapping that grows downwards
RLIM_INFINITY = 0xFFFFFFFF
RLIMIT_AS = RLIMIT_DATA = RLIM_INFINITY
RLIMIT_STACK = 8 << 20
RLIMIT_MEMLOCK = 64 << 10


# The list.


def _start(vma: VmArea) -> int:
    return vma.vm_start


def _end(vma: VmArea) -> int:
    return vma.vm_end


def first_ending_above(mm: Mm, addr: int) -> VmArea | None:
    """What `find_vma` looks for, without the cache: Linux goes down the tree here."""
    at = bisect_right(mm._mmap, addr, key=_end)
    return mm._mmap[at] if at < len(mm._mmap) else None


def vma_next(mm: Mm, vma: VmArea | None) -> VmArea | None:
    """The VMA after ``vma``; the first one of all for None."""
    at = 0 if vma is None else bisect_right(mm._mmap, vma.vm_start, key=_start)
    return mm._mmap[at] if at < len(mm._mmap) else None


def vma_prev(mm: Mm, vma: VmArea | None) -> VmArea | None:
    """The VMA before ``vma``; the last one of all for None."""
    at = len(mm._mmap) if vma is None else bisect_left(mm._mmap, vma.vm_start, key=_start)
    return mm._mmap[at - 1] if at else None


def vm_start_gap(vma: VmArea) -> int:
    """Where the free space below ``vma`` ends: a stack keeps a megabyte of it for itself."""
    if vma.vm_flags & VM_GROWSDOWN:
        return max(vma.vm_start - STACK_GUARD_GAP, 0)
    return vma.vm_start


def vma_is_accessible(vma: VmArea) -> bool:
    """Whether the program may do anything at all with it (false for PROT_NONE)."""
    return bool(vma.vm_flags & VM_ACCESS_FLAGS)


@kernel_function
def find_vma(k: Machine, mm: Mm, addr: int) -> VmArea | None:
    """The first VMA with ``addr < vm_end``, or None.

    It need not contain the address: ``vm_start`` may lie above it, and then ``addr`` is in a hole.
    The task's own little cache is asked first; every page fault comes through here.
    """
    vma = vmacache_find(k, mm, addr)
    if vma is not None:
        return vma
    vma = first_ending_above(mm, addr)
    if vma is not None:
        vmacache_update(k, addr, vma)
    return vma


@kernel_function
def find_vma_prev(k: Machine, mm: Mm, addr: int) -> tuple[VmArea | None, VmArea | None]:
    """What find_vma finds, together with the VMA before it. (The compiler put a copy of find_vma inside.)"""
    vma = vmacache_find(k, mm, addr)
    if vma is None:
        vma = first_ending_above(mm, addr)
        if vma is not None:
            vmacache_update(k, addr, vma)
    return vma, vma_prev(mm, vma)


@kernel_function(inlined=True)
def find_vma_links(k: Machine, mm: Mm, addr: int, end: int) -> tuple[int, VmArea | None]:
    """Where a VMA for [addr, end) would be linked: 0 and its predecessor, or -ENOMEM if the range is not free."""
    vma = first_ending_above(mm, addr)
    if vma is not None and vma.vm_start < end:
        return -ENOMEM, None
    return 0, vma_prev(mm, vma)


# Limits and bookkeeping.


def is_exec_mapping(flags: int) -> bool:
    """Counted in exec_vm: code."""
    return flags & (VM_EXEC | VM_WRITE | VM_GROWSDOWN) == VM_EXEC


def is_stack_mapping(flags: int) -> bool:
    """Counted in stack_vm."""
    return bool(flags & VM_GROWSDOWN)


def is_data_mapping(flags: int) -> bool:
    """Counted in data_vm: private memory that can be written."""
    return flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN) == VM_WRITE


@kernel_function
def may_expand_vm(k: Machine, mm: Mm, flags: int, npages: int) -> bool:
    """Whether the limits on address space (RLIMIT_AS) and data (RLIMIT_DATA) leave room for ``npages`` more."""
    if mm.total_vm + npages > RLIMIT_AS >> PAGE_SHIFT:
        return False
    return not (is_data_mapping(flags) and mm.data_vm + npages > RLIMIT_DATA >> PAGE_SHIFT)


@kernel_function(inlined=True)
def vm_stat_account(k: Machine, mm: Mm, flags: int, npages: int) -> None:
    """Add ``npages`` (negative: take away) to the size of the address space and of the part that the flags name."""
    count_pages(mm, flags, npages)


def count_pages(mm: Mm, flags: int, npages: int) -> None:
    """What vm_stat_account does, for a program that is only being loaded."""
    mm.total_vm += npages
    if is_exec_mapping(flags):
        mm.exec_vm += npages
    elif is_stack_mapping(flags):
        mm.stack_vm += npages
    elif is_data_mapping(flags):
        mm.data_vm += npages


def update_hiwater_vm(mm: Mm) -> None:
    """The address space is about to shrink: remember how large it was."""
    mm.hiwater_vm = max(mm.hiwater_vm, mm.total_vm)


def update_hiwater_rss(mm: Mm) -> None:
    """The resident set is about to shrink: remember how large it was."""
    mm.hiwater_rss = max(mm.hiwater_rss, mm.rss_anon + mm.rss_file + mm.rss_shmem)


def accountable_mapping(vm_flags: int) -> bool:
    """Whether memory is promised to it: private and writable, without MAP_NORESERVE."""
    return vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE) == VM_WRITE


# Protection of the PTEs.


@kernel_function
def vma_wants_writenotify(k: Machine, vma: VmArea, vm_page_prot: int) -> bool:
    """Whether the first write to each page must fault, so that the file system learns of it.

    True for writable shared mappings of ext4 files (they have ``page_mkwrite``), false for shared anonymous memory.
    """
    if vma.vm_flags & (VM_WRITE | VM_SHARED) != VM_WRITE | VM_SHARED:
        return False
    return vma._vm_ops == "ext4_file_vm_ops"


@kernel_function
def vma_set_page_prot(k: Machine, vma: VmArea) -> None:
    """Derive the PTE bits of new pages (vm_page_prot) from vm_flags.

    If writes must be noticed, the bits are those of a private mapping: read-only at first.
    """
    flags = vma.vm_flags
    prot = vm_get_page_prot(flags)
    if vma_wants_writenotify(k, vma, prot):
        prot = vm_get_page_prot(flags & ~VM_SHARED)
    vma.vm_page_prot = prot
