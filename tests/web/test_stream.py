"""Over a real WebSocket: nothing is lost, nothing grows without bound, strangers are kept out."""

from __future__ import annotations

import re
import socket
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.session.conftest import until
from tests.web.conftest import Window, plain_socket, raw_socket, said, serving
from webapp.web.app import registry_of

GONE = (ConnectionClosed, OSError)


@pytest.fixture
def address(app):
    with serving(app) as address:
        yield address


def test_a_window_gets_every_stage(address):
    window = Window(address)
    hello = window.say("open", program="5000")

    end = window.follow(hello["run"])

    assert end is not None
    assert end["stages"] == 5000
    assert [stage["n"] for stage in window.stages] == list(range(5000))
    window.close()


def test_a_window_that_loses_its_connection_resumes_without_losing_a_stage(address, app):
    window = Window(address)
    run = window.say("open", program="20000")["run"]
    held: list[dict] = []
    for upto in (700, 5_000, 12_000):
        window.stages = held
        window.follow(run, upto)
        window.break_off()
        window = Window(address)
        assert window.say("resume", run=run, have=len(held))["ok"]
    window.stages = held

    window.follow(run)

    assert [stage["n"] for stage in held] == list(range(20_000))
    window.close()
    until(lambda: registry_of(app).stats()["sockets"] == 0)


def test_connecting_twice_changes_nothing(address, app):
    with raw_socket(address) as ws:
        ws.send("40")
        ws.send('421["open",{"program":"5"}]')

        assert said(ws)[0]["ok"]
        assert registry_of(app).stats()["sockets"] == 1


def test_a_reader_that_never_acknowledges_costs_no_more_than_its_credit(address, app):
    with raw_socket(address) as ws:
        ws.send('420["open",{"program":"100000"}]')
        replies = [said(ws) for _ in range(5)]
        until(lambda: registry_of(app).runner.idle)

        assert replies[0][0]["ok"]
        assert [reply[0] for reply in replies[1:]] == ["stages"] * 4
        assert registry_of(app).shelf.loaded[0].produced < 4 * 256 + 256
        with pytest.raises(TimeoutError):
            ws.recv(0.05)


def test_a_client_that_does_not_read_but_asks_on_is_cut_off(make_app):
    app = make_app(message_burst=1_000_000, messages_per_second=1e6, batch_bytes=1024)
    with serving(app) as address, plain_socket(address) as client:
        client.sendall(_frame('420["open",{"program":"100000"}]'))
        run = _run_of(client)
        message = f'42["resume",{{"run":"{run}","have":0}}]'
        with pytest.raises(ConnectionError):  # from here on nothing is read
            _pour(client, _frame(message))

    until(lambda: registry_of(app).stats()["sockets"] == 0)


def test_a_message_that_is_too_large_ends_the_connection_while_it_is_received(make_app):
    app = make_app(message_bytes=2048)
    with serving(app) as address:
        fragments = iter(["x" * 1024] * 64)  # of one message
        with raw_socket(address) as ws, pytest.raises(GONE):
            _read_on(ws, fragments)
        with raw_socket(address) as ws:
            ws.send('420["open",{"program":"5"}]')
            assert said(ws)[0]["ok"]
    until(lambda: registry_of(app).stats()["sockets"] == 0)


@pytest.mark.parametrize("nonsense", ["", "hello", b"\x00\x01", "b!!!", "9"])
def test_a_socket_that_does_not_speak_engine_io_is_closed(address, app, nonsense):
    with raw_socket(address) as ws, pytest.raises(GONE):
        _read_on(ws, nonsense)
    until(lambda: registry_of(app).stats()["sockets"] == 0)


def test_a_flood_is_cut_off(make_app):
    app = make_app(message_burst=10, messages_per_second=1.0)
    with serving(app) as address, raw_socket(address) as ws, pytest.raises(GONE):
        _pour(ws.socket, _frame('42["ack",{"run":"r","have":0}]'))
    until(lambda: registry_of(app).stats()["sockets"] == 0)


def test_a_client_that_answers_no_ping_is_cut_off(app):
    engine = app.extensions["socketio"].server.eio
    engine.ping_interval, engine.ping_timeout = 0.05, 0.1
    with serving(app) as address, raw_socket(address) as ws, pytest.raises(GONE):
        _read_on(ws, "40")
    until(lambda: registry_of(app).stats()["sockets"] == 0)


def test_a_window_too_many_is_told_that_the_server_is_full(make_app):
    with serving(make_app(sockets=1)) as address, raw_socket(address) as first, raw_socket(address) as second:
        first.send('421["open",{"program":"5"}]')

        assert said(first)[0]["ok"]
        assert str(second.recv(10)).startswith('44{"message":"This server is full: 1 windows are connected')


def test_another_origin_is_refused(address):
    with pytest.raises(InvalidStatus) as caught, raw_socket(address, origin="http://evil.example"):
        pass

    assert caught.value.response.status_code == 400


def test_the_own_origin_is_let_in(address):
    with raw_socket(address, origin=f"http://{address}"):
        pass


def test_polling_is_not_offered(app, address):
    reply = app.test_client().get("/socket.io/?EIO=4&transport=polling")

    assert reply.status_code == 400


def test_pages_are_served_while_a_run_without_an_end_computes(make_app):
    app = make_app()
    with serving(app) as address:
        window = Window(address)
        window.say("open", program="10 endless")
        started = time.monotonic()
        for _ in range(20):
            assert app.test_client().get("/healthz").json["ok"]

        assert time.monotonic() - started < 10
        assert not registry_of(app).runner.idle
        window.close()
    until(lambda: registry_of(app).runner.idle)


def _read_on(ws, message) -> None:
    """Send a message, then read until the connection ends."""
    ws.send(message)
    while True:
        ws.recv(10)


def _pour(client: socket.socket, frame: bytes) -> None:
    """Send the same frame again and again until the connection ends."""
    for _ in range(500_000):
        client.sendall(frame)


def _run_of(client: socket.socket) -> str:
    """Read just until the reply that names the run."""
    heard = b""
    while (found := re.search(rb'"run":"([^"]+)"', heard)) is None:
        heard += client.recv(256) or pytest.fail(f"the server hung up after {heard!r}")
    return found[1].decode()


def _frame(text: str) -> bytes:
    """A masked text frame."""
    data = text.encode()
    assert len(data) < 126
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data
