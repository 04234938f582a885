"""Page directories and page tables, kept in the frames that hold them, where the MMU reads them.

A first-level table is 16 KiB: 4096 words of 1 MiB each, which Linux uses in pairs. One frame of PTEs serves
a pair: 512 Linux words, then (2048 bytes on) the 512 hardware words that the two first-level words point at.

Linux 5.10: arch/arm/include/asm/pgalloc.h, arch/arm/include/asm/pgtable-2level.h
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.arch.arm.include.asm.pgtable import PTE_HWTABLE_OFF, USER_PMD
from webapp.kernel.journal import TrackedMap
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.hw.ram import Ram
    from webapp.kernel.include.linux.mm_types import Mm, Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "arch/arm/include/asm/pgalloc.h"


@dataclass(eq=False)
class PageDirectory(TrackedMap):
    """The first-level table at frame ``pfn`` (four frames); entry *slot* is a pair of words for 2 MiB."""

    KIND: ClassVar[str] = "pgd"
    pfn: int
    _ram: Ram

    def pair(self, slot: int) -> tuple[int, int]:
        """The two first-level words of ``slot``."""
        address = (self.pfn << PAGE_SHIFT) + slot * 8
        return self._ram.word(address), self._ram.word(address + 4)

    def set_pair(self, slot: int, first: int, second: int) -> None:
        """Write both words of ``slot``."""
        before = self.pair(slot)
        address = (self.pfn << PAGE_SHIFT) + slot * 8
        self._ram.set_word(address, first)
        self._ram.set_word(address + 4, second)
        self.note(slot, list(before) if any(before) else None, [first, second] if first or second else None)


@dataclass(eq=False)
class PageTable(TrackedMap):
    """One frame of PTEs: entry *i* is the Linux word and, derived from it, the hardware word."""

    KIND: ClassVar[str] = "pt"
    pfn: int
    mm: Mm
    slot: int
    _ram: Ram
    _page: Page

    def linux(self, index: int) -> int:
        """The Linux PTE at ``index`` (0..511)."""
        return self._ram.word((self.pfn << PAGE_SHIFT) + index * 4)

    def hardware(self, index: int) -> int:
        """The word that the MMU reads for ``index``."""
        return self._ram.word((self.pfn << PAGE_SHIFT) + PTE_HWTABLE_OFF + index * 4)

    def set_words(self, index: int, linux: int, hardware: int) -> None:
        """Write both words of one entry."""
        before = [self.linux(index), self.hardware(index)]
        address = (self.pfn << PAGE_SHIFT) + index * 4
        self._ram.set_word(address, linux)
        self._ram.set_word(address + PTE_HWTABLE_OFF, hardware)
        self.note(index, before if any(before) else None, [linux, hardware] if linux or hardware else None)


@kernel_function(inlined=True)
def pmd_populate(k: Machine, mm: Mm, slot: int, page: Page) -> PageTable:
    """Hang a page of PTEs under ``slot``: both first-level words are written at once, 1 KiB apart.

    That is why the first touch of a 2 MiB slot is a *section* fault and later ones are *page* faults.
    """
    table = PageTable(k.journal, pfn=page.pfn, mm=mm, slot=slot, _ram=k.ram, _page=page)
    mm._tables[slot] = table
    base = (page.pfn << PAGE_SHIFT) + PTE_HWTABLE_OFF
    mm.pgd.set_pair(slot, base | USER_PMD, (base + 1024) | USER_PMD)
    return table


@kernel_function(inlined=True, file="arch/arm/include/asm/pgtable-2level.h")
def pmd_clear(k: Machine, mm: Mm, slot: int) -> None:
    """Take the page of PTEs away: both first-level words become 0, and the MMU stops at the first level."""
    mm.pgd.set_pair(slot, 0, 0)
    mm._tables.pop(slot).forget()
