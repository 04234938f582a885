"""anon_vma: the way back from an anonymous page to the VMAs that may map it.

A page of a file is found through the file's i_mmap. A private copy belongs to no file any more, so its VMA gets an
anon_vma of its own, when its first copy is made and not before: most mappings never need one.

Rules for callers:
    * `anon_vma_prepare` before a VMA gets its first anonymous page; mmap_lock held for reading is enough.
    * Neighbours that could be merged share one anon_vma, or mprotect and a fault in between would keep them apart.

Linux 5.10: mm/rmap.c, mm/mmap.c.  Not modelled: anon_vma chains over several processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.linux.mm import VM_ACCESS_FLAGS
from webapp.kernel.include.linux.mm_types import AnonVma
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.vma import vma_next, vma_prev

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/rmap.c"


@kernel_function(inlined=True, file="include/linux/rmap.h")
def anon_vma_prepare(k: Machine, vma: VmArea) -> int:
    """Make sure that the VMA has an anon_vma. 0, or -ENOMEM where memory could run out."""
    if vma.anon_vma is not None:
        return 0
    return __anon_vma_prepare(k, vma)


@kernel_function
def __anon_vma_prepare(k: Machine, vma: VmArea) -> int:
    """The first page of its own: take over the anon_vma of a neighbour that could be merged one day, or make one."""
    anon_vma = find_mergeable_anon_vma(k, vma)
    found = anon_vma is not None
    join_anon_vma(vma, anon_vma or AnonVma(k.journal))
    k.stage("vma", f"{vma.ref} {'shares' if found else 'gets'} {vma.anon_vma and vma.anon_vma.ref}", vma=vma.ref)
    return 0


def join_anon_vma(vma: VmArea, anon_vma: AnonVma) -> None:
    """One more VMA of this anon_vma."""
    vma.anon_vma = anon_vma
    anon_vma.num_active_vmas += 1
    anon_vma._vmas.append(vma)


@kernel_function
def anon_vma_clone(k: Machine, dst: VmArea, src: VmArea) -> int:
    """A split or a merge: ``dst`` may now map the anonymous pages of ``src``."""
    if src.anon_vma is not None:
        join_anon_vma(dst, src.anon_vma)
    return 0


@kernel_function
def unlink_anon_vmas(k: Machine, vma: VmArea) -> None:
    """The VMA goes away; with the last one goes its anon_vma."""
    anon_vma, vma.anon_vma = vma.anon_vma, None
    if anon_vma is not None:
        anon_vma.num_active_vmas -= 1
        anon_vma._vmas.remove(vma)
        if anon_vma.num_active_vmas == 0:
            anon_vma.forget()


@kernel_function(file="mm/mmap.c")
def find_mergeable_anon_vma(k: Machine, vma: VmArea) -> AnonVma | None:
    """The anon_vma of the VMA above, or of the one below, if that is near enough of a kind."""
    above, below = vma_next(vma.vm_mm, vma), vma_prev(vma.vm_mm, vma)
    if above is not None and above.anon_vma is not None and anon_vma_compatible(vma, above):
        return above.anon_vma
    if below is not None and anon_vma_compatible(below, vma):
        return below.anon_vma
    return None


def anon_vma_compatible(a: VmArea, b: VmArea) -> bool:
    """Whether two neighbours differ in nothing but what mprotect can change."""
    return (
        a.vm_end == b.vm_start
        and a.vm_file is b.vm_file
        and not (a.vm_flags ^ b.vm_flags) & ~VM_ACCESS_FLAGS
        and b.vm_pgoff == a.vm_pgoff + ((b.vm_start - a.vm_start) >> PAGE_SHIFT)
    )
