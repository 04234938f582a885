"""Mapping an ext4 file.  Linux 5.10: fs/ext4/file.c.  Not modelled: DAX, access times (the disk is mounted noatime)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.mm import VM_SYNC
from webapp.kernel.include.uapi.asm_generic.errno import EOPNOTSUPP
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.machine import Machine


@kernel_function
def ext4_file_mmap(k: Machine, file: File, vma: VmArea) -> int:
    """Tell memory management whom to ask when a page is missing: nothing is read, not even one block number.

    From here on faults in this VMA go to ext4_filemap_fault, and fault-around to filemap_map_pages. MAP_SYNC
    would need persistent memory behind the file (-EOPNOTSUPP).
    """
    if vma.vm_flags & VM_SYNC:
        return -EOPNOTSUPP
    vma._vm_ops = "ext4_file_vm_ops"
    return 0
