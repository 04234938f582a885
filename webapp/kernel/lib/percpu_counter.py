"""Counters that many CPUs may change: cheap to count with, not quite exact to read.

Each CPU keeps a small difference to itself and adds it to the shared count only when it has grown to ``batch``. So a
counter may read 0 although seven pages have been counted, even on a machine with one CPU.

Linux 5.10: lib/percpu_counter.c
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class PercpuCounter:
    """struct percpu_counter: ``count`` is shared, ``pending`` is this CPU's difference."""

    batch: int
    count: int = 0
    pending: int = 0

    def add(self, amount: int) -> None:
        """Count; the difference moves to the shared count when it has reached the batch."""
        self.pending += amount
        if abs(self.pending) >= self.batch:
            self.count += self.pending
            self.pending = 0

    def read_positive(self) -> int:
        """The shared count, and 0 where it is negative: fast, off by less than a batch."""
        return max(self.count, 0)

    def sum(self) -> int:
        """The exact count, with every CPU's difference."""
        return self.count + self.pending
