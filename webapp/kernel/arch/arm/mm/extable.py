"""The exception table: which kernel instructions may fault on a user's memory, and where each goes on if it gives up.

The compiler puts one entry beside every instruction that touches a program's buffer. Without an entry, such a fault is
a bug of the kernel (an oops). Linux 5.10: arch/arm/mm/extable.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine


@kernel_function
def fixup_exception(k: Machine) -> bool:
    """Let the aborted instruction continue at its fixup, which reports how much was not copied."""
    k.current._fixed_up = True
    k.stage("note", "the kernel gives up its access to the program's memory: the copy ends here")
    return True
