"""Faulting pages in without touching them: what MAP_POPULATE does before mmap returns, and what mlock does.

Each page that has no PTE goes through `handle_mm_fault`, as if the program had read it, or written to it if the
mapping is private and writable. There is no CPU abort, and so no page-fault event of the program; its counters of
major and minor faults move all the same.

Rules for callers:
    * `__mm_populate` takes mmap_lock itself, for reading; the caller must not hold it.
    * A fault may drop the lock to wait for the disk. Then everything is looked up again at the same page, and
      the second attempt counts as a fresh, minor fault: FAULT_FLAG_TRIED is not set here.

Linux 5.10: mm/gup.c.  Not modelled: pinning pages, writing for a debugger.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, pgd_index, pte_index
from webapp.kernel.arch.arm.include.asm.pgtable import L_PTE_DIRTY, L_PTE_PRESENT, L_PTE_RDONLY
from webapp.kernel.errors import NotModelled
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_ALLOW_RETRY,
    FAULT_FLAG_KILLABLE,
    FAULT_FLAG_WRITE,
    VM_FAULT_ERROR,
    VM_FAULT_OOM,
    VM_FAULT_RETRY,
    VM_GROWSDOWN,
    VM_IO,
    VM_LOCKED,
    VM_LOCKONFAULT,
    VM_MAYREAD,
    VM_PFNMAP,
    VM_READ,
    VM_SHARED,
    VM_WRITE,
)
from webapp.kernel.include.linux.page_flags import PG_dirty
from webapp.kernel.include.uapi.asm_generic.errno import EBUSY, EFAULT, ENOENT, ENOMEM
from webapp.kernel.locking.rwsem import down_read, up_read
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.expand_stack import expand_stack
from webapp.kernel.mm.memory import handle_mm_fault
from webapp.kernel.mm.memory_pte import vm_normal_page
from webapp.kernel.mm.mlock_page import mlock_vma_page
from webapp.kernel.mm.page_cache import trylock_page, unlock_page
from webapp.kernel.mm.page_writeback import set_page_dirty
from webapp.kernel.mm.swap import lru_add_drain, mark_page_accessed
from webapp.kernel.mm.vma import find_vma, vma_is_accessible, vma_next
from webapp.kernel.sched.core import cond_resched

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, Page, VmArea
    from webapp.kernel.machine import Machine

FOLL_WRITE, FOLL_TOUCH, FOLL_FORCE = 0x01, 0x02, 0x10
FOLL_POPULATE, FOLL_MLOCK = 0x40, 0x1000
KERNELS_OWN = ("[sigpage]", "[vdso]", "[vvar]")  # pages that the kernel lends to every program


@dataclass(slots=True)
class Locked:
    """Whether mmap_lock is still held: whoever drops it says so here."""

    held: bool = False

    def brief(self) -> dict[str, bool]:
        """What a stage shows of it."""
        return asdict(self)


@kernel_function
async def __mm_populate(k: Machine, start: int, length: int, ignore_errors: bool) -> int:
    """Fault in every page of the range, VMA by VMA; may sleep. 0 or, unless they are ignored, a negative errno.

    If the lock was lost on the way, the VMA is looked up again, and work goes on at the first page not yet done.
    """
    mm = k.mm
    end = start + length
    locked = Locked()
    vma: VmArea | None = None
    ret = 0
    while start < end:
        if not locked.held:
            locked.held = True
            await down_read(k, mm._sem)
            vma = find_vma(k, mm, start)
        elif vma is not None and start >= vma.vm_end:
            vma = vma_next(mm, vma)
        if vma is None or vma.vm_start >= end:
            break
        upto = min(end, vma.vm_end)
        if vma.vm_flags & (VM_IO | VM_PFNMAP):
            start = upto
            continue
        start = max(start, vma.vm_start)
        ret = await populate_vma_page_range(k, vma, start, upto, locked)
        if ret < 0 and not ignore_errors:
            break
        start = upto if ret < 0 else start + (ret << PAGE_SHIFT)
        ret = 0
    if locked.held:
        up_read(k, mm._sem)
    return ret


@kernel_function
async def populate_vma_page_range(k: Machine, vma: VmArea, start: int, end: int, locked: Locked | None) -> int:
    """Fault in a range of one VMA; may sleep. The number of pages done, or a negative errno if none was.

    A private writable mapping is written to, in thought, so that its copies are made now. A shared one is not: that
    would only make its pages dirty for nothing. Under MLOCK_ONFAULT only what is mapped already is looked at. The
    program's own image is all there, and is passed over. Without ``locked`` mmap_lock is kept, even for the disk.
    """
    if vma._vm_ops == "special_mapping_vmops":
        if vma.vm_flags & VM_WRITE and vma.name in KERNELS_OWN:
            raise NotModelled(
                f"{vma.name} was made writable and is locked or populated: its private copy is not modelled."
            )
        return (end - start) >> PAGE_SHIFT
    gup_flags = FOLL_TOUCH | FOLL_POPULATE | FOLL_MLOCK
    if vma.vm_flags & VM_LOCKONFAULT:
        gup_flags &= ~FOLL_POPULATE
    if vma.vm_flags & (VM_WRITE | VM_SHARED) == VM_WRITE:
        gup_flags |= FOLL_WRITE
    if vma_is_accessible(vma):
        gup_flags |= FOLL_FORCE
    return await __get_user_pages(k, vma.vm_mm, start, (end - start) >> PAGE_SHIFT, gup_flags, locked)


@kernel_function
async def __get_user_pages(k: Machine, mm: Mm, start: int, nr_pages: int, gup_flags: int, locked: Locked | None) -> int:
    """Look each page up in the page tables, and fault it in where that finds nothing; may sleep.

    Stops early when the lock was dropped. The number of pages done, or a negative errno if there was none.
    """
    done = 0
    vma: VmArea | None = None
    while done < nr_pages:
        address = start + (done << PAGE_SHIFT)
        if vma is None or address >= vma.vm_end:
            vma = await find_extend_vma(k, mm, address)
            if vma is None or check_vma_flags(vma, gup_flags):
                return done or -EFAULT
        await cond_resched()
        while follow_page_mask(k, vma, address, gup_flags) is None:
            ret = await faultin_page(k, vma, address, gup_flags, locked)
            if ret == -EBUSY:
                return done
            if ret == -ENOENT:
                break
            if ret:
                return done or ret
        done += 1
    return done


@kernel_function(file="mm/mmap.c")
async def find_extend_vma(k: Machine, mm: Mm, address: int) -> VmArea | None:
    """The VMA that contains the address, after growing a stack down to it if need be.

    What a locked stack grows by is read in at once; may sleep.
    """
    vma = find_vma(k, mm, address)
    if vma is None or vma.vm_start <= address:
        return vma
    if not vma.vm_flags & VM_GROWSDOWN:
        return None
    start = vma.vm_start
    if expand_stack(k, vma, address):
        return None
    if vma.vm_flags & VM_LOCKED:
        await populate_vma_page_range(k, vma, address, start, None)
    return vma


def check_vma_flags(vma: VmArea, gup_flags: int) -> int:
    """May the kernel read here on the program's behalf? -EFAULT for device memory and for PROT_NONE."""
    if vma.vm_flags & (VM_IO | VM_PFNMAP):
        return -EFAULT
    if not vma.vm_flags & VM_READ and not (gup_flags & FOLL_FORCE and vma.vm_flags & VM_MAYREAD):
        return -EFAULT
    return 0


@kernel_function(inlined=True)
def follow_page_mask(k: Machine, vma: VmArea, address: int, gup_flags: int) -> Page | None:
    """The page that is mapped at the address, if any, and if it is mapped as is needed: writable for FOLL_WRITE.

    Having been asked for, it counts as accessed, and for FOLL_WRITE as written to. In locked memory it is marked to
    stay, unless somebody else works on it just now; then reclaim will find out.
    """
    table = vma.vm_mm._tables.get(pgd_index(address))
    pte = table.linux(pte_index(address)) if table is not None else 0
    if not pte & L_PTE_PRESENT or (gup_flags & FOLL_WRITE and pte & L_PTE_RDONLY):
        return None
    page = vm_normal_page(k, pte) or k.zero_page
    if gup_flags & FOLL_TOUCH:
        if gup_flags & FOLL_WRITE and not pte & L_PTE_DIRTY and not page.flags & PG_dirty:
            set_page_dirty(k, page)
        mark_page_accessed(k, page)
    if gup_flags & FOLL_MLOCK and vma.vm_flags & VM_LOCKED and (page.anonymous or page.mapping) and trylock_page(page):
        lru_add_drain(k)
        mlock_vma_page(k, page)
        unlock_page(k, page)
    return page


@kernel_function(inlined=True)
async def faultin_page(k: Machine, vma: VmArea, address: int, gup_flags: int, locked: Locked | None) -> int:
    """One attempt of one fault; may sleep. 0 to look again, -EBUSY if mmap_lock was dropped meanwhile.

    -ENOENT if pages that are not mapped yet are none of the caller's business.
    """
    if gup_flags & (FOLL_POPULATE | FOLL_MLOCK) == FOLL_MLOCK:
        return -ENOENT
    flags = FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE if locked is not None else 0
    if gup_flags & FOLL_WRITE:
        flags |= FAULT_FLAG_WRITE
    ret = await handle_mm_fault(k, vma, address, flags)
    if ret & VM_FAULT_ERROR:
        return -ENOMEM if ret & VM_FAULT_OOM else -EFAULT
    if ret & VM_FAULT_RETRY and locked is not None:
        locked.held = False
        return -EBUSY
    return 0
