"""mincore: which pages of a range are in memory, so that touching them would not wait for a disk.

In memory is not the same as mapped: for a file the page cache decides, even if this program has never touched the page.
To tell would let anybody watch what others read of a file, so only those get a true answer who could write to it;
the program runs as root, who always can.

Linux 5.10: mm/mincore.c.  Not modelled: swap, users other than root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, pgd_index, pte_index
from webapp.kernel.arch.arm.lib.uaccess import access_ok, raw_copy_to_user
from webapp.kernel.include.linux.page_flags import PG_uptodate
from webapp.kernel.include.uapi.asm_generic.errno import EFAULT, EINVAL, ENOMEM
from webapp.kernel.locking.rwsem import down_read, up_read
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memory_unmap import slot_ranges
from webapp.kernel.mm.vma import find_vma
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF


@kernel_function
async def sys_mincore(k: Machine, start: int, length: int, vec: int) -> int:
    """One byte for each page of the range goes to the program's buffer ``vec``; may sleep. 0 or a negative errno.

    The answer is copied out in pieces of at most 4096 pages, without mmap_lock, as writing to the buffer may fault.
    What was copied before a hole in the range ends it (-ENOMEM) stays there.
    """
    start, length, vec = start & MASK, length & MASK, vec & MASK
    if start % PAGE_SIZE:
        return -EINVAL
    if not access_ok(start, length):
        return -ENOMEM
    pages = (length + PAGE_SIZE - 1) >> PAGE_SHIFT
    if not access_ok(vec, pages):
        return -EFAULT
    while pages:
        await down_read(k, k.mm._sem)
        found = await do_mincore(k, k.mm, start, min(pages, PAGE_SIZE))
        up_read(k, k.mm._sem)
        if not found:
            return -ENOMEM
        if await raw_copy_to_user(k, vec, found):
            return -EFAULT
        pages -= len(found)
        vec += len(found)
        start += len(found) << PAGE_SHIFT
    return 0


@kernel_function(inlined=True)
async def do_mincore(k: Machine, mm: Mm, addr: int, pages: int) -> bytes:
    """The bytes for as much of the range as lies in one VMA; none for a hole. May sleep between 2 MiB slots."""
    vma = find_vma(k, mm, addr)
    if vma is None or addr < vma.vm_start:
        return b""
    end = min(vma.vm_end, addr + (pages << PAGE_SHIFT))
    if not can_do_mincore(vma):
        return bytes([True]) * ((end - addr) >> PAGE_SHIFT)
    find_vma(k, mm, addr)  # by walk_page_range, which goes through the page tables
    vec = bytearray()
    for start, upto in slot_ranges(addr, end):
        vec += bytes(mincore_pte_range(vma, start, upto))
        await cond_resched()
    k.stage("note", f"{sum(vec)} of {len(vec)} pages from {addr:#x} on are in memory", vma=vma.ref)
    return bytes(vec)


def can_do_mincore(vma: VmArea) -> bool:
    """May the program know? For what is neither anonymous nor of a file, such as [vdso], all is said to be in memory.

    So it is for the program's own image, whose file lies in a file system made of page cache.
    """
    return vma._vm_ops != "special_mapping_vmops"


def mincore_pte_range(vma: VmArea, start: int, end: int) -> Iterator[bool]:
    """For each page of one slot: it is mapped, or its file's page is in memory and up to date."""
    table = vma.vm_mm._tables.get(pgd_index(start))
    for addr in range(start, end, PAGE_SIZE):
        mapped = table is not None and table.linux(pte_index(addr)) != 0
        yield mapped or mincore_page(vma, addr)


def mincore_page(vma: VmArea, addr: int) -> bool:
    """Whether the page cache has the page behind an address. Memory without a file has no other place for it."""
    if vma.vm_file is None:
        return False
    page = vma.vm_file.inode.mapping._pages.get(vma.vm_pgoff + ((addr - vma.vm_start) >> PAGE_SHIFT))
    return page is not None and bool(page.flags & PG_uptodate)
