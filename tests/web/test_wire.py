"""What we changed in Socket.IO's machinery."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import orjson
import pytest
from engineio.async_drivers import _websocket_wsgi
from socketio import packet
from socketio.base_manager import BaseManager
from wsproto.utilities import LocalProtocolError

from webapp.web.wire import BoundedWebSocket, Gate, Json, TextPacket


def test_packets_are_never_searched_for_bytes(app):
    server = app.extensions["socketio"].server

    assert server.packet_class is TextPacket
    assert TextPacket.uses_binary_events is False
    assert server.eio.transports == ["websocket"]
    assert server.async_handlers is False
    assert server.eio._async["websocket"] is BoundedWebSocket
    assert server.eio.cors_allowed_origins is None


def test_the_library_still_has_the_places_that_we_lean_on():
    assert "max_message_size" in inspect.signature(_websocket_wsgi.simple_websocket.Server).parameters
    assert "self.server_args" in inspect.getsource(_websocket_wsgi.SimpleWebSocketWSGI.__init__)
    assert "uses_binary_events" in inspect.getsource(packet.Packet.__init__)
    assert hasattr(BaseManager, "pre_disconnect")


def test_encoded_stages_are_put_into_a_packet_as_they_are():
    stages = orjson.Fragment(b'[{"n":0}]')
    sent = TextPacket(packet.EVENT, data=["stages", {"run": "r", "stages": stages}]).encode()

    assert sent == '2["stages",{"run":"r","stages":[{"n":0}]}]'


def test_json_that_is_not_json_is_a_value_error():
    with pytest.raises(ValueError, match="unexpected"):
        Json.loads("[")


def test_the_gate_lets_only_so_many_sockets_in_and_all_pages():
    answers: list[str] = []
    inside: list[str] = []

    def answer(status, headers):
        answers.append(status)

    def app(environ, start_response):
        inside.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/socket.io/" and len(inside) == 1:
            gate({"PATH_INFO": "/socket.io/"}, answer)
            gate({"PATH_INFO": "/play"}, answer)
        return []

    gate = Gate(app, 1)
    gate({"PATH_INFO": "/socket.io/"}, answer)
    gate({"PATH_INFO": "/socket.io/"}, answer)

    assert answers == ["503 Service Unavailable"]
    assert inside == ["/socket.io/", "/play", "/socket.io/"]


def test_closing_while_the_reader_closes_too_is_no_error():
    def close():
        raise LocalProtocolError("the other thread was faster")

    cut: list[int] = []
    socket = BoundedWebSocket.__new__(BoundedWebSocket)
    socket.ws = SimpleNamespace(connected=True, close=close, sock=SimpleNamespace(shutdown=cut.append))

    socket.close()

    assert len(cut) == 1
