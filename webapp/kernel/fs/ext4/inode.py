"""How ext4 takes part in a fault on a mapped file.  Linux 5.10: fs/ext4/inode.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.include.linux.mm import vm_fault_t
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap import filemap_fault

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import VmFault
    from webapp.kernel.machine import Machine


@kernel_function
async def ext4_filemap_fault(k: Machine, vmf: VmFault) -> vm_fault_t:
    """ext4's own step before the page cache: hold off truncation (i_mmap_sem) while the fault is served.

    The work is filemap_fault's, in mm/filemap.c.
    """
    return await filemap_fault(k, vmf)
