"""mmap(2): from a file descriptor to a file.

The offset of the system call counts pages: mmap2 was made so that 32-bit programs can map files of 16 TiB, and
it means that a crooked offset cannot even be expressed (the C library refuses it).

Linux 5.10: mm/mmap.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.file_table import fget, fput
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EINVAL
from webapp.kernel.include.uapi.asm_generic.mman import MAP_ANONYMOUS, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_HUGETLB
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.util import vm_mmap_pgoff

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF


@kernel_function
async def sys_mmap_pgoff(k: Machine, addr: int, length: int, prot: int, flags: int, fd: int, pgoff: int) -> int:
    """The mmap2 system call: ``length`` in bytes, ``pgoff`` in pages of 4096 bytes."""
    return await ksys_mmap_pgoff(k, addr & MASK, length & MASK, prot & MASK, flags & MASK, fd, pgoff & MASK)


@kernel_function
async def ksys_mmap_pgoff(k: Machine, addr: int, length: int, prot: int, flags: int, fd: int, pgoff: int) -> int:
    """Find the file behind ``fd``, unless the mapping is anonymous and fd does not matter. May sleep.

    The address, or -EBADF for a descriptor that is not open, -EINVAL for huge pages, which this kernel lacks,
    or what vm_mmap_pgoff answers. The file keeps one reference for the mapping: it may be closed at once.
    """
    file = None
    if not flags & MAP_ANONYMOUS:
        file = fget(k, fd)
        if file is None:
            return -EBADF
    ret = -EINVAL
    if not flags & MAP_HUGETLB:
        ret = await vm_mmap_pgoff(k, file, addr, length, prot, flags & ~(MAP_EXECUTABLE | MAP_DENYWRITE), pgoff)
    if file is not None:
        fput(k, file)
    return ret
