"""The MMU: what silicon does with a virtual address before any kernel code runs.

A look-up in the TLB, else a walk: the first-level word for the 1 MiB, the second-level word for the 4 KiB,
both read from memory. What may not be used becomes an *abort* with a fault status.

Source: ARM Architecture Reference Manual ARMv7-A, short-descriptor format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, SECTION_SHIFT
from webapp.kernel.hw.tlb import TlbEntry
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

LINUX_FILE = "hardware: the MMU"

# Fault status, DFSR bits 10 and 3:0.
FS_SECTION_TRANSLATION = 0x5
FS_PAGE_TRANSLATION = 0x7
FS_SECTION_PERMISSION = 0xD
FS_PAGE_PERMISSION = 0xF
DFSR_WNR = 1 << 11  # the access was a write

L1_TABLE, L1_SECTION = 0b01, 0b10
L2_SMALL_PAGE = 0b10
L2_XN, L2_AP0, L2_AP1, L2_APX = 1 << 0, 1 << 4, 1 << 5, 1 << 9


@dataclass(frozen=True, slots=True)
class Abort:
    """The access cannot be done. ``fsr`` is what the CPU writes into DFSR."""

    fsr: int


@kernel_function(hardware=True)
def tlb_lookup(k: Machine, address: int) -> TlbEntry | None:
    """Is the translation of this page at hand? All entries are compared at once, in one cycle."""
    vpn = address >> PAGE_SHIFT
    entry = k.tlb.find(vpn)
    k.tlb.probe = [vpn, "hit" if entry else "miss"]
    k.silicon_stage("tlb", f"TLB {'hit' if entry else 'miss'} for virtual page {vpn:#x}", vpn=vpn)
    return entry


@kernel_function(hardware=True)
def table_walk(k: Machine, address: int, write: bool) -> TlbEntry | Abort:
    """Walk the two levels of tables in memory, starting where TTBR0 points.

    Bits 31:20 of the address choose one of 4096 first-level words (Linux: bits 31:21 choose a pair), bits
    19:12 one of 256 second-level words. An empty word ends the walk: a translation fault, at the section
    level or at the page level. The hardware never looks at Linux's own PTE words.
    """
    section, entry = address >> SECTION_SHIFT, (address >> PAGE_SHIFT) & 0xFF
    k.silicon_stage(
        "va-split",
        f"{address:#010x} = first-level entry {section}, second-level entry {entry}, offset {address & 0xFFF:#x}",
        section=section, entry=entry, offset=address & 0xFFF,
    )  # fmt: skip
    wnr = DFSR_WNR if write else 0
    first = k.ram.word((k.regs.TTBR0 & ~0x3FFF) + section * 4)
    k.silicon_stage("walk", f"first-level word {section} is {first:#010x}", level=1, word=first)
    if first & 0b11 == 0:
        return Abort(FS_SECTION_TRANSLATION | wnr)
    domain = (first >> 5) & 0xF
    if first & L1_SECTION:
        return Abort(FS_SECTION_PERMISSION | domain << 4 | wnr)  # sections map the kernel only
    second = k.ram.word((first & ~0x3FF) + entry * 4)
    k.silicon_stage("walk", f"second-level word {entry} is {second:#010x}", level=2, word=second)
    if second & 0b11 == 0:
        return Abort(FS_PAGE_TRANSLATION | domain << 4 | wnr)
    if not second & L2_AP1 or (write and second & L2_APX):
        return Abort(FS_PAGE_PERMISSION | domain << 4 | wnr)
    found = TlbEntry(address >> PAGE_SHIFT, second >> PAGE_SHIFT, rights_of(second), domain, k.tlb._asid)
    k.tlb.fill(found)
    k.silicon_stage("tlb", f"the TLB keeps virtual page {found.vpn:#x} -> frame {found.pfn:#x}", vpn=found.vpn)
    return found


def rights_of(word: int) -> str:
    """What a second-level word allows, as "r--" or "rw-": APX forbids writing, XN executing."""
    return f"r{'-' if word & L2_APX else 'w'}{'-' if word & L2_XN else 'x'}"


def translate(k: Machine, address: int, write: bool) -> TlbEntry | Abort:
    """Find the frame for a user access, or the abort that it raises."""
    entry = tlb_lookup(k, address)
    if entry is None:
        return table_walk(k, address, write)
    if write and "w" not in entry.rights:
        return Abort(FS_PAGE_PERMISSION | entry.domain << 4 | DFSR_WNR)
    return entry


@kernel_function(hardware=True)
def data_abort(k: Machine, address: int, fsr: int) -> None:
    """Stop the instruction: note where and why, and go on in kernel mode at the data-abort vector."""
    regs = k.regs
    regs._saved_mode = regs.mode
    regs.mode, regs.DFAR, regs.DFSR = "kernel", address, fsr
    k.silicon_stage("abort", f"data abort: DFAR {address:#010x}, DFSR {fsr:#05x}", address=address, fsr=fsr)
