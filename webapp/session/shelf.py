"""Where runs are kept: some in memory with all their stages, others as a recipe only.

The shelf has places for so many runs in memory. A new one takes the place of whichever has not been used for
longest and has nothing to do; when all are busy there is no place. Runs that nobody used for a while are evicted
anyway, and of the evicted ones that nobody follows only so many are remembered.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.session.limits import Limits
from webapp.session.messages import Refused
from webapp.session.stream import Stream

log = logging.getLogger(__name__)

CHECK_SHARE = 64  # look at the total whenever this part of it was recorded anew


class Shelf:
    """Streams by run id."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.RLock()
        self._streams: dict[str, Stream] = {}
        self._reserved = 0
        self._recorded = 0

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def loaded(self) -> list[Stream]:
        """The streams whose run is in memory, longest unused first."""
        with self._lock:
            return sorted((s for s in self._streams.values() if s.run is not None), key=lambda s: s.used)

    def get(self, id: str) -> Stream | None:
        """The stream of this run."""
        return self._streams.get(id)

    def about(self, topic: str) -> list[Stream]:
        """The streams whose warden watches over this topic."""
        with self._lock:
            return [s for s in self._streams.values() if s.warden is not None and s.warden.topic == topic]

    def put(self, stream: Stream) -> None:
        """Keep a new stream."""
        with self._lock:
            self._streams[stream.id] = stream

    def drop(self, stream: Stream) -> None:
        """Forget a stream."""
        with self._lock:
            self._streams.pop(stream.id, None)

    @contextmanager
    def place(self, stream: Stream | None = None) -> Iterator[None]:
        """Reserve a place in memory while a run is built; ``stream`` may have one already."""
        if stream is not None and stream.run is not None:
            yield
            return
        self._reserve()
        try:
            yield
        finally:
            with self._lock:
                self._reserved -= 1

    def grew(self, nbytes: int) -> None:
        """So many bytes of stages were recorded; now and then this leads to a look at the total."""
        self._recorded += nbytes
        if self._recorded > self._limits.log_bytes // CHECK_SHARE:
            self._recorded = 0
            self.relieve()

    def relieve(self) -> None:
        """Keep the stages of all runs together within bounds: evict the idle, then end the largest."""
        loaded = self.loaded
        excess = sum(stream.nbytes for stream in loaded) - self._limits.log_bytes
        for stream in loaded:
            held = stream.nbytes
            if excess > 0 and stream.evict():
                excess -= held
        if excess > 0:
            largest = max(self.loaded, key=lambda s: s.nbytes)
            largest.abandon("Stopped here: all runs on this server together have recorded as much as it can hold.")

    def keep_house(self) -> float:
        """Evict what nobody used for long, forget what is too much to remember; the seconds until the next look."""
        patience = self._limits.idle_seconds
        now = time.monotonic()
        for stream in self.loaded:
            if now - stream.used >= patience and stream.evict():
                log.info("run %s evicted at %d stages", stream.id[:8], stream.produced)
        self._forget()
        nearest = min((patience - now + stream.used for stream in self.loaded), default=patience)
        return max(nearest, patience / 20)

    def _reserve(self) -> None:
        with self._lock:
            for stream in self.loaded:
                if len(self.loaded) + self._reserved < self._limits.runs:
                    break
                stream.evict()
            if len(self.loaded) + self._reserved >= self._limits.runs:
                runs = self._limits.runs
                raise Refused(
                    f"This server is busy with {runs} runs, the most that it can hold. Try again in a minute."
                )
            self._reserved += 1

    def _forget(self) -> None:
        """Of the evicted runs without a client, drop the longest unused beyond the bounds."""
        with self._lock:
            asleep = [s for s in self._streams.values() if s.run is None and s.owner is None]
            asleep.sort(key=lambda s: s.used, reverse=True)
            room = self._limits.remembered_bytes
            for place, stream in enumerate(asleep):
                room -= len(stream.recipe.program)
                if place >= self._limits.remembered or room < 0:
                    del self._streams[stream.id]
