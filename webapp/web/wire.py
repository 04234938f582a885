"""How messages become WebSocket text: everything that reaches into Socket.IO's own machinery is here.

Three things differ from the stock server, and tests hold each of them:
    * Packets are JSON text only. The stock packet class searches every payload for bytes, which costs more than
      recording the stages did; and a client could announce binary attachments without end.
    * A packet that makes no sense becomes the event ``unreadable``, so that its sender is told.
    * A WebSocket message is bounded while it is being received, and so is the number of messages that wait.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import orjson
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from simple_websocket import ConnectionClosed
from socketio import packet
from wsproto.utilities import LocalProtocolError

ENGINE_PACKETS = "0123456"
RESERVED = ("*", "connect", "disconnect", "__disconnect_final")  # not for clients to raise
WAITING_MESSAGES = 256  # received and not yet handled; more is a flood
WAITING_REPLIES = 128  # queued and not yet written; more is a client that does not read
LOOK_SECONDS = 4.0  # how often a reader looks whether its connection is still there


class Json:
    """orjson with the two functions that Socket.IO wants; ``separators`` are compact anyway."""

    @staticmethod
    def dumps(value: Any, separators: tuple[str, str] = (",", ":")) -> str:
        """The value as compact JSON text."""
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str) -> Any:
        """The value of a JSON text; raises ValueError."""
        return orjson.loads(text)


class TextPacket(packet.Packet):
    """A Socket.IO packet without binary attachments."""

    uses_binary_events = False

    def __init__(self, *args: Any, encoded_packet: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if encoded_packet is not None:
            self.decode(encoded_packet)

    def decode(self, encoded_packet: Any) -> int:
        """Read a client's packet; what cannot be read becomes the event ``unreadable``."""
        try:
            sensible = isinstance(encoded_packet, str) and not super().decode(encoded_packet) and self._sensible()
        except (ValueError, RecursionError):
            sensible = False
        if not sensible:
            self.packet_type, self.namespace, self.id = packet.EVENT, None, None
            self.data = ["unreadable", repr(encoded_packet)[:60]]
        return 0

    def _sensible(self) -> bool:
        if self.packet_type == packet.EVENT:
            named = isinstance(self.data, list) and bool(self.data) and isinstance(self.data[0], str)
            return named and self.data[0] not in RESERVED
        return self.packet_type in (packet.CONNECT, packet.DISCONNECT)


class BoundedWebSocket(SimpleWebSocketWSGI):
    """A WebSocket that neither a large message nor a flood of small ones can fill."""

    def __init__(self, handler: Callable[..., Any], server: Any) -> None:
        super().__init__(handler, server, max_message_size=server.max_http_buffer_size)

    def wait(self) -> str | None:
        """The next message; None when the connection is closed, floods us or does not speak Engine.IO."""
        data = self._receive()
        if len(self.ws.input_buffer) > WAITING_MESSAGES:
            cut(self.ws.sock)
            return None
        return data if isinstance(data, str) and data[:1] and data[0] in ENGINE_PACKETS else None

    def close(self) -> None:
        """Say good-bye and hang up; the other side may be gone already, or our reader be saying good-bye just now."""
        with suppress(OSError, ConnectionClosed, LocalProtocolError):
            super().close()
        cut(self.ws.sock)

    def _receive(self) -> str | bytes | None:
        """Wait for a message. The library may close without waking its reader, so look now and then."""
        try:
            while self.ws.connected:
                data: str | bytes | None = self.ws.receive(timeout=LOOK_SECONDS)
                if data is not None:
                    return data
        except ConnectionClosed:
            pass
        return None


def cut(connection: socket.socket) -> None:
    """End a connection at once, also for a thread that is blocked in writing to it."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def hang_up(environ: Mapping[str, Any]) -> None:
    """Cut the connection of a WebSocket request."""
    connection = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
    if connection is not None:
        cut(connection)


def install(socketio: Any, after_reply: Callable[[str], None]) -> None:
    """Fit the bounded WebSocket, and call ``after_reply`` with the socket id when a message's reply is queued."""
    server = socketio.server
    server.eio._async = {**server.eio._async, "websocket": BoundedWebSocket}
    inner = server._handle_event_internal

    def handle(server: Any, sid: str, eio_sid: str, *rest: Any) -> None:
        connection = server.eio.sockets.get(eio_sid)
        if connection is not None and connection.queue.qsize() > WAITING_REPLIES:
            hang_up(server.environ.get(eio_sid, {}))
            return
        inner(server, sid, eio_sid, *rest)
        after_reply(sid)

    server._handle_event_internal = handle


class Gate:
    """Lets only so many WebSocket requests in at a time: each holds a thread of the web server while it lasts."""

    def __init__(self, app: Callable[..., Any], most: int, path: str = "/socket.io") -> None:
        self._app = app
        self._path = path
        self._free = threading.BoundedSemaphore(most)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if not environ.get("PATH_INFO", "").startswith(self._path):
            return self._app(environ, start_response)
        if not self._free.acquire(blocking=False):
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "30")])
            return [b"This server serves as many windows as it can. Try again in a minute.\n"]
        try:
            return self._app(environ, start_response)
        finally:
            self._free.release()
