"""Text on its way to a browser: compressed once, named by its hash, kept for as long as its address allows.

    respond(document, "application/json")      conditional, compressed when the browser takes that
    serve_static(app, root)                    /static/..., and ``assets`` for templates

A bundled file is named by its content, so it is kept for a year; any other is asked
for again each time, and not sent again while its hash is the same.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, make_response, request, send_file
from werkzeug.security import safe_join

from webapp.assets import find_assets
from webapp.session.catalogue import Document, pack

ASK_AGAIN = "no-cache"
KEEP = "public, max-age=31536000, immutable"
TEXT = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}
PAGE_LEVEL = 6  # pages are compressed for each request
WORTH_IT = 1024  # bytes; below, compressing gains nothing
FILES_HELD = 1024  # of static/, which has some two hundred

mimetypes.add_type("font/woff2", ".woff2")


def respond(content: Document, mimetype: str, cache: str = ASK_AGAIN) -> Response:
    """A document that browsers keep, and ask by its hash whether it is still the same."""
    packed = bool(request.accept_encodings["gzip"])
    response = make_response(content.packed if packed else content.body)
    response.mimetype = mimetype
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    # The representations differ in bytes but not in what they say, hence a weak tag.
    response.set_etag(content.etag, weak=True)
    response.headers["Cache-Control"] = cache
    response.make_conditional(request)
    return response


def compress_page(response: Response) -> Response:
    """A page is made for each request, so it is compressed as it goes out."""
    wanted = response.mimetype == "text/html" and request.accept_encodings["gzip"]
    if not wanted or response.direct_passthrough or len(response.get_data()) < WORTH_IT:
        return response
    response.set_data(gzip.compress(response.get_data(), PAGE_LEVEL, mtime=0))
    response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def serve_static(app: Flask, root: Path) -> None:
    """Serve what lies below ``root``, and tell templates which files they need."""
    assets = find_assets(root)

    @app.get("/static/<path:filename>", endpoint="static")
    def static(filename: str) -> Response:
        path = safe_join(str(root), filename)
        file = Path(path) if path else None
        if file is None or not file.is_file():
            abort(404, f"There is no file “{filename}”.")
        cache = KEEP if filename.startswith("dist/") else ASK_AGAIN
        if file.suffix in TEXT:
            return respond(packed_file(file, file.stat().st_mtime_ns), TEXT[file.suffix], cache)
        response = send_file(file, conditional=True, etag=True)
        response.headers["Cache-Control"] = cache
        return response

    @app.context_processor
    def names() -> dict[str, object]:
        return {"assets": assets}


@lru_cache(FILES_HELD)
def packed_file(file: Path, changed: int) -> Document:
    """The file as it was when it was last changed."""
    return pack(file.read_bytes())
