"""Address space identifiers: with them the TLB can keep translations of several address spaces at once.

Every address space gets a number before it runs for the first time. Its lowest 8 bits are the ASID that the hardware
compares; the bits above count generations, since there are but 255 ASIDs.

Linux 5.10: arch/arm/mm/context.c, arch/arm/include/asm/mmu_context.h
Not modelled: the next generation, when all ASIDs are taken (a run may not make that many processes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.errors import ModelBug
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm
    from webapp.kernel.machine import Machine

ASID_BITS = 8
ASID_FIRST_VERSION = 1 << ASID_BITS
TTB_FLAGS = 0x6A  # walks are cached and shared between CPUs


def asid(mm: Mm) -> int:
    """What the TLB compares."""
    return mm.context_id & (ASID_FIRST_VERSION - 1)


def new_context(k: Machine) -> int:
    """The number of an address space that has none yet; ASID 0 is kept back for the moment of the switch."""
    k.asids += 1
    if k.asids >= ASID_FIRST_VERSION:
        raise ModelBug(f"new_context: {k.asids} address spaces in one run")
    return ASID_FIRST_VERSION | k.asids


@kernel_function
def check_and_switch_context(k: Machine, mm: Mm) -> None:
    """Use another address space: its page directory (TTBR0) and its number (CONTEXTIDR).

    The TLB keeps what it has. Entries of other address spaces simply do not match any more, and match again when
    their turn comes.
    """
    if not mm.context_id:
        mm.context_id = new_context(k)
    use(k, mm)
    k.stage("switch-mm", f"TTBR0 points at {mm.pgd.ref}; the ASID is {asid(mm)}", mm=mm.ref, asid=asid(mm))


def use(k: Machine, mm: Mm) -> None:
    """What cpu_v7_switch_mm writes into the registers."""
    k.regs.CONTEXTIDR = mm.context_id
    k.regs.TTBR0 = mm.pgd.pfn << PAGE_SHIFT | TTB_FLAGS
    k.tlb.switch(asid(mm))
