"""All clients and all runs of one server, and who may touch what.

A run's id is an unguessable token: knowing it is the right to follow the run, and only who opened or resumed a
run may acknowledge, bound or close it. A run that nobody uses is evicted (see shelf.py) and rebuilt from its
recipe when somebody comes back.

Rules for callers:
    * `join` before anything else, `leave` at the end; `released` after the reply to each message.
    * Every method raises `Refused`, having changed nothing, when it cannot do what it is asked.
    * One socket's messages come one after the other; different sockets may come at the same time.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from webapp import __version__
from webapp.session.engine import prepare
from webapp.session.export import Replay
from webapp.session.limits import Limits
from webapp.session.messages import Ack, Cat, Check, Close, Open, Refused, Resume, Want
from webapp.session.run import Recipe, Run
from webapp.session.runner import Runner
from webapp.session.shelf import Shelf
from webapp.session.stream import Send, Stream, Warden

READERS = 2  # clients that have a file read at a time: going far through a long run takes a second
READER_PATIENCE = 5.0  # seconds that one more waits for its turn
PATIENCE = 10  # bursts of refused messages in a row before a client is cut off

log = logging.getLogger(__name__)


class TooFast(Refused):
    """The client sends more messages than it may. It is told once a second (``loud``), and in the end cut off."""

    def __init__(self, what: str, loud: bool, hopeless: bool) -> None:
        super().__init__(what)
        self.loud = loud
        self.hopeless = hopeless


@dataclass(slots=True)
class Client:
    """One socket: its allowance of messages and the runs it follows."""

    sid: str
    tokens: float
    counted: float
    refused: int = 0  # messages in a row that came too fast
    told: float = 0.0  # when it was last told so
    runs: dict[str, Stream] = field(default_factory=dict)
    fresh: list[Stream] = field(default_factory=list)  # not to be sent before the reply that names them

    def spend(self, cost: float, limits: Limits) -> None:
        """Take ``cost`` from the allowance, which refills with time; raises `TooFast` when too little is left."""
        now = time.monotonic()
        refill = (now - self.counted) * limits.messages_per_second
        self.tokens = min(float(limits.message_burst), self.tokens + refill)
        self.counted = now
        if self.tokens < cost:
            self._refuse(now, limits)
        self.tokens -= cost
        self.refused = 0

    def _refuse(self, now: float, limits: Limits) -> None:
        self.refused += 1
        loud = now - self.told >= 1.0
        if loud:
            self.told = now
        raise TooFast(
            f"Too many messages: this server takes {limits.messages_per_second:g} a second from one window"
            f" (opening a run counts as {Open.COST}). Wait a moment and send it again.",
            loud,
            self.refused > PATIENCE * limits.message_burst,
        )


class Registry:
    """Clients by socket id, runs by id, and the thread that computes."""

    def __init__(self, limits: Limits, send: Send) -> None:
        self.limits = limits
        self.shelf = Shelf(limits)
        self.runner = Runner(self.shelf.keep_house)
        self._started = time.monotonic()
        self._send = send
        self._lock = threading.RLock()
        self._compiling = threading.Lock()
        self._reading = threading.BoundedSemaphore(READERS)
        self._clients: dict[str, Client] = {}

    # Clients.

    def join(self, sid: str) -> None:
        """A socket connects."""
        with self._lock:
            if len(self._clients) >= self.limits.sockets:
                raise Refused(
                    f"This server is full: {self.limits.sockets} windows are connected, the most that it serves."
                    " Close one, or try again in a minute."
                )
            self._clients[sid] = Client(sid, float(self.limits.message_burst), time.monotonic())

    def leave(self, sid: str) -> None:
        """A socket is gone; its runs wait for it to come back."""
        with self._lock:
            client = self._clients.pop(sid, None)
            for stream in client.runs.values() if client else ():
                stream.detach(sid)
        self.runner.remind(self.limits.idle_seconds)

    def admit(self, sid: str, cost: int) -> None:
        """Count a message against the client's rate; raises `TooFast`."""
        self._client(sid).spend(cost, self.limits)

    def released(self, sid: str) -> None:
        """The reply to a message is on its way: what it announced may follow."""
        client = self._clients.get(sid)
        while client is not None and client.fresh:
            stream = client.fresh.pop()
            stream.release(sid)
            self.runner.submit(stream)

    def replay(self, run: str) -> Replay:
        """What a run's client has been sent, to be computed again; knowing the run's id is the right to it."""
        stream = self.shelf.get(run)
        if stream is None:
            raise Refused("This run is not known here (any more); run the program again.", run=run)
        return Replay(stream.recipe, self.limits, stream.sent)

    def stats(self) -> dict[str, Any]:
        """Figures for /healthz."""
        loaded = self.shelf.loaded
        return {
            "uptime_s": round(time.monotonic() - self._started, 1),
            "sockets": len(self._clients),
            "runs": len(loaded),
            "runs_remembered": len(self.shelf) - len(loaded),
            "log_bytes": sum(stream.nbytes for stream in loaded),
        }

    # Messages.

    def open(self, sid: str, message: Open, warden: Warden | None = None) -> dict[str, Any]:
        """Start a run; its stages follow once `released`, as far as ``warden`` allows."""
        client = self._client(sid)
        recipe = self._recipe(message)
        with self.shelf.place():
            with self._compiling:
                run = Run(recipe, self.limits)
            id = secrets.token_urlsafe(18)
            stream = Stream(id, recipe, run, self.limits, self._send, self.shelf.grew, warden)
            self.shelf.put(stream)
        self._follow(client, stream, 0)
        log.info("run %s of %s opened by %s", stream.id[:8], recipe.name, sid)
        return self._hello(stream, 0)

    def check(self, sid: str, message: Check) -> dict[str, Any]:
        """Compile a program that is being written, and say what is wrong with it."""
        recipe = self._recipe(message)
        with self._compiling:
            try:
                prepare(recipe, self.limits)
            except Refused as refusal:
                return {"ok": True, "error": refusal.as_dict()}
        return {"ok": True, "error": None}

    def resume(self, sid: str, message: Resume) -> dict[str, Any]:
        """Go on with a run, perhaps one that another socket follows or that was evicted."""
        client = self._client(sid)
        stream = self.shelf.get(message.run)
        if stream is None:
            raise Refused("This run is not known here (any more); open the program again.", run=message.run)
        with self.shelf.place(stream):
            self._follow(client, stream, message.have)
        log.info("run %s resumed at %d by %s", stream.id[:8], message.have, sid)
        return self._hello(stream, message.have)

    def ack(self, sid: str, message: Ack) -> None:
        """Credit for more batches. One that says something new is free: batches bound how many there are."""
        stream = self._own(sid, message.run)
        with self.shelf.place(stream):
            if stream.acknowledge(message.have):
                self._client(sid).tokens += Ack.COST
        self.runner.submit(stream)

    def want(self, sid: str, message: Want) -> None:
        """Bound what is sent."""
        stream = self._own(sid, message.run)
        with self.shelf.place(stream):
            stream.want(message.upto)
        self.runner.submit(stream)

    def reconsider(self, topic: str) -> None:
        """What the wardens of this topic decide by has changed: runs may be shown further."""
        for stream in self.shelf.about(topic):
            stream.reconsider()
            self.runner.submit(stream)

    def cat(self, sid: str, message: Cat) -> dict[str, Any]:
        """A file of /proc or /sys after a stage that this client has been sent."""
        stream = self._own(sid, message.run)
        if message.stage >= stream.sent:
            raise Refused(
                f"Stage {message.stage} has not been sent; stages 0 to {stream.sent - 1} were.", run=message.run
            )
        if not self._reading.acquire(timeout=READER_PATIENCE):
            raise Refused("Others are reading files just now. Try again in a few seconds.", run=message.run)
        try:
            with self.shelf.place(stream):
                text = stream.cat(message.path, message.stage)
        finally:
            self._reading.release()
        self.runner.submit(stream)  # a run that was built again goes on
        most = self.limits.output_bytes
        return {"ok": True, "text": text[:most], "left": max(0, len(text) - most)}

    def close(self, sid: str, message: Close) -> None:
        """Forget a run."""
        stream = self._own(sid, message.run)
        stream.close()
        self.shelf.drop(stream)
        self._client(sid).runs.pop(stream.id, None)
        log.info("run %s closed by %s", stream.id[:8], sid)

    def _recipe(self, message: Open | Check) -> Recipe:
        """What to run, unless it is longer than this server takes."""
        size = len(message.program.encode("utf-8", "replace"))
        if size > self.limits.source_bytes:
            raise Refused(
                f"The program is {size:,} bytes long; this server takes {self.limits.source_bytes:,} at most."
            )
        return Recipe(message.program, message.name, message.machine)

    def _client(self, sid: str) -> Client:
        client = self._clients.get(sid)
        if client is None:
            raise Refused("This window is not connected; load the page again.")
        return client

    def _own(self, sid: str, run: str) -> Stream:
        """The stream, if this socket follows it; whether others do is nobody's business."""
        stream = self._client(sid).runs.get(run)
        if stream is None:
            raise Refused("This window does not follow this run; open or resume it first.", run=run)
        return stream

    def _make_room(self, client: Client) -> None:
        """A window follows only so many runs; for one more it lets go of the longest unused, and is told."""
        while len(client.runs) >= self.limits.runs_per_socket:
            with self._lock:
                oldest = min(client.runs.values(), key=lambda stream: stream.used)
                del client.runs[oldest.id]
            oldest.detach(client.sid)
            what = f"This window follows {self.limits.runs_per_socket} newer runs; resume this one to have it back."
            self._tell(client.sid, oldest, what)

    def _tell(self, sid: str, stream: Stream, what: str) -> None:
        self._send(sid, "trouble", {"run": stream.id, "error": Refused(what).as_dict()})

    def _follow(self, client: Client, stream: Stream, have: int) -> None:
        """Make ``client`` the one that follows ``stream``; whoever did before is told."""
        before = stream.attach(client.sid, have)
        if stream.id not in client.runs:
            self._make_room(client)
        with self._lock:
            client.runs[stream.id] = stream
            client.fresh.append(stream)
            other = self._clients.get(before) if before else None
            if other is not None:
                other.runs.pop(stream.id, None)
        if other is not None:
            self._tell(other.sid, stream, "Another window has taken over this run; resume it to have it back here.")
        self.runner.remind(self.limits.idle_seconds)

    def _hello(self, stream: Stream, have: int) -> dict[str, Any]:
        run = stream.facts
        return {
            "ok": True,
            "run": stream.id,
            "program": {"name": stream.recipe.name, "text": stream.recipe.program},
            "machine": run.machine,
            "files": run.files,
            "digest": stream.recipe.digest(),
            "model": __version__,
            "have": have,
            "produced": stream.produced,
            "resumable_until_idle_s": self.limits.idle_seconds,
        }
