"""Copying a page for a user.  Linux 5.10: arch/arm/mm/copypage-v6.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "arch/arm/mm/copypage-v6.c"


@kernel_function
def v6_copy_user_highpage_nonaliasing(k: Machine, to: Page, source: Page, vaddr: int) -> None:
    """Copy 4096 bytes from frame to frame. From now on the two can differ."""
    k.ram.frame(to.pfn)[:] = k.ram.frame(source.pfn)
    k.stage("copy", f"frame {source.pfn:#x} is copied to frame {to.pfn:#x}", address=vaddr, page=to.ref)
