"""From the abort to C code: what the assembly at the exception vectors does.

Linux 5.10: arch/arm/kernel/entry-armv.S, arch/arm/mm/abort-ev7.S.  No tracer sees these: they are not C functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.mm.fault import do_DataAbort
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "arch/arm/kernel/entry-armv.S"


@kernel_function(inlined=True)
async def vector_dabt(k: Machine, address: int, fsr: int) -> None:
    """Save the registers, read DFAR and DFSR, and call do_DataAbort.

    The CPU has come here by itself, in kernel mode, because a load or store could not be done. When
    do_DataAbort returns, the registers are restored and the very same instruction is executed again.
    """
    await do_DataAbort(k, address, fsr)
