"""System calls whose arguments ARM passes in an order of its own.  Linux 5.10: arch/arm/kernel/sys_arm.c

A 64-bit argument needs a pair of registers that begins with an even one. With the usual order, fadvise64 would need
seven registers; there are six.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.fadvise import ksys_fadvise64_64

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine


@kernel_function
async def sys_arm_fadvise64_64(k: Machine, fd: int, advice: int, offset: int, length: int) -> int:
    """posix_fadvise(2) with the advice in second place; may sleep."""
    return await ksys_fadvise64_64(k, fd, offset, length, advice)
