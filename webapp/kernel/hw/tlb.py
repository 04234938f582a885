"""The data TLB: a few translations that the MMU keeps, so that most loads need no walk.

Rules for callers:
    * What is not present is never kept: a translation fault is found anew each time.
    * Whoever changes a PTE that may be cached flushes it (`flush_tlb_range`).
    * Every entry carries the ASID of its address space, so a switch to another one flushes nothing.
    * `UserPages` mirror the entries for the programs' fast path, and hold their pinned images.

Model: fully associative, replaced round robin.  A Cortex-A15 has 32 first-level entries and 512 behind them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from webapp.kernel.journal import TrackedMap

if TYPE_CHECKING:
    from webapp.kernel.hw.ram import Ram


class TlbEntry(NamedTuple):
    """One translation: virtual page, frame, what user mode may do, the domain, and whose address space it is."""

    vpn: int
    pfn: int
    rights: str  # "r--", "rw-", "r-x", "rwx"
    domain: int
    asid: int = 0


@dataclass
class UserPages:
    """What a program reaches without asking: pages whose translation is in the TLB, and those of its own image."""

    readable: dict[int, bytearray] = field(default_factory=dict)
    writable: dict[int, bytearray] = field(default_factory=dict)
    pinned: set[int] = field(default_factory=set)


@dataclass(eq=False)
class Tlb(TrackedMap):
    """The entries by slot. ``probe`` is what the last look-up found: [virtual page, "hit" or "miss"]."""

    KIND: ClassVar[str] = "tlb"
    SINGLE: ClassVar[bool] = True
    size: int
    _ram: Ram
    probe: list[int | str] | None = None
    _asid: int = 0  # of the address space in use
    _slots: list[TlbEntry | None] = field(default_factory=list)
    _where: dict[tuple[int, int], int] = field(default_factory=dict)  # (asid, vpn) -> slot
    _next: int = 0
    _spaces: dict[int, UserPages] = field(default_factory=dict)  # by asid

    def pages(self, asid: int | None = None) -> UserPages:
        """The pages at hand of an address space, of the one in use by default."""
        return self._spaces.setdefault(self._asid if asid is None else asid, UserPages())

    def switch(self, asid: int) -> None:
        """Another address space is in use: only its entries hit from now on. Nothing needs to be forgotten."""
        self._asid = asid

    def find(self, vpn: int) -> TlbEntry | None:
        """The entry for a virtual page, or None: a miss."""
        slot = self._where.get((self._asid, vpn))
        return None if slot is None else self._slots[slot]

    def fill(self, entry: TlbEntry) -> None:
        """Keep a translation; the oldest slot gives way."""
        if not self._slots:
            self._slots = [None] * self.size
        slot = self._where.get((entry.asid, entry.vpn), self._next)
        if slot == self._next:
            self._next = (slot + 1) % self.size
        self._drop(slot)
        self._slots[slot] = entry
        self._where[entry.asid, entry.vpn] = slot
        self.note(slot, None, shown(entry))
        pages = self.pages(entry.asid)
        if entry.vpn not in pages.pinned:
            frame = self._ram.frame(entry.pfn)
            pages.readable[entry.vpn] = frame
            if "w" in entry.rights:
                pages.writable[entry.vpn] = frame

    def flush(self, first: int, last: int, asid: int) -> int:
        """Forget virtual pages first..last (inclusive) of every address space; says how many entries that were.

        The pages that the program of ``asid`` reached as its own are, from now on, what their PTEs say.
        """
        stale = [slot for slot, entry in enumerate(self._slots) if entry and first <= entry.vpn <= last]
        for vpn in [vpn for vpn in self.pages(asid).pinned if first <= vpn <= last]:
            self.unpin(vpn, asid)
        for slot in stale:
            self._drop(slot)
        return len(stale)

    def flush_asid(self, asid: int) -> int:
        """Forget every entry of one address space; says how many that were."""
        stale = [slot for slot, entry in enumerate(self._slots) if entry and entry.asid == asid]
        for slot in stale:
            self._drop(slot)
        return len(stale)

    def pin(self, vpn: int, frame: bytearray, writable: bool, asid: int | None = None) -> None:
        """Let the program reach a page of its own image without a look-up."""
        pages = self.pages(asid)
        pages.pinned.add(vpn)
        pages.readable[vpn] = frame
        if writable:
            pages.writable[vpn] = frame

    def unpin(self, vpn: int, asid: int) -> None:
        """The page is no longer the program's own affair: from now on its PTE decides."""
        pages = self.pages(asid)
        pages.pinned.discard(vpn)
        pages.readable.pop(vpn, None)
        pages.writable.pop(vpn, None)

    def _drop(self, slot: int) -> None:
        entry = self._slots[slot]
        if entry is None:
            return
        self._slots[slot] = None
        del self._where[entry.asid, entry.vpn]
        self.note(slot, shown(entry), None)
        pages = self.pages(entry.asid)
        if entry.vpn not in pages.pinned:
            pages.readable.pop(entry.vpn, None)
            pages.writable.pop(entry.vpn, None)


def shown(entry: TlbEntry) -> list[int | str]:
    """An entry as a row has it: virtual page, frame, rights, domain, ASID."""
    return [entry.vpn, entry.pfn, entry.rights, "user", entry.asid]
