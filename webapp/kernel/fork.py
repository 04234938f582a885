"""Making and dropping VMAs.  Linux 5.10: kernel/fork.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.mm_types import VmArea
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

LINUX_FILE = "kernel/fork.c"


@kernel_function
def vm_area_alloc(k: Machine, mm: Mm) -> VmArea:
    """A blank VMA of this address space, not yet in its list; the caller fills in where, what and how."""
    return VmArea(k.journal, vm_mm=mm, vm_start=0, vm_end=0, vm_flags=0)


@kernel_function
def vm_area_dup(k: Machine, orig: VmArea) -> VmArea:
    """A copy of a VMA, not yet in any list; the first step of a split, and of giving it to a child."""
    return VmArea(
        k.journal,
        vm_mm=orig.vm_mm,
        vm_start=orig.vm_start,
        vm_end=orig.vm_end,
        vm_flags=orig.vm_flags,
        vm_page_prot=orig.vm_page_prot,
        vm_pgoff=orig.vm_pgoff,
        vm_file=orig.vm_file,
        name=orig.name,
        anon_vma=orig.anon_vma,
        _vm_ops=orig._vm_ops,
    )


@kernel_function
def vm_area_free(k: Machine, vma: VmArea) -> None:
    """The VMA is in no list any more: forget it."""
    vma.forget()
