"""mprotect: other permissions for a range of mappings, and for the PTEs that are already there.

A VMA of which only a part changes is split; one that comes to equal its neighbour is merged with it. PTEs that do
not exist yet need nothing: they will be made from the new vm_page_prot.

Linux 5.10: mm/mprotect.c.  Not modelled: protection keys, userfaultfd write protection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, page_align, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import (
    L_PTE_DIRTY,
    L_PTE_NONE,
    L_PTE_PRESENT,
    L_PTE_RDONLY,
    L_PTE_USER,
    L_PTE_VALID,
    L_PTE_XN,
)
from webapp.kernel.arch.arm.mm.mmu import set_pte_at
from webapp.kernel.arch.arm.mm.tlb_v7 import flush_tlb_range
from webapp.kernel.include.linux.mm import (
    VM_ACCESS_FLAGS,
    VM_ACCOUNT,
    VM_GROWSDOWN,
    VM_LOCKED,
    VM_NORESERVE,
    VM_SHARED,
    VM_WRITE,
)
from webapp.kernel.include.uapi.asm_generic.errno import EACCES, EINTR, EINVAL, ENOMEM
from webapp.kernel.include.uapi.asm_generic.mman import (
    PROT_EXEC,
    PROT_GROWSDOWN,
    PROT_GROWSUP,
    PROT_READ,
    PROT_SEM,
    PROT_WRITE,
)
from webapp.kernel.locking.rwsem import down_write_killable, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.gup import populate_vma_page_range
from webapp.kernel.mm.memory_unmap import slot_ranges
from webapp.kernel.mm.vma import (
    find_vma,
    may_expand_vm,
    vm_stat_account,
    vma_next,
    vma_prev,
    vma_set_page_prot,
    vma_wants_writenotify,
)
from webapp.kernel.mm.vma_adjust import split_vma
from webapp.kernel.mm.vma_merge import vma_merge
from webapp.kernel.security.security import security_vm_enough_memory_mm

if TYPE_CHECKING:
    from webapp.kernel.arch.arm.include.asm.pgalloc import PageTable
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF
GROWS = PROT_GROWSDOWN | PROT_GROWSUP
KNOWN_PROT = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM
CHANGEABLE = L_PTE_XN | L_PTE_RDONLY | L_PTE_USER | L_PTE_NONE | L_PTE_VALID  # what pte_modify takes from the new bits
MM_CP_DIRTY_ACCT = 1 << 0


@kernel_function
async def sys_mprotect(k: Machine, start: int, length: int, prot: int) -> int:
    """mprotect(2)."""
    return await do_mprotect_pkey(k, start & MASK, length & MASK, prot & MASK)


@kernel_function(inlined=True)
async def do_mprotect_pkey(k: Machine, start: int, length: int, prot: int) -> int:
    """Check the request, take mmap_lock and change one VMA after the other; may sleep.

    A hole in the range gives -ENOMEM, a permission that the mapping can never have -EACCES, both only after the
    VMAs before it were changed.
    """
    grows, prot = prot & GROWS, prot & ~GROWS
    if grows == GROWS or start % PAGE_SIZE:
        return -EINVAL
    if length == 0:
        return 0
    end = (start + page_align(length)) & MASK
    if end <= start:
        return -ENOMEM
    if prot & ~KNOWN_PROT:
        return -EINVAL
    mm = k.mm
    if await down_write_killable(k, mm._sem):
        return -EINTR
    error = await mprotect_range(k, mm, start, end, prot, grows)
    up_write(k, mm._sem)
    return error


async def mprotect_range(k: Machine, mm: Mm, start: int, end: int, prot: int, grows: int) -> int:
    """The VMAs of [start, end), in order. (The part of do_mprotect_pkey that runs under mmap_lock.)"""
    vma = find_vma(k, mm, start)
    if vma is None:
        return -ENOMEM
    prev = vma_prev(mm, vma)
    if grows & PROT_GROWSDOWN:  # from the lowest address of the stack
        if vma.vm_start >= end:
            return -ENOMEM
        start = vma.vm_start
        if not vma.vm_flags & VM_GROWSDOWN:
            return -EINVAL
    elif vma.vm_start > start:
        return -ENOMEM
    elif grows & PROT_GROWSUP:
        return -EINVAL  # no mapping grows upwards on ARM
    if start > vma.vm_start:
        prev = vma

    while True:
        newflags = (vma.vm_flags & ~VM_ACCESS_FLAGS) | (prot & VM_ACCESS_FLAGS)
        if newflags & ~(newflags >> 4) & VM_ACCESS_FLAGS:  # VM_MAYREAD and so on stand four bits higher
            return -EACCES
        upto = min(vma.vm_end, end)
        error, prev = await mprotect_fixup(k, vma, prev, start, upto, newflags)
        start = max(upto, prev.vm_end)
        if error or start >= end:
            return error
        following = vma_next(mm, prev)
        if following is None or following.vm_start != start:
            return -ENOMEM
        vma = following


@kernel_function
async def mprotect_fixup(
    k: Machine, vma: VmArea, prev: VmArea | None, start: int, end: int, newflags: int
) -> tuple[int, VmArea]:
    """Give [start, end) of one VMA new flags: merge it with a neighbour, or else split off what stays as it was.

    Memory that becomes private and writable is promised from now on, and the promise is not taken back when it
    becomes read-only again. Locked memory must not fault later for want of a copy, so its copies are made now: for
    that this may sleep. Returns an errno and the VMA that covers the range.
    """
    mm, oldflags = vma.vm_mm, vma.vm_flags
    pages = (end - start) >> PAGE_SHIFT
    if newflags == oldflags:
        return 0, vma
    if newflags & VM_WRITE:
        if not may_expand_vm(k, mm, newflags, pages) and may_expand_vm(k, mm, oldflags, pages):
            return -ENOMEM, vma
        if not oldflags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE):
            if security_vm_enough_memory_mm(k, pages):
                return -ENOMEM, vma
            newflags |= VM_ACCOUNT

    pgoff = vma.vm_pgoff + ((start - vma.vm_start) >> PAGE_SHIFT)
    merged = vma_merge(k, mm, prev, start, end, newflags, vma.anon_vma, vma.vm_file, pgoff)
    if merged is not None:
        vma = merged
    else:
        if start != vma.vm_start and split_vma(k, mm, vma, start, True):
            return -ENOMEM, vma
        if end != vma.vm_end and split_vma(k, mm, vma, end, False):
            return -ENOMEM, vma
    vma.vm_flags = newflags
    notify = vma_wants_writenotify(k, vma, vma.vm_page_prot)
    vma_set_page_prot(k, vma)
    change_protection(k, vma, start, end, vma.vm_page_prot, MM_CP_DIRTY_ACCT if notify else 0)
    if oldflags & (VM_WRITE | VM_SHARED | VM_LOCKED) == VM_LOCKED and newflags & VM_WRITE:
        await populate_vma_page_range(k, vma, start, end, None)
    vm_stat_account(k, mm, oldflags, -pages)
    vm_stat_account(k, mm, newflags, pages)
    return 0, vma


@kernel_function
def change_protection(k: Machine, vma: VmArea, start: int, end: int, newprot: int, cp_flags: int) -> int:
    """Rewrite the PTEs that exist in the range, then flush the TLB once; the number of PTEs."""
    changed = 0
    for addr, upto in slot_ranges(start, end):
        table = vma.vm_mm._tables.get(pgd_index(addr))
        if table is not None:
            changed += change_pte_range(k, vma, table, addr, upto, newprot, cp_flags)
    if changed:
        flush_tlb_range(k, vma.vm_mm, start, end)
    return changed


@kernel_function(inlined=True)
def change_pte_range(
    k: Machine, vma: VmArea, table: PageTable, start: int, end: int, newprot: int, cp_flags: int
) -> int:
    """Give each present PTE the new permission bits; frame, young and dirty stay.

    A private page stays read-only even if the VMA becomes writable: do_wp_page decides at the next write whether it
    must be copied.

    PROT_NONE leaves the page mapped for Linux and empties the hardware's word. A page that is dirty already may
    be writable at once: nobody needs to be told of its next write.
    """
    changed = 0
    for addr in range(start, end, PAGE_SIZE):
        pte = table.linux(pte_index(addr))
        if not pte & L_PTE_PRESENT:
            continue
        pte = pte_modify(pte, newprot)
        if cp_flags & MM_CP_DIRTY_ACCT and pte & L_PTE_DIRTY:
            pte &= ~L_PTE_RDONLY
        set_pte_at(k, vma.vm_mm, table, addr, pte)
        changed += 1
    return changed


def pte_modify(pte: int, newprot: int) -> int:
    """The PTE with the permission bits of ``newprot``."""
    return (pte & ~CHANGEABLE) | (newprot & CHANGEABLE)
