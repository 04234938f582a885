"""Applications on the fake model, with a client inside the process or a real server on a free port."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from socket import SHUT_RDWR, SO_RCVBUF, SOL_SOCKET, socket
from typing import Any

import orjson
import pytest
from websockets.sync.client import ClientConnection, connect
from werkzeug.serving import make_server

from tests.session.fake import FakeEngine
from webapp.lesson import new_lesson
from webapp.web import create_app
from webapp.web.app import QuietHandler, registry_of

# A client that takes everything in at once: one that paused could not be closed, for its reader would never end.
UNBOUNDED: dict[str, Any] = {"max_size": None, "max_queue": None, "close_timeout": 1}
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture
def make_app(monkeypatch, tmp_path):
    """Applications with their own limits; their threads end with the test."""
    monkeypatch.setattr("webapp.session.run.build", FakeEngine)
    made = []

    def make(**limits):
        app = create_app({"TESTING": True, "LIMITS": limits, "DATABASE": f"sqlite:///{tmp_path}/test.sqlite3"})
        made.append(app)
        return app

    yield make
    for app in made:
        registry_of(app).runner.stop()


@pytest.fixture
def app(make_app):
    return make_app()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """One lesson with every kind of step, as `pagewalk lesson new` writes it."""
    folder = tmp_path_factory.mktemp("lessons")
    new_lesson(folder, "page-one")
    return folder


@pytest.fixture
def taught(folder, tmp_path):
    """An application on the real model that teaches that lesson."""
    app = create_app({"TESTING": True, "LESSONS": folder, "DATABASE": f"sqlite:///{tmp_path}/learn.sqlite3"})
    yield app
    registry_of(app).runner.stop()


@pytest.fixture
def reader(taught, folder):
    """A student in that lesson."""
    from tests.web.reader import Reader

    return Reader(taught, folder)


@pytest.fixture
def client(app):
    """Plain HTTP."""
    return app.test_client()


class Desk:
    """A client inside the process, with verbs; replies are what the server answered."""

    def __init__(self, app, browser=None) -> None:
        """``browser``: a client of pages whose cookies are sent along."""
        self.inner = app.extensions["socketio"].test_client(app, flask_test_client=browser)
        self.received: list[dict] = []

    def say(self, event: str, *payload: Any) -> Any:
        return self.inner.emit(event, *payload, callback=True)

    def raw(self, packet: Any) -> None:
        """Send a packet as it stands."""
        self.inner.socketio.server._handle_eio_message(self.inner.eio_sid, packet)

    def of(self, event: str) -> list[Any]:
        self.received += self.inner.get_received()
        return [message["args"][0] for message in self.received if message["name"] == event]

    def troubles(self) -> list[str]:
        return [trouble["error"]["what"] for trouble in self.of("trouble")]

    def wait(self, event: str, count: int = 1) -> list[Any]:
        deadline = time.monotonic() + 30
        while len(found := self.of(event)) < count:
            assert time.monotonic() < deadline, f"{event!r} never came; received: {self.received}"
            time.sleep(0.002)
        return found


@pytest.fixture
def desk(app):
    return Desk(app)


@contextmanager
def serving(app) -> Iterator[str]:
    """A real server for ``app``; yields host:port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class Window:
    """A client over a real WebSocket that takes in messages in their order."""

    def __init__(self, address: str) -> None:
        self.stages: list[dict] = []
        self.inbox: list[Any] = []
        self._exit = ExitStack()
        url = f"ws://{address}/socket.io/?EIO=4&transport=websocket"
        self.socket = self._exit.enter_context(connect(url, **UNBOUNDED))
        self.socket.send("40")
        while not str(self.socket.recv(30)).startswith("40"):
            pass

    def say(self, event: str, **payload: Any) -> dict:
        """Send a message and wait for its reply."""
        self.send(event, payload, "7")
        while True:
            kind, content = self.hear()
            if kind == "3":
                reply: dict = content[0]
                return reply
            self.inbox.append(content)

    def send(self, event: str, payload: Any, id: str = "") -> None:
        self.socket.send(f"42{id}{orjson.dumps([event, payload]).decode()}")

    def hear(self) -> tuple[str, Any]:
        """The next event ("2") or reply ("3"); pings are answered."""
        while True:
            text = str(self.socket.recv(30))
            if text == "2":
                self.socket.send("3")
            elif text[:2] in ("42", "43"):
                return text[1], orjson.loads(text[text.index("[") :])

    def follow(self, run: str, upto: int | None = None) -> dict | None:
        """Take in and acknowledge batches until the end, or until so many stages are held."""
        while upto is None or len(self.stages) < upto:
            event, data = self.inbox.pop(0) if self.inbox else self.hear()[1]
            if event == "ended":
                end: dict = data
                return end
            if event == "stages":
                assert data["from"] == len(self.stages)
                self.stages += data["stages"]
                self.send("ack", {"run": run, "have": len(self.stages)})
        return None

    def break_off(self) -> None:
        """Lose the connection, as over a bad network."""
        self.socket.socket.shutdown(SHUT_RDWR)

    def close(self) -> None:
        self._exit.close()


@contextmanager
def raw_socket(address: str, **options: Any) -> Iterator[ClientConnection]:
    """A bare WebSocket that has said hello to Engine.IO and Socket.IO."""
    url = f"ws://{address}/socket.io/?EIO=4&transport=websocket"
    with connect(url, **UNBOUNDED, **options) as connection:
        assert str(connection.recv(30)).startswith("0{")
        connection.send("40")
        yield connection


@contextmanager
def plain_socket(address: str) -> Iterator[socket]:
    """A TCP connection that became a WebSocket and reads only what it is asked to; small buffers fill soon."""
    host, port = address.rsplit(":", 1)
    with socket() as client:
        client.settimeout(60)
        client.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
        client.connect((host, int(port)))
        client.sendall(UPGRADE.format(address).encode())
        heard = b""
        while b"0{" not in heard:
            heard += client.recv(256) or pytest.fail(f"no WebSocket came of it: {heard!r}")
        client.sendall(b"\x81\x82" + bytes(4) + b"40")
        yield client


def said(connection: ClientConnection, seconds: float = 30.0) -> list[Any]:
    """The next event or reply that comes over a bare socket."""
    deadline = time.monotonic() + seconds
    while True:
        text = str(connection.recv(max(0.01, deadline - time.monotonic())))
        if text.startswith(("42", "43")):
            return orjson.loads(text[text.index("[") :])
