"""What the page is made of: compressed, kept when its address names its content, bundled only while it is current."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from webapp import paths
from webapp.assets import Assets, find_assets, sources_digest


def first_load(client) -> list[str]:
    """The addresses that the page asks for by itself."""
    html = client.get("/play").text
    return re.findall(r'(?:src|href)="(/[^"#]+\.\w+)"', html)


def test_whatever_the_page_asks_for_is_there_and_text_comes_compressed(client):
    addresses = first_load(client)

    assert len(addresses) >= 4
    for address in addresses:
        reply = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert reply.status_code == 200
        assert (reply.headers.get("Content-Encoding") == "gzip") is not address.endswith(".woff2"), address


def test_a_browser_that_takes_no_gzip_gets_the_same_text(client):
    plain = client.get("/static/js/main.js")
    packed = client.get("/static/js/main.js", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_page_is_compressed_too(client):
    reply = client.get("/play", headers={"Accept-Encoding": "gzip"})

    assert b"</html>" in gzip.decompress(reply.data)
    assert int(reply.headers["Content-Length"]) == len(reply.data)


def test_a_source_is_asked_for_again_and_not_sent_again(client):
    first = client.get("/static/js/main.js")
    again = client.get("/static/js/main.js", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["../pyproject.toml", "..%2fpyproject.toml", "/etc/passwd", "js", "", "js/none.js"])
def test_nothing_outside_the_folder_is_served(client, path):
    assert client.get(f"/static/{path}", follow_redirects=True).status_code == 404


@pytest.fixture
def folder(tmp_path):
    """A static/ with one script, one style and the bundle made of them."""
    for name in ("js/main.js", "css/app.css"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("/* first */")
    (tmp_path / "dist").mkdir()
    scripts = {
        "js/main.js": "main-1.js",
        "js/plain.js": "plain-1.js",
        "js/author.js": "author-1.js",
        "js/compare.js": "compare-1.js",
    }
    files = scripts | {"css/app.css": "app-1.css", Assets().font: "inter-1.woff2"}
    manifest = {"sources": sources_digest(tmp_path), "files": files, "at_once": ["chunk-1.js"]}
    (tmp_path / "dist/manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_a_bundle_that_is_current_is_used(folder):
    scripts = ("dist/plain-1.js", "dist/compare-1.js", "dist/author-1.js")
    expected = Assets("dist/main-1.js", ("dist/chunk-1.js",), "dist/app-1.css", "dist/inter-1.woff2", *scripts)

    assert find_assets(folder) == expected


def test_sources_that_are_newer_than_the_bundle_are_served_themselves(folder):
    (folder / "js/main.js").write_text("/* second */")

    assert find_assets(folder) == Assets()


def test_without_a_bundle_the_sources_are_served(folder):
    (folder / "dist/manifest.json").unlink()

    assert find_assets(folder) == Assets()


def test_the_sources_are_all_there():
    for name in (Assets().script, Assets().plain, Assets().style, Assets().font):
        assert (paths.static_dir() / name).is_file()
