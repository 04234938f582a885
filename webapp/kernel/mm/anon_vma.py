"""anon_vma: the way back from an anonymous page to the VMAs that may map it.

A page of a file is found through the file's i_mmap. A private copy belongs to no file any more, so its VMA gets an
anon_vma of its own, when its first copy is made and not before: most mappings never need one.

Rules for callers:
    * `anon_vma_prepare` before a VMA gets its first anonymous page; mmap_lock held for reading is enough.
    * Neighbours that could be merged share one anon_vma, or mprotect and a fault in between would keep them apart.
    * After fork, parent and child map the same anonymous pages. The child's VMA is linked to every anon_vma that the
      parent's is linked to (its chain), and to a new one for the pages that it will make itself.

Linux 5.10: mm/rmap.c, mm/mmap.c.  Linux makes a struct anon_vma_chain of every link; here it is an entry in two lists.
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
    from webapp.kernel.journal import Journal
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
    join_anon_vma(vma, anon_vma or new_root(k.journal))
    k.stage("vma", f"{vma.ref} {'shares' if found else 'gets'} {vma.anon_vma and vma.anon_vma.ref}", vma=vma.ref)
    return 0


def new_root(journal: Journal) -> AnonVma:
    """An anon_vma without a parent; it counts itself among its children."""
    return AnonVma(journal, num_children=1)


def anon_vma_chain_link(vma: VmArea, anon_vma: AnonVma) -> None:
    """Pages of this anon_vma may be mapped in the VMA: note it on both sides."""
    vma._anon_vma_chain.append(anon_vma)
    anon_vma._vmas.append(vma)


def join_anon_vma(vma: VmArea, anon_vma: AnonVma) -> None:
    """One more VMA whose own pages belong to this anon_vma."""
    vma.anon_vma = anon_vma
    anon_vma.num_active_vmas += 1
    anon_vma_chain_link(vma, anon_vma)


@kernel_function
def anon_vma_clone(k: Machine, dst: VmArea, src: VmArea) -> int:
    """A split, a merge or a fork: ``dst`` may now map the anonymous pages that ``src`` may map.

    After a split both have the same anon_vma. At a fork ``dst`` takes over an anon_vma that nobody uses any more and
    that has but one child, so that a family of short-lived processes does not make ever longer chains.
    """
    for anon_vma in src._anon_vma_chain:
        anon_vma_chain_link(dst, anon_vma)
        unused = anon_vma.num_children < 2 and anon_vma.num_active_vmas == 0
        if dst.anon_vma is None and src.anon_vma is not None and unused:
            dst.anon_vma = anon_vma
    if dst.anon_vma is not None:
        dst.anon_vma.num_active_vmas += 1
    return 0


@kernel_function
def anon_vma_fork(k: Machine, vma: VmArea, pvma: VmArea) -> int:
    """The child's VMA may map the pages that the parent's has now; its own will belong to an anon_vma of its own.

    So who looks for the mappings of a page that the child has made need not look at the parent.
    """
    if pvma.anon_vma is None:
        return 0
    vma.anon_vma = None
    anon_vma_clone(k, vma, pvma)
    if vma.anon_vma is not None:  # one was taken over
        return 0
    join_anon_vma(vma, AnonVma(k.journal, parent=pvma.anon_vma))
    pvma.anon_vma.num_children += 1
    return 0


@kernel_function
def unlink_anon_vmas(k: Machine, vma: VmArea) -> None:
    """The VMA goes away. An anon_vma in which no VMA is left goes too, and is one child less of its parent."""
    if vma.anon_vma is not None:
        vma.anon_vma.num_active_vmas -= 1
        vma.anon_vma = None
    chain, vma._anon_vma_chain = vma._anon_vma_chain, []
    for anon_vma in chain:
        anon_vma._vmas.remove(vma)
    for anon_vma in reversed(chain):
        if not anon_vma._vmas:
            if anon_vma.parent is not None:
                anon_vma.parent.num_children -= 1
            anon_vma.forget()


@kernel_function(file="mm/mmap.c")
def find_mergeable_anon_vma(k: Machine, vma: VmArea) -> AnonVma | None:
    """The anon_vma of the VMA above, or of the one below, if that is near enough of a kind."""
    above, below = vma_next(vma.vm_mm, vma), vma_prev(vma.vm_mm, vma)
    if above is not None and anon_vma_compatible(vma, above) and (found := reusable_anon_vma(above)):
        return found
    return reusable_anon_vma(below) if below is not None and anon_vma_compatible(below, vma) else None


def reusable_anon_vma(neighbour: VmArea) -> AnonVma | None:
    """The neighbour's anon_vma, unless a fork has made a chain of it: such VMAs are not merged."""
    return neighbour.anon_vma if len(neighbour._anon_vma_chain) == 1 else None


def anon_vma_compatible(a: VmArea, b: VmArea) -> bool:
    """Whether two neighbours differ in nothing but what mprotect can change."""
    return (
        a.vm_end == b.vm_start
        and a.vm_file is b.vm_file
        and not (a.vm_flags ^ b.vm_flags) & ~VM_ACCESS_FLAGS
        and b.vm_pgoff == a.vm_pgoff + ((b.vm_start - a.vm_start) >> PAGE_SHIFT)
    )
