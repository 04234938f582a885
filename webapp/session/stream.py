"""One run on its way to one client: what is sent, what is acknowledged, what may follow.

A stream owns a `Recipe`, from which its `Run` can be rebuilt at any time, and a cursor. It sends a batch only
when it has an owner (a socket) and credit (few enough batches unacknowledged), and it lets the model compute only
when there is nothing recorded to send. So a client that does not read costs nothing but memory already bounded.

Rules for callers:
    * `turn` and `failed` belong to the runner's thread; every other method may be called from any thread.
    * Nothing is sent while the lock is held, so a transport may call back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from webapp.session.cat import CatError, show
from webapp.session.limits import Limits
from webapp.session.log import Seal
from webapp.session.messages import Refused
from webapp.session.reader import Reader
from webapp.session.run import Recipe, Run
from webapp.session.trace import FILE, trace_at

log = logging.getLogger(__name__)

Send = Callable[[str, str, dict[str, Any]], None]  # socket, event, payload
ENDLESS = 1 << 62


@dataclass(frozen=True, slots=True)
class Evicted:
    """What is kept of a run whose log was dropped: enough to see that a rebuilt one is the same."""

    produced: int
    seal: Seal


@dataclass(frozen=True, slots=True)
class Facts:
    """What a client is told about a run besides its stages."""

    machine: dict[str, int | float]
    files: dict[str, int]


class Warden(Protocol):
    """Decides how far a run may be shown; `webapp.lesson.warden` has the one that waits for answers."""

    topic: str  # what it watches over, to be found again when that changes

    def allow(self, run: Run) -> tuple[int, bool]:
        """How many stages may be sent, and whether more of the run changes nothing about that."""

    def renew(self) -> None:
        """What it decides by has changed."""


class Stream:
    """A run and the one client that follows it."""

    def __init__(
        self,
        id: str,
        recipe: Recipe,
        run: Run,
        limits: Limits,
        send: Send,
        grew: Callable[[int], None],
        warden: Warden | None = None,
    ) -> None:
        """``grew`` is told how many bytes of stages each turn has recorded."""
        self.id = id
        self.recipe = recipe
        self.facts = Facts(run.machine, run.files)
        self.run: Run | None = run
        self.owner: str | None = None
        self.used = time.monotonic()
        self.evicted: Evicted | None = None
        self.warden = warden
        self._gate = ENDLESS  # as the warden said; no wish of a client moves it
        self._shown = 0 if warden else ENDLESS  # how many stages the warden has looked at and let through
        self._ask = warden is not None  # whether the warden is to be asked anew, though the run stands at its gate
        self._limits = limits
        self._send = send
        self._grew = grew
        self._lock = threading.RLock()
        self._reading = threading.Lock()
        self._reader: Reader | None = None
        self._held = True  # until the client has been told the run's id
        self._closed = False
        self._sent = 0
        self._have = 0
        self._flights: deque[int] = deque()  # where each unacknowledged batch ends
        self._upto = ENDLESS
        self._told_end = False
        self._trouble: str | None = None

    # What a client asks for. Each returns having changed nothing when it raises.

    def attach(self, owner: str, have: int) -> str | None:
        """Follow the run from stage ``have`` on, as ``owner``; the owner before, if it was another."""
        with self._lock:
            if have > self.produced:
                raise Refused(
                    f"The run has {self.produced} stages, so nobody can hold {have}; resume with have={self.produced}"
                    " or less.",
                    run=self.id,
                )
            self._told_end = False
            self._revive()
            before, self.owner = self.owner, owner
            self._held = True
            self._sent = self._have = have
            self._flights.clear()
            self.used = time.monotonic()
            return before if before != owner else None

    def release(self, owner: str) -> None:
        """This client knows the run's id: stages may follow, if it is still the owner."""
        with self._lock:
            self._held = self._held and self.owner != owner

    def detach(self, owner: str) -> None:
        """This client is gone; unless another one took over, the run waits."""
        with self._lock:
            if self.owner == owner:
                self.owner = None
                self._flights.clear()
                self.used = time.monotonic()

    def acknowledge(self, have: int) -> bool:
        """The client holds the first ``have`` stages: credit for more; whether that was news."""
        with self._lock:
            if have > self._sent:
                raise Refused(
                    f"Stage {have - 1} was never sent: only the first {self._sent} were; acknowledge those at most.",
                    run=self.id,
                )
            self._revive()
            news = have > self._have
            self._have = max(self._have, have)
            while self._flights and self._flights[0] <= have:
                self._flights.popleft()
            self.used = time.monotonic()
            return news

    def want(self, upto: int | None) -> None:
        """Send no stage from number ``upto`` on."""
        with self._lock:
            self._revive()
            self._upto = ENDLESS if upto is None else upto
            self.used = time.monotonic()

    def reconsider(self) -> None:
        """Ask the warden anew how far the run may be shown; an evicted run waits until its client wants more."""
        with self._lock:
            if self.warden is not None:
                self.warden.renew()
                self._ask = True

    def close(self) -> None:
        """No more turns, nothing more to send."""
        with self._lock:
            self._closed = True
            self.owner = None

    # What others may know.

    @property
    def produced(self) -> int:
        """How many stages the run has recorded, held in memory or not, of those that may be shown."""
        held = len(self.run.log) if self.run else 0
        return min(max(held, self.evicted.produced if self.evicted else 0), self._shown)

    @property
    def sent(self) -> int:
        """How many stages the client has been sent."""
        return min(self._sent, self._shown)

    @property
    def nbytes(self) -> int:
        """Bytes of stages held."""
        return self.run.log.nbytes if self.run else 0

    def cat(self, path: str, stage: int) -> str:
        """A file of /proc or /sys after a stage that was sent; a run that was evicted is computed again."""
        with self._reading:
            run = self.run or self._again(stage)
            if len(run.log) <= stage:
                raise Refused("This run is being computed again. Try again in a moment.", run=self.id)
            if self._reader is None or self._reader.log is not run.log:
                self._reader = Reader(run.log)
            self.used = time.monotonic()
            if path == FILE:
                return trace_at(run.log, stage)
            try:
                return show(self._reader.rows_after(stage), path)
            except CatError as error:
                raise Refused(str(error), run=self.id) from None

    def evict(self) -> bool:
        """Drop the run and keep its recipe; False when it has something to do or is gone already."""
        with self._lock:
            if self.run is None or (self._held and self.owner is not None) or self._ready() is not None:
                return False
            self._remember(self.run)
            self.run = self._reader = None
            return True

    # Turns.

    def turn(self) -> bool:
        """Compute for at most a slice if nothing recorded waits, then send at most one batch; when at rest, tidy."""
        run = self._ready()
        if run is None:
            return self._tidy()
        goal = max(min(self._upto, self._sent + self._limits.batch_stages), self._proof)
        if self._shown <= self._sent:  # what is recorded may not be sent before more is known
            goal = max(goal, len(run.log) + 1)
        if len(run.log) < goal and not run.done:
            self._compute(run, goal)
        self._heed(run)
        if len(run.log) >= self._proof or run.done:
            self._send_batch(run)
            self._send_end(run)
        return True

    def failed(self, error: Exception) -> bool:
        """The model broke: the run ends here, and the client is told so after the stages it has."""
        log.error("run %s of %s failed", self.id[:8], self.recipe.name, exc_info=error)
        if self._trouble is not None:
            self.close()
            return False
        self.abandon(f"The model failed at this point, which is our fault and not the program's: {error}.")
        return True

    def abandon(self, why: str) -> None:
        """End the run for a reason of the server's own; what it did until now stays."""
        self._trouble = why
        if self.run is not None:
            self.run.stop(why)

    def _ready(self) -> Run | None:
        """The run, if there is something to do for it now."""
        with self._lock:
            run = self.run
            if run is None or self.owner is None or self._closed or self._held:
                return None
            if run.done and self._sent >= len(run.log):
                return None if self._told_end else run
            credit = len(self._flights) < self._limits.batches_in_flight
            open_end = ENDLESS if self._ask else self._gate
            return run if credit and self._sent < min(self._upto, open_end) else None

    @property
    def _proof(self) -> int:
        """How long a rebuilt run must be to have shown that it is the same; nothing is sent before."""
        return self.evicted.seal.stages if self.evicted else 0

    def _compute(self, run: Run, goal: int) -> None:
        """One slice of the model."""
        before = run.log.nbytes
        run.advance(self._limits.slice_seconds, goal)
        self._verify(run)
        self._grew(run.log.nbytes - before)

    def _heed(self, run: Run) -> None:
        """Before anything is sent: where does the warden stop the run?"""
        if self.warden is None:
            return
        self._ask, asking = False, True
        while asking:
            allowed, final = self.warden.allow(run)
            with self._lock:
                asking, self._ask = self._ask, False  # an answer may have come meanwhile
                self._gate = allowed if final else ENDLESS
                self._shown = min(max(self._shown, allowed), self._gate)

    def _send_batch(self, run: Run) -> None:
        """Send what is recorded and not sent, within the batch's bounds."""
        with self._lock:
            owner, start = self.owner, self._sent
            stop = min(start + self._limits.batch_stages, self._upto, self._shown, len(run.log))
            if owner is None or self._closed or stop <= start:
                return
            text, end = run.log.cut(start, stop, self._limits.batch_bytes)
            self._sent = end
            self._flights.append(end)
            done = run.done and end == len(run.log)
            produced, held = min(len(run.log), self._shown), end == self._gate
        stages = orjson.Fragment(b"[" + text + b"]")
        batch = {"run": self.id, "from": start, "stages": stages, "produced": produced, "done": done}
        if held:
            batch["held"] = True
        self._send(owner, "stages", batch)

    def _send_end(self, run: Run) -> None:
        """Once everything is sent, say why the run ended."""
        with self._lock:
            owner = self.owner
            if owner is None or self._told_end or not run.done or self._sent < len(run.log):
                return
            self._told_end = True
        if self._trouble:
            self._send(owner, "trouble", {"run": self.id, "error": {"what": self._trouble, "errors": []}})
        end = {"run": self.id, "stages": len(run.log), "why": run.why, "limit": run.limited}
        self._send(owner, "ended", end)

    # Dropping and rebuilding.

    def _tidy(self) -> bool:
        """Compress a group of stages that the client holds; only while it has everything that was sent."""
        run = self.run
        return run is not None and not self._flights and run.log.pack(self._have)

    def _remember(self, run: Run) -> None:
        if self.evicted is None or len(run.log) >= self.evicted.produced:
            self.evicted = Evicted(len(run.log), run.log.seal())

    def _revive(self) -> None:
        """Start an evicted run again, if it has more to say; the runner brings it back to where it was."""
        if self.run is None and not self._told_end:
            self.run = Run(self.recipe, self._limits, self.evicted.seal if self.evicted else None)

    def _again(self, stage: int) -> Run:
        """The evicted run, computed as far as this stage; it is in memory from now on."""
        run = Run(self.recipe, self._limits, self.evicted.seal if self.evicted else None)
        run.advance(goal=stage + 1)
        with self._lock:
            self.run = self.run or run
            return self.run

    def _verify(self, run: Run) -> None:
        """Same program, same stages: a rebuilt run must pass through what was sent before."""
        was = self.evicted
        if was is not None and (run.log.differs or (run.done and len(run.log) < was.produced)):
            self._sent = len(run.log)  # none of it goes with what the client holds
            raise RuntimeError("the run was rebuilt from its program and came out different")
