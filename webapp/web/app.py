"""The Flask application: configuration, headers, extensions, and how to serve it."""

from __future__ import annotations

import logging
import re
import secrets
import socket
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask_socketio import SocketIO
from werkzeug.serving import WSGIRequestHandler, make_server

from webapp import paths
from webapp.lesson.exercise import Coach
from webapp.lesson.library import Library
from webapp.lesson.tutor import Tutor
from webapp.lesson.workshop import Workshop
from webapp.session.limits import Limits
from webapp.session.registry import Registry
from webapp.session.store import Shares, connect
from webapp.session.students import Students
from webapp.web import author, documents, learn, me, pages, sockets, wire

log = logging.getLogger(__name__)

SPARE_REQUESTS = 16  # WebSocket requests beyond the cap that are let in to be told so
HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")
POLICY = (
    "default-src 'self'; style-src 'self'{styles}; connect-src 'self'{sockets}; img-src 'self' data:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {frames}"
)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application. ``config`` holds Flask settings, and ``LIMITS``: a `Limits`, or a dict that overrides some;
    ``DATABASE``: a URL, in place of PAGEWALK_DATABASE; ``LESSONS``: a folder of lessons, in place of ours;
    ``WORKSHOP``: a `Workshop`, whose lesson is served for its author.
    """
    app = Flask("webapp", static_folder=None, template_folder=str(paths.templates_dir()))
    app.config.from_mapping(config or {})
    limits = _limits(app.config.get("LIMITS"))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.after_request(_headers)
    app.after_request(documents.compress_page)
    app.context_processor(lambda: {"nonce": _nonce()})
    documents.serve_static(app, paths.static_dir())
    workshop: Workshop | None = app.config.get("WORKSHOP")
    database = cache(partial(connect, workshop.database if workshop else app.config.get("DATABASE")))
    shares = Shares(database, limits)
    lessons = workshop.shown if workshop else Path(app.config.get("LESSONS") or paths.lessons_dir())
    tutor = Tutor(Library(lessons, limits), Students(database, limits))
    app.extensions["pagewalk-tutor"] = tutor
    registry = _attach_sockets(app, limits, shares, tutor)
    pages.register(app, registry, shares, tutor)
    learn.register(app, registry, tutor, Coach(tutor, limits))
    me.register(app, tutor)
    if workshop:
        author.register(app, workshop, tutor)
    return app


def serve(host: str = "127.0.0.1", port: int = 8000, config: Mapping[str, Any] | None = None) -> None:
    """Serve until interrupted. Port 0 takes a free one; the first line printed says where."""
    app = create_app(config)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    shown = f"[{host}]" if ":" in host else host
    page = "/teach" if "WORKSHOP" in app.config else ""
    print(f"Pagewalk is serving on http://{shown}:{server.server_port}{page}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        registry_of(app).runner.stop()
        server.server_close()


def registry_of(app: Flask) -> Registry:
    """The runs and clients of an application."""
    registry: Registry = app.extensions["pagewalk"]
    return registry


def _limits(given: Limits | Mapping[str, Any] | None) -> Limits:
    return given if isinstance(given, Limits) else Limits.from_environ(**(given or {}))


def _attach_sockets(app: Flask, limits: Limits, shares: Shares, tutor: Tutor) -> Registry:
    """Socket.IO over WebSocket only, in threads, with our packets; same origin only, as is its default."""
    options: dict[str, Any] = {
        "async_mode": "threading",
        "transports": ["websocket"],
        "serializer": wire.TextPacket,
        "json": wire.Json,
        "async_handlers": False,  # a client's messages are handled in their order, in the client's own thread
        "manage_session": False,
        "max_http_buffer_size": limits.message_bytes,
    }
    socketio = SocketIO(app, **options)

    def send(sid: str, event: str, payload: dict[str, Any]) -> None:
        socketio.emit(event, payload, to=sid)

    registry = Registry(limits, send)
    sockets.register(socketio, registry, shares, tutor)
    wire.install(socketio, registry.released)
    app.wsgi_app = wire.Gate(app.wsgi_app, limits.sockets + SPARE_REQUESTS)  # type: ignore[method-assign]
    app.extensions["pagewalk"] = registry
    return registry


def _nonce() -> str:
    """What lets the editor add its own stylesheet to this page, which bears it, and to no other."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _headers(response: Response) -> Response:
    """What every response carries: nothing from elsewhere, nothing inline, nothing guessed."""
    own = f" ws://{request.host} wss://{request.host}" if HOST.fullmatch(request.host) else ""
    styles = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    response.headers["Content-Security-Policy"] = POLICY.format(
        styles=styles, sockets=own, frames=g.get("framed", "'none'")
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


class QuietHandler(WSGIRequestHandler):
    """Werkzeug's handler without its lines for each request, and without delay for small packets."""

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
