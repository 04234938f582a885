"""do_mmap: what is asked, checked in the order that decides which error is returned; then the address.

Rules for callers:
    * Hold mmap_lock for writing; `do_mmap` may sleep while it unmaps what MAP_FIXED hits.
    * The answer is an address or a negative errno. Nothing is read and no page table is touched.

Linux 5.10: mm/mmap.c.  Not modelled: swap files, append-only files, mandatory locks, noexec mounts,
READ_IMPLIES_EXEC.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import (
    MMAP_MIN_ADDR,
    PAGE_MASK,
    PAGE_SHIFT,
    PAGE_SIZE,
    TASK_SIZE,
    page_align,
)
from webapp.kernel.arch.arm.mm.mmap import arch_get_unmapped_area_topdown, arch_mmap_check
from webapp.kernel.include.linux.fs import FMODE_READ, FMODE_WRITE, PROC, S_MAXBYTES
from webapp.kernel.include.linux.mm import (
    VM_ACCESS_FLAGS,
    VM_GROWSDOWN,
    VM_LOCKED,
    VM_MAYEXEC,
    VM_MAYREAD,
    VM_MAYSHARE,
    VM_MAYWRITE,
    VM_NORESERVE,
    VM_SHARED,
    VM_SYNC,
)
from webapp.kernel.include.uapi.asm_generic.errno import (
    EACCES,
    EAGAIN,
    EEXIST,
    EINVAL,
    ENODEV,
    ENOMEM,
    EOPNOTSUPP,
    EOVERFLOW,
)
from webapp.kernel.include.uapi.asm_generic.mman import (
    LEGACY_MAP_MASK,
    MAP_FIXED,
    MAP_FIXED_NOREPLACE,
    MAP_GROWSDOWN,
    MAP_LOCKED,
    MAP_NONBLOCK,
    MAP_NORESERVE,
    MAP_POPULATE,
    MAP_PRIVATE,
    MAP_SHARED,
    MAP_SHARED_VALIDATE,
    MAP_SYNC,
    MAP_TYPE,
    PROT_WRITE,
)
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.mmap_region import mmap_region
from webapp.kernel.mm.vma import MAX_MAP_COUNT, RLIMIT_MEMLOCK, find_vma
from webapp.kernel.security.security import CAP_IPC_LOCK, capable, security_mmap_addr

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File, Inode
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/mmap.c"
ULONG_MAX = 0xFFFFFFFF

PROC_ROOT_SLASHES = 2  # in "/proc/meminfo"


@dataclass(slots=True)
class PopulateRequest:
    """How many bytes of the new mapping are to be faulted in before mmap returns; do_mmap fills it in."""

    length: int = 0

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return asdict(self)


@kernel_function
async def do_mmap(
    k: Machine, file: File | None, addr: int, length: int, prot: int, flags: int, pgoff: int, populate: PopulateRequest
) -> int:
    """Check the request, choose the address, make the VMA. The first test that fails decides the errno.

    That is why mapping 0 bytes of a file that is not even readable says EINVAL and not EACCES.
    """
    mm = k.mm
    if length == 0:
        return -EINVAL
    if flags & MAP_FIXED_NOREPLACE:
        flags |= MAP_FIXED
    if not flags & MAP_FIXED:
        addr = round_hint_to_min(addr)
    length = page_align(length)
    if length == 0:  # the last page of 4 GiB was rounded up to nothing
        return -ENOMEM
    if pgoff + (length >> PAGE_SHIFT) > ULONG_MAX:
        return -EOVERFLOW
    if mm.map_count > MAX_MAP_COUNT:
        return -ENOMEM

    addr = get_unmapped_area(k, file, addr, length, pgoff, flags)
    if addr < 0:
        return addr
    if flags & MAP_FIXED_NOREPLACE:
        vma = find_vma(k, mm, addr)
        if vma is not None and vma.vm_start < addr + length:
            return -EEXIST

    vm_flags = calc_vm_flags(prot, flags) | mm.def_flags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC
    if mlock_future_check(k, mm, vm_flags, length):
        return -EAGAIN
    if file is not None:
        if not file_mmap_ok(k, file, pgoff, length):
            return -EOVERFLOW
        vm_flags = file_vm_flags(file, prot, flags, vm_flags)
    else:
        vm_flags = anonymous_vm_flags(flags, vm_flags)
        pgoff = 0 if vm_flags > 0 and vm_flags & VM_SHARED else addr >> PAGE_SHIFT
    if vm_flags < 0:
        return vm_flags
    if flags & MAP_NORESERVE:
        vm_flags |= VM_NORESERVE

    addr = await mmap_region(k, file, addr, length, vm_flags, pgoff)
    if addr >= 0 and (vm_flags & VM_LOCKED or flags & (MAP_POPULATE | MAP_NONBLOCK) == MAP_POPULATE):
        populate.length = length
    return addr


def round_hint_to_min(hint: int) -> int:
    """A wish for an address, as a page border, and not so low that a NULL pointer with an offset would hit it."""
    hint &= PAGE_MASK
    return MMAP_MIN_ADDR if 0 < hint < MMAP_MIN_ADDR else hint


def calc_vm_flags(prot: int, flags: int) -> int:
    """The VM_ bits that follow directly from PROT_ and MAP_ bits (PROT_READ, WRITE and EXEC have the same values)."""
    vm_flags = prot & VM_ACCESS_FLAGS
    for map_bit, vm_bit in (MAP_GROWSDOWN, VM_GROWSDOWN), (MAP_LOCKED, VM_LOCKED), (MAP_SYNC, VM_SYNC):
        if flags & map_bit:
            vm_flags |= vm_bit
    return vm_flags


@kernel_function(inlined=True)
def mlock_future_check(k: Machine, mm: Mm, vm_flags: int, length: int) -> int:
    """Locked memory is limited to RLIMIT_MEMLOCK, but not for those who hold CAP_IPC_LOCK."""
    if vm_flags & VM_LOCKED:
        locked = (length >> PAGE_SHIFT) + mm.locked_vm
        if locked > RLIMIT_MEMLOCK >> PAGE_SHIFT and not capable(k, CAP_IPC_LOCK):
            return -EAGAIN
    return 0


@kernel_function(inlined=True)
def file_mmap_ok(k: Machine, file: File, pgoff: int, length: int) -> bool:
    """Whether the last byte of the mapping has an offset that a file of this kind can have at all."""
    maxsize = ULONG_MAX if file.inode.directory else S_MAXBYTES
    return length <= maxsize and pgoff <= (maxsize - length) >> PAGE_SHIFT


def file_vm_flags(file: File, prot: int, flags: int, vm_flags: int) -> int:
    """May this file be mapped like this? The VM_ flags, completed, or a negative errno. (A part of do_mmap.)

    MAP_SHARED ignores flags that it does not know, for the sake of old programs; MAP_SHARED_VALIDATE refuses them.
    A shared mapping of a file that was opened read-only can never become writable, and Linux then does
    not count it as VM_SHARED: only VM_MAYSHARE tells.
    """
    kind = flags & MAP_TYPE
    if kind == MAP_SHARED_VALIDATE and flags & ~(LEGACY_MAP_MASK | MAP_SYNC):
        return -EOPNOTSUPP
    if kind in (MAP_SHARED, MAP_SHARED_VALIDATE):
        if prot & PROT_WRITE and not file.f_mode & FMODE_WRITE:
            return -EACCES
        vm_flags |= VM_SHARED | VM_MAYSHARE
        if not file.f_mode & FMODE_WRITE:
            vm_flags &= ~(VM_MAYWRITE | VM_SHARED)
    elif kind != MAP_PRIVATE:
        return -EINVAL
    if not file.f_mode & FMODE_READ:
        return -EACCES
    inode = file.inode
    if inode.directory or (inode.s_dev == PROC and not of_proc_root(inode)):  # has no mmap method
        return -ENODEV
    if vm_flags & VM_GROWSDOWN:
        return -EINVAL
    return vm_flags


def of_proc_root(inode: Inode) -> bool:
    """Whether this is a file right in /proc. Such have an mmap method, even if all that it does is to fail."""
    return inode.name.count("/") == PROC_ROOT_SLASHES


def anonymous_vm_flags(flags: int, vm_flags: int) -> int:
    """The VM_ flags of memory without a file, or -EINVAL. (A part of do_mmap.)"""
    kind = flags & MAP_TYPE
    if kind == MAP_SHARED:
        return -EINVAL if vm_flags & VM_GROWSDOWN else vm_flags | VM_SHARED | VM_MAYSHARE
    return vm_flags if kind == MAP_PRIVATE else -EINVAL


# The address.


@kernel_function
def get_unmapped_area(k: Machine, file: File | None, addr: int, length: int, pgoff: int, flags: int) -> int:
    """Settle the address of a new mapping; a negative errno if there is none.

    Whatever the allocator answers is checked: the range must end below TASK_SIZE (-ENOMEM) and start at a page
    border (-EINVAL), which is how MAP_FIXED with a crooked address fails.
    """
    error = arch_mmap_check(addr, flags)
    if error:
        return error
    if length > TASK_SIZE:
        return -ENOMEM
    if file is None and flags & MAP_SHARED:
        addr = shmem_get_unmapped_area(k, file, addr, length, 0, flags)
    else:
        addr = arch_get_unmapped_area_topdown(k, file, addr, length, pgoff, flags)
    if addr < 0:
        return addr
    if addr > TASK_SIZE - length:
        return -ENOMEM
    if addr % PAGE_SIZE:
        return -EINVAL
    return security_mmap_addr(k, addr) or addr


@kernel_function(file="mm/shmem.c")
def shmem_get_unmapped_area(k: Machine, file: File | None, addr: int, length: int, pgoff: int, flags: int) -> int:
    """Shared anonymous memory could use huge pages and then want a special address; this kernel has none."""
    return arch_get_unmapped_area_topdown(k, file, addr, length, pgoff, flags)
