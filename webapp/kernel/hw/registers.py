"""What can be read off the CPU and off the program that runs on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from webapp.kernel.journal import Tracked


@dataclass(eq=False)
class Registers(Tracked):
    """``mode`` is user, kernel or irq; DFAR and DFSR say where and why the last abort happened.

    TTBR0 holds the address of the page directory in use, CONTEXTIDR the number of its address space (the ASID in
    bits 7:0), with which the TLB marks its entries. ``_saved_mode`` is the mode that the aborted instruction ran in
    (the mode bits of SPSR_abt).
    """

    KIND: ClassVar[str] = "cpu"
    SINGLE: ClassVar[bool] = True
    mode: str = "user"
    DFAR: int = 0
    DFSR: int = 0
    TTBR0: int = 0
    CONTEXTIDR: int = 0
    _saved_mode: str = "user"


@dataclass(eq=False)
class UserPlace(Tracked):
    """Where the program stands: C function, line, its variables; and how it ended."""

    KIND: ClassVar[str] = "program"
    SINGLE: ClassVar[bool] = True
    fn: str = ""
    line: int = 0
    vars: dict[str, Any] | None = None
    running: bool = False
    exit: str | None = None


@dataclass(eq=False)
class SettingsRow(Tracked):
    """The machine's settings, as a row that the browser shows."""

    KIND: ClassVar[str] = "machine"
    SINGLE: ClassVar[bool] = True
    read_ahead_kb: int = 0
    fault_around_bytes: int = 0
    memory_mib: int = 0
    disk_request_us: int = 0
    disk_page_us: float = 0
    tlb_entries: int = 0
    dirty_background_ratio: int = 0
    dirty_ratio: int = 0
    dirty_background_bytes: int = 0
    dirty_bytes: int = 0
    dirty_writeback_centisecs: int = 0
    dirty_expire_centisecs: int = 0
    memcg_pages: int = 0
