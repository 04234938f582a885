"""The one thread that computes.

Jobs take turns, first come first served; a job whose turn says "more" goes to the back of the queue. So each of
n busy runs gets one n-th of the time, and a turn is the longest that anybody waits for another's. When no job
has anything to do the thread sleeps on a condition; it wakes for a submitted job or for housekeeping.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

SWITCH_SECONDS = 0.0005  # how long the computing thread may keep the interpreter from the others

log = logging.getLogger(__name__)


class Job(Protocol):
    """Something that takes turns on the computing thread."""

    def turn(self) -> bool:
        """Work for at most a slice; True asks for another turn."""

    def failed(self, error: Exception) -> bool:
        """The turn raised: end the job; True asks for another turn to say so."""


class Runner:
    """Fair round robin over jobs, in one daemon thread that starts with the first job."""

    def __init__(self, housekeep: Callable[[], float | None] = lambda: None) -> None:
        """``housekeep`` runs between turns when its time has come; it returns the seconds until the next time."""
        self.turns = 0
        self._housekeep = housekeep
        self._next: float | None = None
        self._queue: deque[Job] = deque()
        self._current: Job | None = None
        self._again = False
        self._stopping = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def submit(self, job: Job) -> None:
        """Give the job a turn, unless one is coming to it anyway."""
        with self._changed:
            if job is self._current:
                self._again = True
            elif job not in self._queue:
                self._queue.append(job)
            self._start()
            self._changed.notify()

    def remind(self, seconds: float) -> None:
        """Housekeep within ``seconds`` from now."""
        with self._changed:
            due = time.monotonic() + seconds
            if self._next is None or due < self._next:
                self._next = due
            self._start()
            self._changed.notify()

    def stop(self, timeout: float = 5.0) -> None:
        """End the thread after the turn under way."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing computes."""
        with self._changed:
            return self._current is None and not self._queue

    def _start(self) -> None:
        if self._thread is None and not self._stopping:
            sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_SECONDS))
            self._thread = threading.Thread(target=self._loop, name="pagewalk-runner", daemon=True)
            self._thread.start()

    def _loop(self) -> None:
        while self._wait():
            self._keep_house()
            job = self._take()
            if job is not None:
                more = self._turn(job)
                self._put_back(job, more)

    def _wait(self) -> bool:
        """Sleep until there is something to do; False when stopping."""
        with self._changed:
            while not self._queue and not self._stopping and not self._due():
                self._changed.wait(None if self._next is None else max(0.0, self._next - time.monotonic()))
            return not self._stopping

    def _due(self) -> bool:
        return self._next is not None and time.monotonic() >= self._next

    def _take(self) -> Job | None:
        with self._changed:
            self._current = self._queue.popleft() if self._queue else None
            self._again = False
            return self._current

    def _turn(self, job: Job) -> bool:
        """One turn; whatever it raises ends that job and nothing else."""
        self.turns += 1
        try:
            return job.turn()
        except Exception as error:
            return self._fail(job, error)

    def _fail(self, job: Job, error: Exception) -> bool:
        try:
            return job.failed(error)
        except Exception:
            log.exception("a run could not even be ended")
            return False

    def _put_back(self, job: Job, more: bool) -> None:
        with self._changed:
            self._current = None
            if more or self._again:
                self._queue.append(job)

    def _keep_house(self) -> None:
        with self._changed:
            if not self._due():
                return
            self._next = None
        try:
            seconds = self._housekeep()
        except Exception:
            log.exception("housekeeping failed")
            seconds = 60.0
        if seconds is not None:
            self.remind(seconds)
