"""The last VMAs that a task looked up: four of them, because programs keep touching the same few mappings.

Rules for callers:
    * A hit must contain the address; the cache never answers "the next VMA above".
    * Taking any VMA out of an address space makes every cached pointer stale: call `vmacache_invalidate`.

Linux 5.10: mm/vmacache.c, include/linux/vmacache.h
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PGDIR_SHIFT
from webapp.kernel.include.linux.sched import VMACACHE_SIZE
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine


def vmacache_hash(addr: int) -> int:
    """The slot where the search for ``addr`` begins: neighbours within 2 MiB share it."""
    return (addr >> PGDIR_SHIFT) % VMACACHE_SIZE


def vmacache_invalidate(mm: Mm) -> None:
    """A VMA went away: every cache filled before now is stale, which the sequence number tells."""
    mm._vmacache_seqnum += 1


@kernel_function(inlined=True)
def vmacache_valid(k: Machine, mm: Mm) -> bool:
    """Whether this task's cache may be used for ``mm``; a stale one is emptied on the spot."""
    task = k.current
    if mm is not task.mm:
        return False
    if mm._vmacache_seqnum != task._vmacache_seqnum:
        task._vmacache_seqnum = mm._vmacache_seqnum
        task._vmacache[:] = [None] * VMACACHE_SIZE
        return False
    return True


@kernel_function
def vmacache_find(k: Machine, mm: Mm, addr: int) -> VmArea | None:
    """The cached VMA that contains ``addr``, if there is one: all four slots are tried, the likeliest first."""
    if not vmacache_valid(k, mm):
        return None
    first = vmacache_hash(addr)
    for slot in range(first, first + VMACACHE_SIZE):
        vma = k.current._vmacache[slot % VMACACHE_SIZE]
        if vma is not None and vma.vm_start <= addr < vma.vm_end:
            return vma
    return None


@kernel_function
def vmacache_update(k: Machine, addr: int, vma: VmArea) -> None:
    """Remember the answer to a lookup of ``addr``."""
    if k.mm is vma.vm_mm:
        k.current._vmacache[vmacache_hash(addr)] = vma
