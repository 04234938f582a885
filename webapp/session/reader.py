"""The state at any stage of a run, for somebody who goes back and forth in it.

    reader = Reader(run.log)
    reader.rows_after(120)     # the rows after stage 120; to be read, and only until the next call

One state is kept and moved, as a browser does: going on applies changes, going back takes them back.
"""

from __future__ import annotations

from webapp.kernel.journal import Rows, apply, revert
from webapp.session.log import StageLog

CHUNK = 1_024  # stages decoded at a time


class Reader:
    """A cursor in a log, and the rows there."""

    def __init__(self, log: StageLog) -> None:
        self.log = log
        self._rows: Rows = {}
        self._count = 0  # stages applied

    def rows_after(self, stage: int) -> Rows:
        """Move to a recorded stage."""
        goal = stage + 1
        if goal < self._count - goal:  # nearer from the start
            self._rows, self._count = {}, 0
        while self._count < goal:
            stages = self.log.read(self._count, min(self._count + CHUNK, goal))
            for each in stages:
                apply(self._rows, each.get("changes", ()))
            self._count += len(stages)
        while self._count > goal:
            stages = self.log.read(max(self._count - CHUNK, goal), self._count)
            for each in reversed(stages):
                revert(self._rows, each.get("changes", []))
            self._count -= len(stages)
        return self._rows
