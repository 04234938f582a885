"""Growing a stack: a VMA marked VM_GROWSDOWN reaches down to an address that was touched below it.

Linux 5.10: mm/mmap.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import MMAP_MIN_ADDR, PAGE_MASK, PAGE_SHIFT
from webapp.kernel.include.linux.mm import VM_GROWSDOWN, VM_LOCKED
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM, EPERM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.anon_vma import anon_vma_prepare
from webapp.kernel.mm.vma import (
    RLIMIT_MEMLOCK,
    RLIMIT_STACK,
    STACK_GUARD_GAP,
    may_expand_vm,
    vm_stat_account,
    vma_is_accessible,
    vma_prev,
)
from webapp.kernel.security.security import CAP_IPC_LOCK, capable, security_vm_enough_memory_mm

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"


@kernel_function
def expand_stack(k: Machine, vma: VmArea, address: int) -> int:
    """Let a stack grow down to ``address``, under a read hold of mmap_lock. 0, -EPERM or -ENOMEM."""
    return expand_downwards(k, vma, address)


@kernel_function
def expand_downwards(k: Machine, vma: VmArea, address: int) -> int:
    """Grow unless that brings the stack within a megabyte of another mapping, or past its limit of 8 MiB.

    The megabyte is the guard gap: a stack that runs away faults before it can reach other data.
    """
    mm = vma.vm_mm
    address &= PAGE_MASK
    if address < MMAP_MIN_ADDR:
        return -EPERM
    prev = vma_prev(mm, vma)
    if prev is not None and not prev.vm_flags & VM_GROWSDOWN and vma_is_accessible(prev):
        if address - prev.vm_end < STACK_GUARD_GAP:
            return -ENOMEM
    if anon_vma_prepare(k, vma):
        return -ENOMEM

    size, grow = vma.vm_end - address, (vma.vm_start - address) >> PAGE_SHIFT
    if grow <= 0:
        return 0
    if grow > vma.vm_pgoff:
        return -ENOMEM
    error = acct_stack_growth(k, vma, size, grow)
    if error:
        return error
    vm_stat_account(k, mm, vma.vm_flags, grow)
    if vma.vm_flags & VM_LOCKED:
        mm.locked_vm += grow
    vma.vm_start = address
    vma.vm_pgoff -= grow
    k.stage("vma", f"the stack grows by {grow} pages, down to 0x{address:x}", vma=vma.ref)
    return 0


@kernel_function(inlined=True)
def acct_stack_growth(k: Machine, vma: VmArea, size: int, grow: int) -> int:
    """Whether the limits allow a stack of ``size`` bytes, ``grow`` pages more than now."""
    if not may_expand_vm(k, vma.vm_mm, vma.vm_flags, grow):
        return -ENOMEM
    if size > RLIMIT_STACK:
        return -ENOMEM
    if vma.vm_flags & VM_LOCKED and vma.vm_mm.locked_vm + grow > RLIMIT_MEMLOCK >> PAGE_SHIFT:
        if not capable(k, CAP_IPC_LOCK):
            return -ENOMEM
    return security_vm_enough_memory_mm(k, grow)
