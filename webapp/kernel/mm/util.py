"""mmap from the inside: permission, lock, mapping, and faulting in what was asked for at once.

Linux 5.10: mm/util.c.  Not modelled: userfaultfd, address randomisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import STACK_TOP, page_align
from webapp.kernel.include.uapi.asm_generic.errno import EINTR
from webapp.kernel.locking.rwsem import down_write_killable, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.do_mmap import PopulateRequest, do_mmap
from webapp.kernel.mm.gup import __mm_populate
from webapp.kernel.mm.vma import RLIMIT_STACK, STACK_GUARD_GAP
from webapp.kernel.security.security import security_mmap_file

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine

MIN_GAP = 128 << 20  # bytes left for the stack, however small its limit
MAX_GAP = STACK_TOP // 6 * 5


@kernel_function
async def vm_mmap_pgoff(
    k: Machine, file: File | None, addr: int, length: int, prot: int, flags: int, pgoff: int
) -> int:
    """Map under mmap_lock, held for writing; may sleep.

    Faulting in (MAP_POPULATE) comes after the lock is dropped, and whether it succeeds does not matter to mmap.
    """
    mm = k.mm
    ret = security_mmap_file(k, file, prot, flags)
    if ret:
        return ret
    if await down_write_killable(k, mm._sem):
        return -EINTR
    populate = PopulateRequest()
    ret = await do_mmap(k, file, addr, length, prot, flags, pgoff, populate)
    up_write(k, mm._sem)
    if populate.length:
        await __mm_populate(k, ret, populate.length, True)
    return ret


def arch_pick_mmap_layout() -> int:
    """Where mappings hang from, decided once when a program starts: below all the room that the stack may need."""
    gap = RLIMIT_STACK + STACK_GUARD_GAP
    return page_align(STACK_TOP - min(max(gap, MIN_GAP), MAX_GAP))
