"""One run of one program, from its recipe to its last stage.

    run = Run(Recipe(text, "prog.c", {"read_ahead_kb": 64}))
    for stage in run: ...            # computes as it goes
    run.rows_at(120)                 # the state after stage 119
    run.why                          # "exit status 0", once run.done

A `Recipe` is the whole command log of a run: same recipe, same stages, in any process. A `Run` is not shared
between threads; whoever drives it calls `advance`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from webapp import __version__
from webapp.kernel.journal import Rows, apply
from webapp.session.engine import Engine, build
from webapp.session.limits import Limits
from webapp.session.log import Seal, StageLog

KEYFRAME = 2_048  # stages between two kept states


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what a run does. ``machine`` holds settings that override the program's own."""

    program: str
    name: str = "prog.c"
    machine: dict[str, int | float] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 of the recipe and the model's version: equal digests mean equal stages."""
        text = orjson.dumps([self.program, self.name, self.machine, __version__], option=orjson.OPT_SORT_KEYS)
        return sha256(text).hexdigest()


class Run:
    """A compiled program on its own machine, and the log of what it did."""

    def __init__(self, recipe: Recipe, limits: Limits | None = None, expected: Seal | None = None) -> None:
        """Compile and boot; raises `Refused` with every mistake of the program. ``expected``: an earlier log's seal."""
        self.recipe = recipe
        self.limits = limits or Limits()
        self.log = StageLog(expected)
        self.engine: Engine | None = build(recipe, self.limits, self.log.extend)
        self.machine = self.engine.settings
        self.files = self.engine.files
        self.done = False
        self.why = ""
        self.limited = False
        self._keyframes: list[bytes] = []

    def advance(self, seconds: float | None = None, goal: int | None = None) -> bool:
        """Compute until ``seconds`` have passed, ``goal`` stages are recorded or the run ends; True at the end.

        It may overshoot by what the model does between two looks: a few hundred microseconds, a fault's stages.
        """
        until = None if seconds is None else time.perf_counter() + seconds
        while self.engine is not None and (goal is None or len(self.log) < goal):
            if self.engine.slice():
                self._finish(self.engine)
            elif until is not None and time.perf_counter() >= until:
                break
        return self.done

    def finish(self) -> Run:
        """Compute to the end."""
        self.advance()
        return self

    def stop(self, why: str) -> None:
        """End the run here; what it recorded stays."""
        if not self.done:
            self.done, self.why, self.limited, self.engine = True, why, True, None

    def stages(self, start: int = 0, stop: int | None = None) -> list[dict[str, Any]]:
        """The recorded stages from ``start`` to ``stop`` (exclusive)."""
        return self.log.read(start, len(self.log) if stop is None else stop)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        at = 0
        while True:
            self.advance(goal=at + 1)
            stages = self.stages(at)
            if not stages:
                return
            yield from stages
            at += len(stages)

    @property
    def rows(self) -> Rows:
        """The state after the last recorded stage."""
        return self.rows_at(len(self.log))

    def rows_at(self, n: int) -> Rows:
        """The state after the first ``n`` stages; every `KEYFRAME` stages a state is kept, so seeking stays cheap."""
        if not 0 <= n <= len(self.log):
            raise IndexError(f"rows_at({n}): the run has {len(self.log)} stages")
        frame = min(n // KEYFRAME, len(self._keyframes))
        rows: Rows = orjson.loads(self._keyframes[frame - 1]) if frame else {}
        at = frame * KEYFRAME
        while at < n:
            stop = min(at + KEYFRAME, n)
            for stage in self.log.read(at, stop):
                apply(rows, stage.get("changes", ()))
            at = stop
            if at == (len(self._keyframes) + 1) * KEYFRAME:
                self._keyframes.append(orjson.dumps(rows))
        return rows

    def _finish(self, engine: Engine) -> None:
        self.done, self.why, self.limited, self.engine = True, engine.why, engine.limited, None
