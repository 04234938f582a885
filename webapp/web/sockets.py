"""The messages of a client: validate, call the session, answer.

All state is the registry's, by socket id; Flask's session is not used, for it would be a frozen copy here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from flask_socketio import SocketIO, disconnect
from socketio.exceptions import ConnectionRefusedError

from webapp.lesson.tutor import Tutor
from webapp.session.messages import (
    KINDS,
    Ack,
    Cat,
    Check,
    Close,
    Keep,
    Message,
    Open,
    Refused,
    Resume,
    Want,
    quote,
    read,
)
from webapp.session.registry import Registry, TooFast
from webapp.session.store import Shares
from webapp.session.stream import Warden
from webapp.session.students import Student
from webapp.web import learn
from webapp.web.wire import hang_up

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)
Reply = dict[str, Any]


class Malformed(Refused):
    """A message that is not understood at all."""


def register(socketio: SocketIO, registry: Registry, shares: Shares, tutor: Tutor) -> None:
    """Attach the handlers of all messages."""
    desk = Desk(socketio, registry)

    def open_run(sid: str, message: Open) -> Reply:
        return registry.open(sid, message, warden(tutor, message))

    socketio.on("connect")(desk.connect)
    socketio.on("disconnect")(desk.disconnect)
    socketio.on("open")(desk.handler(Open, open_run, in_reply=True))
    socketio.on("check")(desk.handler(Check, registry.check, in_reply=True))
    socketio.on("resume")(desk.handler(Resume, registry.resume, in_reply=True))
    socketio.on("ack")(desk.handler(Ack, registry.ack))
    socketio.on("want")(desk.handler(Want, registry.want))
    socketio.on("close")(desk.handler(Close, registry.close))
    socketio.on("keep")(desk.handler(Keep, lambda sid, message: {"ok": True, "id": shares.put(message.share)}, True))
    socketio.on("cat")(desk.handler(Cat, registry.cat, in_reply=True))
    socketio.on("unreadable")(desk.unreadable)
    socketio.on("*")(desk.unknown)
    socketio.on_error_default(desk.broken)


def warden(tutor: Tutor, message: Open) -> Warden | None:
    """In a lesson, somebody watches that no stage is sent before its question is answered."""
    if not message.lesson:
        return None
    student = learn.student_of(tutor, request.cookies) or Student("", "0")
    lesson = tutor.library.variant(message.lesson, student.seed)
    if lesson is None:
        raise Refused(f"There is no lesson {quote(message.lesson)}; leave `lesson` out to run freely.")
    return tutor.warden(student, lesson, message.step)


class Desk:
    """Takes messages from clients and says what became of them."""

    def __init__(self, socketio: SocketIO, registry: Registry) -> None:
        self._socketio = socketio
        self._registry = registry

    def connect(self, auth: Any = None) -> None:
        """A window connects, or is told that the server is full."""
        try:
            self._registry.join(_sid())
        except Refused as refusal:
            log.info("refused socket %s: %s", _sid(), refusal.what)
            raise ConnectionRefusedError(refusal.what) from None

    def disconnect(self, reason: Any = None) -> None:
        """A window is gone. One that stopped reading is cut off, or its threads would wait for it for ever."""
        self._registry.leave(_sid())
        if reason == SocketIO.reason.PING_TIMEOUT:
            hang_up(request.environ)

    def handler(
        self, kind: type[M], act: Callable[[str, M], Reply | None], in_reply: bool = False
    ) -> Callable[..., Reply]:
        """The handler of one kind of message; ``in_reply``: its sender reads refusals in the reply."""

        def handle(*payload: Any) -> Reply:
            try:
                self._registry.admit(_sid(), kind.COST)
                message = self._read(kind, payload)
                return act(_sid(), message) or {"ok": True}
            except Refused as refusal:
                return self._refuse(refusal, aloud=not in_reply or isinstance(refusal, (Malformed, TooFast)))

        return handle

    def unreadable(self, *payload: Any) -> Reply:
        """A packet that is not even a message."""
        return self._complain(f"This packet is not a message of ours: {quote(payload[0] if payload else None)}.")

    def unknown(self, event: str, *payload: Any) -> Reply:
        """A message of no kind we know."""
        return self._complain(f"There is no message {quote(event)}.")

    def broken(self, error: BaseException) -> Reply:
        """A handler of ours raised: the cause goes to the log, and the client is told that it is not to blame."""
        log.error("handling a message of %s failed", _sid(), exc_info=error)
        return self._refuse(Refused("Something went wrong on our side; it is in the server's log."), aloud=True)

    def _complain(self, what: str) -> Reply:
        try:
            self._registry.admit(_sid(), 1)
            raise Malformed(f"{what} Send one of {', '.join(KINDS)}, each with one JSON object.")
        except Refused as refusal:
            return self._refuse(refusal, aloud=True)

    def _read(self, kind: type[M], payload: tuple[Any, ...]) -> M:
        try:
            return read(kind, payload[0] if len(payload) == 1 else list(payload))
        except Refused as refusal:
            raise Malformed(refusal.what) from None

    def _refuse(self, refusal: Refused, aloud: bool) -> Reply:
        """Answer a refused message, and with ``aloud`` also send its sender a `trouble`."""
        if not isinstance(refusal, TooFast) or refusal.loud:
            log.info("refused a message of %s: %s", _sid(), refusal.what)
            if aloud:
                self._socketio.emit("trouble", {"run": refusal.run, "error": refusal.as_dict()}, to=_sid())
        elif refusal.hopeless:
            disconnect()
            hang_up(request.environ)
        return {"ok": False, "error": refusal.as_dict()}


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid
