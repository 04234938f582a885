"""The data TLB: a few translations that the MMU keeps, so that most loads need no walk.

Rules for callers:
    * What is not present is never kept: a translation fault is found anew each time.
    * Whoever changes a PTE that may be cached flushes it (`flush_tlb_range`).
    * ``readable`` and ``writable`` mirror the entries for the program's fast path, and hold its pinned image.

Model: fully associative, replaced round robin.  A Cortex-A15 has 32 first-level entries and 512 behind them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from webapp.kernel.journal import TrackedMap

if TYPE_CHECKING:
    from webapp.kernel.hw.ram import Ram


class TlbEntry(NamedTuple):
    """One translation: virtual page, frame, what user mode may do, and the domain of the entry."""

    vpn: int
    pfn: int
    rights: str  # "r--", "rw-", "r-x", "rwx"
    domain: int


@dataclass(eq=False)
class Tlb(TrackedMap):
    """The entries by slot. ``probe`` is what the last look-up found: [virtual page, "hit" or "miss"]."""

    KIND: ClassVar[str] = "tlb"
    SINGLE: ClassVar[bool] = True
    size: int
    _ram: Ram
    probe: list[int | str] | None = None
    _slots: list[TlbEntry | None] = field(default_factory=list)
    _where: dict[int, int] = field(default_factory=dict)  # vpn -> slot
    _next: int = 0
    _readable: dict[int, bytearray] = field(default_factory=dict)
    _writable: dict[int, bytearray] = field(default_factory=dict)
    _pinned: set[int] = field(default_factory=set)

    def find(self, vpn: int) -> TlbEntry | None:
        """The entry for a virtual page, or None: a miss."""
        slot = self._where.get(vpn)
        return None if slot is None else self._slots[slot]

    def fill(self, entry: TlbEntry) -> None:
        """Keep a translation; the oldest slot gives way."""
        if not self._slots:
            self._slots = [None] * self.size
        slot = self._where.get(entry.vpn, self._next)
        if slot == self._next:
            self._next = (slot + 1) % self.size
        self._drop(slot)
        self._slots[slot] = entry
        self._where[entry.vpn] = slot
        self.note(slot, None, [entry.vpn, entry.pfn, entry.rights, "user"])
        if entry.vpn not in self._pinned:
            frame = self._ram.frame(entry.pfn)
            self._readable[entry.vpn] = frame
            if "w" in entry.rights:
                self._writable[entry.vpn] = frame

    def flush(self, first: int, last: int) -> int:
        """Forget virtual pages first..last (inclusive); says how many entries that were."""
        stale = [slot for slot, entry in enumerate(self._slots) if entry and first <= entry.vpn <= last]
        for vpn in [vpn for vpn in self._pinned if first <= vpn <= last]:
            self._unpin(vpn)
        for slot in stale:
            self._drop(slot)
        return len(stale)

    def pin(self, vpn: int, frame: bytearray, writable: bool) -> None:
        """Let the program reach a page of its own image without a look-up."""
        self._pinned.add(vpn)
        self._readable[vpn] = frame
        if writable:
            self._writable[vpn] = frame

    def _unpin(self, vpn: int) -> None:
        """The page is no longer the program's own affair: from now on its PTE decides."""
        self._pinned.remove(vpn)
        self._readable.pop(vpn, None)
        self._writable.pop(vpn, None)

    def _drop(self, slot: int) -> None:
        entry = self._slots[slot]
        if entry is None:
            return
        self._slots[slot] = None
        del self._where[entry.vpn]
        self.note(slot, [entry.vpn, entry.pfn, entry.rights, "user"], None)
        if entry.vpn not in self._pinned:
            self._readable.pop(entry.vpn, None)
            self._writable.pop(entry.vpn, None)
