"""A stand-in for the model: as many stages as the program's text says, and nothing else.

300                 300 stages
300 fail            then an exception
300 endless         then no more stages and no end
300 drift           stages that differ from build to build
"""

from __future__ import annotations

import time
from itertools import count
from typing import Any

from webapp.session.messages import Refused

_builds = count()
FLUSH = 64


class FakeEngine:
    """Hands over its stages 64 at a time; each slice is one such hand-over."""

    def __init__(self, recipe, limits, sink, pause: float = 0.0) -> None:
        words = recipe.program.split()
        if not words or not words[0].isdigit():
            raise Refused("The program cannot be run.", [{"line": 1, "column": 1, "message": "no number"}])
        self.settings = {"read_ahead_kb": 128, **recipe.machine}
        self.files = {"data.bin": 4096}
        self.why = "exit status 0"
        self.limited = False
        self._stages = int(words[0])
        self._then = words[1:]
        self._sink = sink
        self._pause = pause
        self._made = 0
        self._salt = next(_builds) if "drift" in words else 0

    def slice(self) -> bool:
        if self._pause:
            time.sleep(self._pause)
        stop = min(self._made + FLUSH, self._stages)
        self._sink([self._stage(n) for n in range(self._made, stop)])
        self._made = stop
        if self._made < self._stages or "endless" in self._then:
            return False
        if "fail" in self._then:
            raise ZeroDivisionError("the model fell over")
        return True

    def _stage(self, n: int) -> dict[str, Any]:
        change = ["cpu", "*", None, {"n": 0}] if n == 0 else ["cpu", "n", n - 1, n]
        return {"n": n, "t": n * 10 + self._salt, "op": "step", "fn": "main", "changes": [change]}
