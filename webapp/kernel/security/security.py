"""The hooks at which security modules may say no. The program runs as root, so they say yes.

Linux 5.10: security/security.c, security/commoncap.c, mm/util.c (__vm_enough_memory).
Not modelled: AppArmor profiles, users other than root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import DAC_MMAP_MIN_ADDR
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM, EPERM
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine

CAP_IPC_LOCK = 14
CAP_SYS_RAWIO = 17


def capable(k: Machine, capability: int) -> bool:
    """Whether the task holds a capability: root holds them all."""
    return True


@kernel_function
def security_mmap_file(k: Machine, file: File | None, prot: int, flags: int) -> int:
    """May this file be mapped like this? 0 for yes; asked before mmap_lock is taken."""
    return 0


@kernel_function
def security_mmap_addr(k: Machine, addr: int) -> int:
    """May something be mapped this low? Keeps ordinary users from mapping page 0, where NULL pointers lead."""
    if addr < DAC_MMAP_MIN_ADDR and not capable(k, CAP_SYS_RAWIO):
        return -EPERM
    return 0


@kernel_function
def security_vm_enough_memory_mm(k: Machine, pages: int) -> int:
    """May ``pages`` more be promised? With the usual heuristic only a promise larger than all of RAM is refused."""
    return -ENOMEM if pages > k.zone.managed else 0
