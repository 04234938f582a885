"""Joining a new or changed range with the VMAs beside it, so that they stay few.

Two ranges can be one VMA if they have the same flags, map the same struct file at consecutive pages (or are both
anonymous), and touch. With P the VMA before, A the range, N the one after, the cases are, as Linux numbers them:

    free space      1  P A N -> one VMA         2  P A -> P grows up          3  A N -> N grows down
    part of a VMA   4  tail of P joins N        5  head of N joins P
    a whole VMA     6  P A N -> one VMA         7  P swallows A               8  N swallows A

Rules for callers: hold mmap_lock for writing; a None means that nothing was changed.

Linux 5.10: mm/mmap.c.  Not modelled: memory policies, userfaultfd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.linux.mm import VM_SPECIAL
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.vma import vma_next
from webapp.kernel.mm.vma_adjust import __vma_adjust

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.mm_types import AnonVma, Mm, VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"
MERGE_CASES = {
    1: "the range fills the hole between two VMAs, and all three become one",
    2: "the VMA below grows up over the range",
    3: "the VMA above grows down over the range",
    4: "the tail of the VMA below goes over to the one above",
    5: "the head of the VMA above goes over to the one below",
    6: "the changed VMA now equals both neighbours, and all three become one",
    7: "the VMA below swallows the changed VMA",
    8: "the VMA above swallows the changed VMA",
}


@kernel_function(inlined=True)
def is_mergeable_vma(k: Machine, vma: VmArea, file: File | None, vm_flags: int) -> bool:
    """Same flags to the last bit, and the same open file: two open() calls never merge."""
    return vma.vm_flags == vm_flags and vma.vm_file is file


@kernel_function(inlined=True)
def is_mergeable_anon_vma(k: Machine, anon_vma1: AnonVma | None, anon_vma2: AnonVma | None, vma: VmArea | None) -> bool:
    """Whether private copies of pages, if any, allow it.

    Two VMAs with copies may only join if they share their anon_vma; one without copies joins one that has them
    as long as no fork has passed the latter on.
    """
    if (anon_vma1 is None or anon_vma2 is None) and (vma is None or len(vma._anon_vma_chain) == 1):
        return True
    return anon_vma1 is anon_vma2


@kernel_function
def can_vma_merge_before(
    k: Machine, vma: VmArea, vm_flags: int, anon_vma: AnonVma | None, file: File | None, vm_pgoff: int
) -> bool:
    """Whether something that ends at page ``vm_pgoff`` of the file may be joined to the front of ``vma``."""
    if is_mergeable_vma(k, vma, file, vm_flags) and is_mergeable_anon_vma(k, anon_vma, vma.anon_vma, vma):
        return vma.vm_pgoff == vm_pgoff
    return False


@kernel_function(inlined=True)
def can_vma_merge_after(
    k: Machine, vma: VmArea, vm_flags: int, anon_vma: AnonVma | None, file: File | None, vm_pgoff: int
) -> bool:
    """Whether something that begins at page ``vm_pgoff`` of the file may be joined to the end of ``vma``."""
    if is_mergeable_vma(k, vma, file, vm_flags) and is_mergeable_anon_vma(k, anon_vma, vma.anon_vma, vma):
        return vma.vm_pgoff + vma.pages == vm_pgoff
    return False


@kernel_function
def vma_merge(
    k: Machine, mm: Mm, prev: VmArea | None, addr: int, end: int, vm_flags: int, anon_vma: AnonVma | None,
    file: File | None, pgoff: int,
) -> VmArea | None:  # fmt: skip
    """Let a neighbour take over [addr, end), which is free space or (part of) one VMA about to get ``vm_flags``.

    The VMA below is asked first, then the one above. Returns the VMA that now covers the range, or None if
    neither fits; then the caller makes a VMA of its own, or splits the old one.
    """
    if vm_flags & VM_SPECIAL:
        return None
    last_pgoff = pgoff + ((end - addr) >> PAGE_SHIFT)
    area = following = vma_next(mm, prev)
    if area is not None and area.vm_end == end:  # a whole VMA changes: cases 6, 7, 8
        following = vma_next(mm, area)

    if prev is not None and prev.vm_end == addr and can_vma_merge_after(k, prev, vm_flags, anon_vma, file, pgoff):
        upto = end
        if (
            following is not None and end == following.vm_start
            and can_vma_merge_before(k, following, vm_flags, anon_vma, file, last_pgoff)
            and is_mergeable_anon_vma(k, prev.anon_vma, following.anon_vma, None)
        ):  # fmt: skip
            upto = following.vm_end
        case = merged_upwards(area, end, upto)
        __vma_adjust(k, prev, prev.vm_start, upto, prev.vm_pgoff, None, prev)
        k.stage("vma", f"merged, case {case}: {MERGE_CASES[case]}", vma=prev.ref, case=case)
        return prev

    if (
        area is not None and following is not None and end == following.vm_start
        and can_vma_merge_before(k, following, vm_flags, anon_vma, file, last_pgoff)
    ):  # fmt: skip
        if prev is not None and addr < prev.vm_end:
            case = 4
            __vma_adjust(k, prev, prev.vm_start, addr, prev.vm_pgoff, None, following)
        else:
            case = 3 if area is following else 8
            start_pgoff = following.vm_pgoff - (last_pgoff - pgoff)
            __vma_adjust(k, area, addr, following.vm_end, start_pgoff, None, following)
        k.stage("vma", f"merged, case {case}: {MERGE_CASES[case]}", vma=following.ref, case=case)
        return following
    return None


def merged_upwards(area: VmArea | None, end: int, upto: int) -> int:
    """The case in which the VMA below grows up to ``upto``; ``area`` is what stood after it."""
    whole = area is not None and area.vm_end == end
    if upto > end:
        return 6 if whole else 1
    if whole:
        return 7
    return 5 if area is not None and area.vm_start < end else 2
