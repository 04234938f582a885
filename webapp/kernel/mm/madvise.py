"""madvise: what the program intends to do with its memory.

NORMAL, RANDOM and SEQUENTIAL become flags of the VMA, which steer readahead and how its page references count. Others
are flags for fork, for a core dump, or for ksmd. WILLNEED starts reading the file behind the range. What is about the
pages themselves is in `mm/madvise_lru.py`.

Rules for callers: holes in the range are skipped, and tell in the end (-ENOMEM).

Linux 5.10: mm/madvise.c.  Not modelled: MADV_REMOVE where it would do something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, page_align
from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.file_table import fput, get_file
from webapp.kernel.include.linux.mm import (
    VM_DONTCOPY,
    VM_DONTDUMP,
    VM_IO,
    VM_LOCKED,
    VM_MAYSHARE,
    VM_MERGEABLE,
    VM_PFNMAP,
    VM_RAND_READ,
    VM_SEQ_READ,
    VM_SHARED,
    VM_SPECIAL,
    VM_WIPEONFORK,
    VM_WRITE,
)
from webapp.kernel.include.uapi.asm_generic import mman
from webapp.kernel.include.uapi.asm_generic.errno import EACCES, EINTR, EINVAL, ENOMEM
from webapp.kernel.locking.rwsem import down_read, down_write_killable, up_read, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.fadvise import POSIX_FADV_WILLNEED, vfs_fadvise
from webapp.kernel.mm.madvise_lru import (
    madvise_cold,
    madvise_dontneed_single_vma,
    madvise_free_single_vma,
    madvise_pageout,
)
from webapp.kernel.mm.swap import lru_add_drain
from webapp.kernel.mm.vma import MAX_MAP_COUNT, find_vma, find_vma_prev, vma_next
from webapp.kernel.mm.vma_adjust import __split_vma
from webapp.kernel.mm.vma_merge import vma_merge

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

MASK = 0xFFFFFFFF
MADV_NAMES = {value: name for name, value in vars(mman).items() if name.startswith("MADV_")}
NOT_FOR_KSM = VM_SHARED | VM_MAYSHARE | VM_SPECIAL
NO_HUGE_PAGES = (mman.MADV_HUGEPAGE, mman.MADV_NOHUGEPAGE)
UNDER_READ_LOCK = (
    mman.MADV_REMOVE, mman.MADV_WILLNEED, mman.MADV_DONTNEED, mman.MADV_COLD, mman.MADV_PAGEOUT, mman.MADV_FREE,
)  # fmt: skip
ABOUT_PAGES = {
    mman.MADV_DONTNEED: madvise_dontneed_single_vma,
    mman.MADV_FREE: madvise_free_single_vma,
    mman.MADV_COLD: madvise_cold,
    mman.MADV_PAGEOUT: madvise_pageout,
}
FLAG_EDITS = {  # advice: (flags to clear, flags to set)
    mman.MADV_NORMAL: (VM_RAND_READ | VM_SEQ_READ, 0),
    mman.MADV_SEQUENTIAL: (VM_RAND_READ, VM_SEQ_READ),
    mman.MADV_RANDOM: (VM_SEQ_READ, VM_RAND_READ),
    mman.MADV_DONTFORK: (0, VM_DONTCOPY),
    mman.MADV_DOFORK: (VM_DONTCOPY, 0),
    mman.MADV_WIPEONFORK: (0, VM_WIPEONFORK),
    mman.MADV_KEEPONFORK: (VM_WIPEONFORK, 0),
    mman.MADV_DONTDUMP: (0, VM_DONTDUMP),
    mman.MADV_DODUMP: (VM_DONTDUMP, 0),
    mman.MADV_MERGEABLE: (0, VM_MERGEABLE),
    mman.MADV_UNMERGEABLE: (VM_MERGEABLE, 0),
}


@kernel_function
async def sys_madvise(k: Machine, start: int, length: int, behavior: int) -> int:
    """madvise(2)."""
    return await do_madvise(k, k.mm, start & MASK, length & MASK, behavior)


@kernel_function
async def do_madvise(k: Machine, mm: Mm, start: int, length: int, behavior: int) -> int:
    """Check the request, take mmap_lock as the advice needs it, and advise each VMA of the range; may sleep.

    -EINVAL for advice that this kernel does not know, which goes for huge pages; -ENOMEM for holes.
    """
    if not madvise_behavior_valid(behavior) or start % PAGE_SIZE:
        return -EINVAL
    rounded = page_align(length)
    end = (start + rounded) & MASK
    if (length and not rounded) or end < start:
        return -EINVAL
    if end == start:
        return 0
    writing = behavior not in UNDER_READ_LOCK
    if not writing:
        await down_read(k, mm._sem)
    elif await down_write_killable(k, mm._sem):
        return -EINTR

    error, unmapped = -ENOMEM, 0
    vma, prev = find_vma_prev(k, mm, start)
    if vma is not None and start > vma.vm_start:
        prev = vma
    while vma is not None:
        if start < vma.vm_start:
            unmapped, start = -ENOMEM, vma.vm_start
            if start >= end:
                break
        upto = min(vma.vm_end, end)
        error, prev = await madvise_vma(k, vma, prev, start, upto, behavior)
        start = upto if prev is None else max(upto, prev.vm_end)
        if error or start >= end:
            error = error or unmapped
            break
        # Without a prev the lock was dropped on the way, and the VMAs may not be the same any more.
        vma = find_vma(k, mm, start) if prev is None else vma_next(mm, prev)
        error = -ENOMEM
    if writing:
        up_write(k, mm._sem)
    else:
        up_read(k, mm._sem)
    return error


def madvise_behavior_valid(behavior: int) -> bool:
    """Whether this kernel knows the advice at all."""
    return behavior in MADV_NAMES and behavior not in NO_HUGE_PAGES


@kernel_function(inlined=True)
async def madvise_vma(
    k: Machine, vma: VmArea, prev: VmArea | None, start: int, end: int, behavior: int
) -> tuple[int, VmArea | None]:
    """Advise one VMA; may sleep. An errno, and the VMA to go on from (None if mmap_lock was dropped)."""
    if behavior == mman.MADV_WILLNEED:
        return await madvise_willneed(k, vma, start, end)
    if behavior == mman.MADV_REMOVE:
        return madvise_remove(k, vma), None
    if behavior in ABOUT_PAGES:
        return await madvise_pages(k, vma, start, end, behavior), vma
    return madvise_behavior(k, vma, prev, start, end, behavior)


async def madvise_pages(k: Machine, vma: VmArea, start: int, end: int, behavior: int) -> int:
    """Advice about the pages themselves (a part of madvise_vma in Linux); may sleep. 0 or -EINVAL.

    Locked memory takes none of it, and only private memory without a file can be freed: of anything else there is
    another copy, or somebody else who relies on it.
    """
    if not can_madv_lru_vma(vma):
        return -EINVAL
    if behavior == mman.MADV_FREE and vma._vm_ops is not None:
        return -EINVAL
    await ABOUT_PAGES[behavior](k, vma, start, end)
    return 0


@kernel_function(inlined=True)
def madvise_remove(k: Machine, vma: VmArea) -> int:
    """MADV_REMOVE: punch a hole into the file behind a shared mapping; refused where there is no such file."""
    if vma.vm_flags & VM_LOCKED or vma.vm_file is None:
        return -EINVAL
    if vma.vm_flags & (VM_SHARED | VM_WRITE) != VM_SHARED | VM_WRITE:
        return -EACCES
    raise NotModelled("madvise(MADV_REMOVE), which punches a hole into the file, is not modelled.")


def can_madv_lru_vma(vma: VmArea) -> bool:
    """Whether the pages of this VMA may be let go: not if they are locked, or no pages of Linux at all."""
    return not vma.vm_flags & (VM_LOCKED | VM_PFNMAP)


@kernel_function(inlined=True)
def madvise_behavior(
    k: Machine, vma: VmArea, prev: VmArea | None, start: int, end: int, behavior: int
) -> tuple[int, VmArea | None]:
    """Advice that is a flag of the VMA. On a part of a VMA it splits it, or moves the part to a neighbour.

    The flag says nothing about other mappings of the same file, nor about read(2). MERGEABLE asks a kernel thread,
    ksmd, to look for equal pages; it has not been started (/sys/kernel/mm/ksm/run is 0), so none are found.
    """
    mm = vma.vm_mm
    if behavior == mman.MADV_DOFORK and vma.vm_flags & VM_IO:
        return -EINVAL, vma
    if behavior == mman.MADV_WIPEONFORK and (vma.vm_file is not None or vma.vm_flags & VM_SHARED):
        return -EINVAL, vma
    if behavior == mman.MADV_DODUMP and vma.vm_flags & VM_SPECIAL:
        return -EINVAL, vma
    if behavior == mman.MADV_MERGEABLE and vma.vm_flags & NOT_FOR_KSM:
        return 0, vma
    clear, put = FLAG_EDITS[behavior]
    new_flags = vma.vm_flags & ~clear | put
    if new_flags == vma.vm_flags:
        return 0, vma

    pgoff = vma.vm_pgoff + ((start - vma.vm_start) >> PAGE_SHIFT)
    merged = vma_merge(k, mm, prev, start, end, new_flags, vma.anon_vma, vma.vm_file, pgoff)
    if merged is not None:
        vma = merged
    else:
        for edge, inside, new_below in (start, start != vma.vm_start, True), (end, end != vma.vm_end, False):
            if inside and mm.map_count >= MAX_MAP_COUNT:
                return -ENOMEM, vma
            if inside:
                __split_vma(k, mm, vma, edge, new_below)
    vma.vm_flags = new_flags
    k.stage("vma", f"{MADV_NAMES[behavior]}: the flags of 0x{start:x}-0x{end:x} are {new_flags:#x}", vma=vma.ref)
    return 0, vma


@kernel_function(inlined=True)
async def madvise_willneed(k: Machine, vma: VmArea, start: int, end: int) -> tuple[int, VmArea | None]:
    """Start reading the pages of the file behind the range; no PTE is set, and nobody waits for the disk.

    Getting the pages may take other locks, so mmap_lock is dropped meanwhile: the file needs a reference of its
    own. May sleep.
    """
    file = vma.vm_file
    if file is None:
        walk_page_range(k, vma.vm_mm, start, end)
    if file is None or vma._vm_ops == "shmem_vm_ops":
        lru_add_drain(k)
        return 0, vma
    mm = vma.vm_mm
    get_file(file)
    offset = start - vma.vm_start + (vma.vm_pgoff << PAGE_SHIFT)
    up_read(k, mm._sem)
    await vfs_fadvise(k, file, offset, end - start, POSIX_FADV_WILLNEED)
    fput(k, file)
    await down_read(k, mm._sem)
    return 0, None


@kernel_function(file="mm/pagewalk.c")
def walk_page_range(k: Machine, mm: Mm, start: int, end: int) -> None:
    """Visit the PTEs of a range, here for pages that were swapped out: this machine has no swap, so none was."""
    find_vma(k, mm, start)
