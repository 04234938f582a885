"""The tick: the timer interrupt by which the kernel measures its longer times.  Linux 5.10: include/linux/jiffies.h"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

HZ = 250  # ticks a second
TICK_NS = 1_000_000_000 // HZ


def jiffies(k: Machine) -> int:
    """Ticks since the program started."""
    return k.now // TICK_NS
