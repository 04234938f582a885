"""Making the TLB forget.  Linux 5.10: arch/arm/kernel/smp_tlb.c, arch/arm/mm/tlb-v7.S"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.arch.arm.mm.context import asid
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

LINUX_FILE = "arch/arm/kernel/smp_tlb.c"


@kernel_function
def flush_tlb_range(k: Machine, mm: Mm, start: int, end: int) -> None:
    """Invalidate the TLB entries of [start, end): page by page, told to all CPUs by the hardware.

    Because of an erratum of this CPU, entries for these addresses go whatever address space they belong to.
    """
    stale = k.tlb.flush(start >> PAGE_SHIFT, (end - 1) >> PAGE_SHIFT, asid(mm))
    k.stage("tlb-flush", f"TLB entries for {start:#010x}-{end:#010x} are void; {stale} were held", start=start, end=end)


@kernel_function
def flush_tlb_page(k: Machine, mm: Mm, address: int) -> None:
    """Invalidate the TLB entry of one page."""
    stale = k.tlb.flush(address >> PAGE_SHIFT, address >> PAGE_SHIFT, asid(mm))
    k.stage("tlb-flush", f"the TLB entry for {address:#010x} is void; {stale} was held", start=address)


@kernel_function
def flush_tlb_mm(k: Machine, mm: Mm) -> None:
    """Invalidate every TLB entry of an address space."""
    stale = k.tlb.flush_asid(asid(mm))
    k.stage("tlb-flush", f"every TLB entry of {mm.ref} is void; {stale} were held", mm=mm.ref)
